import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Motion, motionReader } from '../../ingest/importers/imu.ts';
import { readSensorSources } from '../../ingest/sensor-sources.ts';
import { RECIPE } from '../../shared/model/recipe.ts';

const HEADER = 't_s,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps';

/** So many decimal digits at most. */
function digits(most: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: most });
}

function read(pieces: readonly string[]): Motion {
  const reader = motionReader('imu.csv');
  for (const piece of pieces) reader.push(piece);
  return reader.end();
}

describe('a motion file in pieces', () => {
  const text = `\ufeff${HEADER}\r\n1,1,2,3,4,5,6\n\n2,1,2,3,,,\r3,x,2,3,4,5,6\r\n2,1,2,3,4,5,6\n"4", 1 ,2,3,4,5,6`;

  test('says the same wherever it is cut', () => {
    const whole = read([text]);
    expect(Array.from(whole.imu!.tS)).toEqual([1, 2, 4]);
    expect(whole.refused.map(({ line, refusal }) => [line, refusal.code])).toEqual([[5, 'row_malformed'], [6, 'row_doubled_time']]);
    fc.assert(fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      expect(read(at.slice(1).map((to, n) => text.slice(at[n], to)))).toEqual(whole);
    }));
  });

  test('of plain numbers says bit for bit what the same numbers in quotes say, which are read another way', () => {
    const cell = fc.oneof(
      fc.tuple(fc.constantFrom('', '-', '-', '+', ' '), digits(18), fc.constantFrom('', '.'), digits(24)).map((parts) => parts.join('')),
      fc.double({ min: -1e4, max: 1e4 }).map(String), fc.constantFrom('', '1e3', '0x1f', '-0', '-0.0', 'NaN', '.5', '5.', '-', '9007199254740993', '0.1', '1 2'),
    );
    const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 8 }), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(rows, fc.constantFrom('\n', '\r\n', '\r'), (cells, lineEnd) => {
      const text = (of: (letters: string) => string): string => [HEADER, ...cells.map((row, n) => [String(n), ...row.map(of)].join(','))].join(lineEnd);
      const [plain, quoted] = [read([text((letters) => letters)]), read([text((letters) => `"${letters}"`)])];
      expect(plain).toEqual(quoted);
      for (const column of ['forceX', 'forceZ', 'gyroY'] as const) expect(Array.from(plain.imu?.[column] ?? []).every((value, n) => Object.is(value, quoted.imu![column][n]))).toBe(true);
    }), { numRuns: 500 });
  });

  test('without line ends is one refused line, and the next line is read', () => {
    const long = 'z'.repeat(50_000);
    const { imu, refused } = read([`${HEADER}\n`, long, long, long, 'z\n5,1,2,3,4,5,6\n']);
    expect(refused.map(({ line }) => line)).toEqual([2]);
    expect(Array.from(imu!.tS)).toEqual([5]);
  });

  test('of more rows than fit keeps every second, and again: all of the time, evenly', () => {
    const reader = motionReader('imu.csv');
    const rows = 2_500_000;
    reader.push(`${HEADER}\n`);
    for (let from = 0; from < rows; from += 5000) reader.push(Array.from({ length: 5000 }, (_, n) => `${from + n},0,0,9.8,0,0,0\n`).join(''));
    const { imu, refusedCount } = reader.end();
    expect(refusedCount).toBe(0);
    expect(imu!.tS.length).toBe(rows / 4);
    expect(imu!.tS.every((tS, n) => tS === 4 * n)).toBe(true);
  });
});

describe('from a file on this machine', () => {
  let folder: string;
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'wayproof-motion-')); });
  afterAll(() => rm(folder, { recursive: true }));

  test('plain or gzip is the same, and a gzip that is cut off is said so', async () => {
    const text = `${HEADER}\n${Array.from({ length: 20_000 }, (_, n) => `${n},1,2,3,4,5,6`).join('\n')}\n`;
    const zipped = gzipSync(text);
    const plain = await readSensorSources([await source(folder, 'imu.csv', text)], RECIPE.ingest);
    const inflated = await readSensorSources([await source(folder, 'imu.csv.gz', zipped)], RECIPE.ingest);
    expect(plain.imu!.tS).toHaveLength(20_000);
    expect(inflated.imu).toEqual(plain.imu);
    const cut = await readSensorSources([await source(folder, 'imu.csv.gz', zipped.subarray(0, 500))], RECIPE.ingest);
    expect(cut).toMatchObject({ imu: null, refusedCount: 1, refused: [{ file: 'imu.csv.gz', refusal: { code: 'file_unreadable' } }] });
  });
});

async function source(folder: string, name: string, bytes: Uint8Array | string): Promise<{ path: string; file: string; size: number }> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return { path: name, file, size: bytes.length };
}
