import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

async function bench(...words: readonly string[]): Promise<{ status: number; out: string; said: string }> {
  return await new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'tests/bench/run.ts', ...words], { cwd: join(import.meta.dirname, '../..') }, (error, out, said) =>
      resolve({ status: error === null ? 0 : Number(error.code), out, said }),
    );
  });
}

test('an unknown bench, or none, is a wrong call that lists them', async () => {
  for (const words of [['speed'], [], ['tiles', 'judge']]) {
    const { status, said } = await bench(...words);
    expect(status).toBe(2);
    for (const name of ['tiles', 'ingest', 'judge', 'ledger']) expect(said).toContain(`\n  ${name} `);
  }
});

test('--json ends with one line for machines, after the table for people', async () => {
  const { status, out } = await bench('tiles', '--json');
  expect(status).toBe(0);
  const lines = out.trimEnd().split('\n');
  const { figures, ...rest } = JSON.parse(lines.at(-1)!) as { bench: string; figures: Record<string, number>; ratio: number };
  expect(rest).toEqual({ bench: 'tiles', ratio: expect.closeTo(0.5, 0) });
  expect(rest.ratio).toBeGreaterThan(0);
  for (const [name, value] of Object.entries(figures)) {
    expect(value).toBeGreaterThan(0);
    expect(out).toContain(name);
  }
});
