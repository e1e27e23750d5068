import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ARCHIVE_LIMITS, type ArchiveLimits } from '../../ingest/importers/archive.ts';
import { filesUnder, type LocalFile } from '../../ingest/local-files.ts';
import { archiveFormat, openArchive } from '../../ingest/open-archive.ts';
import { type Member, paxRecord, tarOf, zipOf } from './archive-writer.ts';

const run = promisify(execFile);
const TREE: Readonly<Record<string, string>> = {
  'drive.json': '{}', 'gnss.csv': `t_s,lat_deg,lon_deg\n${'1700000000,48.1,11.5\n'.repeat(4000)}`, '.hidden': 'not sent', 'empty.txt': '',
  [`frames/${'a long name '.repeat(16)}é.jpg`]: 'one', [`frames/${'deep/'.repeat(36)}2.jpg`]: 'two', 'frames/ein Bild.jpg': 'x'.repeat(70_000),
};
const MEMBERS: readonly Member[] = Object.entries(TREE).map(([path, content], n) => ({ path, content, packed: n % 2 === 0 ? 'stored' : 'deflated' }));
const SMALL: readonly Member[] = [{ path: 'drive.json', content: '{}' }, { path: 'gnss.csv', content: 't_s,lat_deg,lon_deg\n'.repeat(50), packed: 'deflated' }];
const LIMITS: ArchiveLimits = { ...ARCHIVE_LIMITS, entries: 50, freeBytes: 1e6 };

let home: string;
let temporary: string;
let folder: string;
const before = process.env['TMPDIR'];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'wayproof-archives-'));
  [temporary, folder] = [join(home, 'tmp'), join(home, 'monday')];
  await mkdir(temporary);
  for (const [path, content] of Object.entries(TREE)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  process.env['TMPDIR'] = temporary;
});
afterAll(async () => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  await rm(home, { recursive: true, force: true });
});
// Whatever came of an archive, nothing of it stays.
afterEach(async () => expect(await readdir(temporary)).toEqual([]));

async function put(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(home, name), bytes);
  return join(home, name);
}

/** What the archive holds as path and text, or why it is refused. */
async function contents(file: string, limits: ArchiveLimits = LIMITS): Promise<{ readonly name: string; readonly files: Readonly<Record<string, string>> } | string> {
  const format = await archiveFormat(file);
  if (format === null) return 'no archive';
  const archive = await openArchive(file, format, limits);
  if ('code' in archive) {
    expect(archive.code).toBe('archive_unusable');
    return String(archive.detail['why']);
  }
  const files = await textsOf(archive.files);
  await archive.close();
  return { name: archive.name, files };
}

async function textsOf(files: readonly LocalFile[]): Promise<Readonly<Record<string, string>>> {
  const texts = await Promise.all(files.map(async ({ path, file, size }) => {
    const bytes = await readFile(file);
    expect(size).toBe(bytes.length);
    return [path, bytes.toString('utf8')] as const;
  }));
  return Object.fromEntries(texts);
}

const bytes = async (name: string, archive: Uint8Array): Promise<Awaited<ReturnType<typeof contents>>> => await contents(await put(name, archive));

describe('a packed drive folder is the folder', () => {
  test.each([['gnu', []], ['pax', []], ['gnu', ['-z']], ['pax', ['-z']]] as const)('packed by tar --format=%s %s', async (format, flags) => {
    const file = join(home, `any-${format}${flags.length}.tar`);
    await run('tar', ['-c', ...flags, `--format=${format}`, '-f', file, '-C', home, 'monday']);
    expect(await contents(file, ARCHIVE_LIMITS)).toEqual({ name: 'monday', files: await textsOf(await filesUnder(folder)) });
    await run('tar', ['-c', ...flags, `--format=${format}`, '-f', join(home, 'monday.tar'), '-C', folder, '.']);
    expect(await contents(join(home, 'monday.tar'), ARCHIVE_LIMITS)).toEqual({ name: 'monday', files: await textsOf(await filesUnder(folder)) });
  });

  test.each([false, true])('packed as a zip, zip64 %s, with or without the folder around it', async (wide) => {
    const files = await textsOf(await filesUnder(folder));
    expect(await contents(await put('monday.zip', zipOf(MEMBERS, { wide })))).toEqual({ name: 'monday', files });
    const wrapped = [{ path: 'monday/', mode: 0o040755 }, ...MEMBERS.map((member) => ({ ...member, path: `monday/${member.path}` })), { path: '__MACOSX/monday/._drive.json', content: 'left out' }];
    expect(await contents(await put('any.zip', zipOf(wrapped, { wide })))).toEqual({ name: 'monday', files });
  });

  test('a folder of pictures alone keeps its `frames`; backslashes are folders; an empty archive is an empty folder', async () => {
    expect(await bytes('photos.zip', zipOf([{ path: 'frames\\1.jpg', content: 'one' }, { path: './frames/2.jpg', content: 'two' }]))).toEqual({ name: 'photos', files: { 'frames/1.jpg': 'one', 'frames/2.jpg': 'two' } });
    expect(await bytes('none.zip', zipOf([]))).toEqual({ name: 'none', files: {} });
  });

  test('what is no archive is none', async () => {
    for (const text of ['', 'P', 'PK', 'hello', 't_s,lat_deg\n'.repeat(100)]) expect(await bytes('x.zip', Buffer.from(text))).toBe('no archive');
  });
});

describe('what is hostile or damaged is refused whole', () => {
  const paths: readonly (readonly [string, RegExp])[] = [
    ['../../out.txt', /leads out of the folder/], ['frames/../../out', /leads out/], ['/etc/passwd', /absolute/], ['C:/x', /absolute/], ['a\u0001b', /control character/], ['x/'.repeat(300) + 'y', /1 to 512 characters/],
  ];
  test.each(paths)('the path %j', async (path, why) => {
    expect(await bytes('path.zip', zipOf([...SMALL, { path }]))).toMatch(why);
    const named = path.length > 90 ? [{ path: 'pax', type: 'x', content: paxRecord('path', path) }, { path: 'short' }] : [{ path }];
    expect(await bytes('path.tar', tarOf([...SMALL, ...named]))).toMatch(why);
  });

  test('paths by pax and by GNU are held to the same', async () => {
    expect(await bytes('pax.tar', tarOf([{ path: 'x', type: 'x', content: paxRecord('path', '../out') }, { path: 'in', content: 'y' }]))).toMatch(/leads out/);
    expect(await bytes('gnu.tar', tarOf([{ path: '././@LongLink', type: 'L', content: '/out\u0000' }, { path: 'in', content: 'y' }]))).toMatch(/absolute/);
    expect(await bytes('sparse.tar', tarOf([{ path: 'x', type: 'x', content: paxRecord('GNU.sparse.major', '1') }, { path: 'in' }]))).toMatch(/sparse/);
  });

  test.each(['1', '2', '3', '4', '6', 'S'])('a link, a device, a pipe: tar type %s', async (type) => {
    expect(await bytes('link.tar', tarOf([...SMALL, { path: 'frames/1.jpg', type }]))).toMatch(/"frames\/1\.jpg" is a link or no plain file/);
  });

  test('a link, an encrypted member and unknown packing in a zip', async () => {
    expect(await bytes('link.zip', zipOf([{ path: 'a', content: '/etc/passwd', mode: 0o120777 }]))).toMatch(/is a link/);
    expect(await bytes('secret.zip', zipOf([{ path: 'a', flags: 1 }]))).toMatch(/encrypted/);
    expect(await bytes('lzma.zip', zipOf([{ path: 'a', method: 14 }]))).toMatch(/method 14/);
  });

  test('one name twice, however it is written, and a file that is a folder too', async () => {
    for (const twice of [['a', 'a'], ['a', './a'], ['x/\u00e9', 'x/e\u0301'], ['a', 'x//../a'.replace('x//../', '')]]) {
      const members = twice.map((path) => ({ path, content: path }));
      expect(await bytes('twice.zip', zipOf(members))).toMatch(/is in it twice/);
      expect(await bytes('twice.tar', tarOf(members))).toMatch(/is in it twice/);
    }
    expect(await bytes('both.zip', zipOf([{ path: 'a' }, { path: 'a/b' }]))).toMatch(/lies in a file/);
  });

  test('wrong sums and sizes', async () => {
    for (const wrong of [{ crc32: 7 }, { bytes: 3 }, { bytes: 3000 }]) expect(await bytes('sum.zip', zipOf([{ path: 'a', content: 'hello', packed: 'deflated', ...wrong }])), JSON.stringify(wrong)).toMatch(/damaged/);
    expect(await bytes('size.tar', tarOf([{ path: 'a', content: 'hello', bytes: 8 ** 10 }]))).toMatch(/cut off/);
  });

  test('bombs: at their limit, before they are on the disk', async () => {
    const zeros = Buffer.alloc(60_000_000);
    const most: ArchiveLimits = { ...LIMITS, bytes: 5e6 };
    const bomb = zipOf([{ path: 'imu.csv', content: zeros, packed: 'deflated' }]);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await bytes('bomb.zip', bomb)).toMatch(/more than 100 times its \d+ bytes/);
    expect(await contents(await put('bomb.zip', bomb), { ...most, ratio: 1e6 })).toMatch(/more than 5000000 bytes/);
    expect(await bytes('bomb.tgz', gzipSync(tarOf([{ path: 'imu.csv', content: zeros }])))).toMatch(/more than 100 times/);
    // Many members over the same packed bytes: each is within bounds, all together are not.
    expect(await bytes('overlap.zip', zipOf(Array.from({ length: 40 }, (_, n) => ({ path: `${n}`, content: zeros.subarray(0, 500_000), packed: 'deflated' as const })), { overlap: true }))).toMatch(/more than 100 times/);
    const many = Array.from({ length: 51 }, (_, n) => ({ path: `frames/${n}.jpg` }));
    for (const archive of [zipOf(many), tarOf(many), gzipSync(tarOf(many.map((one) => ({ ...one, type: 'g' }))))]) expect(await bytes('many', archive)).toMatch(/more than 50 entries/);
  });

  test('cut off anywhere', async () => {
    const [zip, tar] = [zipOf(SMALL), tarOf(SMALL)];
    await fc.assert(fc.asyncProperty(fc.constantFrom(zip, tar, gzipSync(tar)), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (archive, share) => {
      expect(await bytes('cut', archive.subarray(0, Math.floor(archive.length * share)))).toMatch(/no archive|cut off|damaged/);
    }), { numRuns: 150 });
  });

  test('with bytes changed anywhere: a refusal or the files, never an exception', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(zipOf(MEMBERS), zipOf(MEMBERS, { wide: true }), tarOf(SMALL)), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (archive, changes) => {
      const changed = Buffer.from(archive);
      for (const [at, byte] of changes) changed[at % changed.length] = byte;
      const found = await bytes('changed', changed);
      if (typeof found !== 'string') expect(Object.keys(found.files).length).toBeLessThanOrEqual(MEMBERS.length);
    }), { numRuns: 300 });
  }, 120_000);
});
