import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dataPath, testOnData } from './data.ts';
import { claiming, jpeg } from './pictures.ts';
import type { PictureReport } from './read-pictures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wayproof-hostile-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

/** In a process of its own with a small heap, which must live to the end. */
async function readInChild(paths: readonly string[]): Promise<readonly PictureReport[]> {
  const child = spawn(process.execPath, ['--max-old-space-size=256', '--import', 'tsx', new URL('./read-pictures.ts', import.meta.url).pathname], { stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (text: Buffer) => {
    printed += text.toString();
  });
  child.stdin.end(paths.join('\n'));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(0);
  const reports = printed.trim().split('\n').map((line) => JSON.parse(line) as PictureReport);
  expect(reports.map(({ path }) => path)).toEqual(paths);
  return reports;
}

async function filesIn(...parts: readonly string[]): Promise<readonly string[]> {
  const names = (await readdir(dataPath(...parts))).filter((name) => name !== 'SOURCES').toSorted();
  return names.map((name) => dataPath(...parts, name));
}

async function put(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

function outcomes(reports: readonly PictureReport[]): Record<string, string> {
  return Object.fromEntries(reports.map(({ path, outcome }) => [basename(path), outcome]));
}

describe('hostile files end as values, in bounded time and memory', () => {
  testOnData('broken images', async () => {
    const reports = await readInChild(await filesIn('hostile', 'broken-images'));
    for (const { path, ms, peakMb } of reports) {
      expect(ms, path).toBeLessThan(10_000);
      expect(peakMb, path).toBeLessThan(1000);
    }
    expect(outcomes(reports)).toMatchObject({
      'giant-image.jpg': 'picture_too_large', 'truncated.jpg': 'picture_damaged', 'truncated.png': 'not_a_picture', '65536-uint32-limit.png': 'not_a_picture',
      'Crash_test.gif': 'not_a_picture', 'big-height.webp': 'not_a_picture', 'vfile.v': 'not_a_picture', 'not_kitty.png': 'not_a_picture', 'not_kitty.jpg': 'picture_too_small',
    });
    // Nothing but a JPEG ever reaches a decoder.
    for (const { path, outcome } of reports) if (!path.endsWith('.jpg')) expect(outcome, path).toBe('not_a_picture');
  }, 120_000);

  testOnData('other formats, by their bytes and not their names', async () => {
    const reports = await readInChild(await filesIn('hostile', 'formats'));
    for (const { path, outcome, ms } of reports) {
      expect(outcome, path).toBe('not_a_picture');
      expect(ms, path).toBeLessThan(10_000);
    }
  }, 120_000);

  testOnData('pictures with corrupt or contradictory Exif', async () => {
    const reports = await readInChild(await filesIn('hostile', 'gps-exif'));
    expect(reports.length).toBeGreaterThan(40);
    for (const { path, outcome, ms, peakMb } of reports) {
      expect(['derived', 'picture_damaged', 'picture_too_small', 'not_a_picture'], path).toContain(outcome);
      expect(ms, path).toBeLessThan(10_000);
      expect(peakMb, path).toBeLessThan(1000);
    }
  }, 120_000);

  test('bombs, cut files, junk and nothing', async () => {
    // 65,535 is more than the decoder itself takes; 10,000 is a picture whose lower part is empty.
    const picture = await jpeg(1);
    const paths = await Promise.all([
      put('bomb-20000x14000.jpg', claiming(picture, 20_000, 14_000)),
      put('bomb-65535x65535.jpg', claiming(picture, 65_535, 65_535)),
      put('claims-10000x10000.jpg', claiming(picture, 10_000, 10_000)),
      put('no-height.jpg', claiming(picture, 320, 0)),
      put('cut-in-half.jpg', picture.subarray(0, picture.length / 2)),
      put('head-only.jpg', Buffer.from([0xff, 0xd8, 0xff])),
      put('empty.jpg', Buffer.alloc(0)),
      put('text.jpg', Buffer.from('I am no picture')),
      put('zeros.jpg', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(5_000_000)])),
      put('tiny.jpg', await jpeg(2, { width: 16, height: 16 })),
      put('good.jpg', picture),
    ]);
    const reports = await readInChild(paths);
    expect(outcomes(reports)).toEqual({
      'bomb-20000x14000.jpg': 'picture_too_large', 'bomb-65535x65535.jpg': 'picture_damaged', 'claims-10000x10000.jpg': 'derived', 'no-height.jpg': 'picture_damaged',
      'cut-in-half.jpg': 'picture_damaged', 'head-only.jpg': 'picture_damaged', 'empty.jpg': 'not_a_picture', 'text.jpg': 'not_a_picture', 'zeros.jpg': 'picture_damaged',
      'tiny.jpg': 'picture_too_small', 'good.jpg': 'derived',
    });
    for (const { path, ms, peakMb } of reports) {
      expect(ms, path).toBeLessThan(path.includes('bomb') ? 3000 : 10_000);
      expect(peakMb, path).toBeLessThan(1000);
    }
  }, 120_000);

  test('a picture with any single byte changed is derived or refused', async () => {
    const picture = await jpeg(3, { width: 96, height: 96 });
    const changed = await Promise.all(Array.from({ length: 150 }, (_, n) => {
      const bytes = Buffer.from(picture);
      const at = 2 + ((n * 7919) % (bytes.length - 2));
      bytes[at] = (bytes[at]! + 1 + ((n * 31) % 255)) % 256;
      return put(`changed-${n}.jpg`, bytes);
    }));
    const allowed = new Set(['derived', 'picture_damaged', 'picture_too_large', 'picture_too_small', 'not_a_picture']);
    for (const { path, outcome, ms } of await readInChild(changed)) {
      expect(allowed.has(outcome), `${path} ${outcome}`).toBe(true);
      expect(ms, path).toBeLessThan(10_000);
    }
  }, 120_000);
});
