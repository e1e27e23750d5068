import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentSha256 } from '../../ingest/digest.ts';
import { inFolderOrder, isPicturePath, type ManifestFile, manifestProblems, manifestSha256 } from '../../ingest/manifest.ts';
import { eachAtMost, eachWithin } from '../../ingest/pace.ts';
import { inputSha256 } from '../../ingest/read-drive.ts';
import { sha256 } from './pictures.ts';

const LIMITS = { files: 5, fileBytes: 1000 };

function file(path: string, size = 1): ManifestFile {
  return { path, size, sha256: sha256(path) };
}

describe('a manifest', () => {
  test.each(['a.jpg', 'frames/0001.jpg', 'größe/日本 1.jpg', '.hidden', '...', 'a..b', '~', 'C:', 'x'.repeat(512)])('may name %s', (path) => {
    expect(manifestProblems([file(path)], LIMITS)).toEqual([]);
  });

  test.each(['', '/', '/a', 'a/', 'a//b', '.', '..', 'a/./b', '../a', 'a/../../b', 'a\\b', 'a\0', 'a\nb', '\u007f', 'x'.repeat(513), 'gro\u0308ße.jpg', '\ud83d.jpg', '\ude00'])('may not name %j', (path) => {
    expect(manifestProblems([file(path)], LIMITS)).toHaveLength(1);
  });

  test('says everything that is wrong at once', () => {
    const problems = manifestProblems([file('a'), file('a'), file('../b'), file('big', 1001)], LIMITS);
    expect(problems).toEqual(['"a" is named twice', '"../b" must be a path inside the folder, without . or ..', '"big" has 1001 bytes; this server takes files of 1000']);
    expect(manifestProblems([], LIMITS)).toEqual(['it names no file']);
    expect(manifestProblems(Array.from({ length: 6 }, (_, n) => file(`${n}`)), LIMITS)[0]).toBe('it names 6 files; this server takes 5 in one drive');
  });

  test('law: no path that is taken leaves its folder', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'b.jpg', '...', ' ', '%2e%2e');
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const path = parts.join('/');
      if (manifestProblems([file(path)], LIMITS).length > 0) return;
      expect(posix.resolve('/root/folder', path).startsWith('/root/folder/')).toBe(true);
    }));
  });
});

function of(list: readonly ManifestFile[]): string {
  return manifestSha256({ files: list, assert: null, cameraOffsetS: null }).toString('hex');
}

function asserting(startS: number | null, cameraOffsetS: number | null): string {
  return manifestSha256({ files: [file('a')], assert: startS === null ? null : { startS, intervalS: 1 }, cameraOffsetS }).toString('hex');
}

describe('what makes two uploads one', () => {
  const files = fc.uniqueArray(fc.record({ path: fc.string({ minLength: 1 }), size: fc.nat(), sha256: fc.string().map(sha256) }), { selector: ({ path }) => path, minLength: 1, maxLength: 8 });
  test('is the files in any order, and nothing else of them', () => {
    fc.assert(fc.property(files, (some) => {
      expect(of(some.toReversed())).toBe(of(some));
      expect(inputSha256(some.toReversed())).toBe(inputSha256(some));
      expect(of(some.map((one, index) => (index === 0 ? { ...one, size: one.size + 1 } : one)))).not.toBe(of(some));
      expect(of(some.map((one, index) => (index === 0 ? { ...one, path: `${one.path}x` } : one)))).not.toBe(of(some));
      expect(of([...some, { path: 'another file', size: 1, sha256: sha256('') }])).not.toBe(of(some));
    }));
  });

  test('and what is asserted about them', () => {
    expect(new Set([asserting(null, null), asserting(0, null), asserting(1, null), asserting(null, 0), asserting(null, 1)]).size).toBe(5);
  });
});

test('files are in the order that a person sees, the same on every machine', () => {
  expect(inFolderOrder(['10.jpg', '2.jpg', 'b/1.jpg', 'a.jpg', 'B/0.jpg', '1.jpg'].map((path) => ({ path }))).map(({ path }) => path)).toEqual(['1.jpg', '2.jpg', '10.jpg', 'a.jpg', 'B/0.jpg', 'b/1.jpg']);
  fc.assert(fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), (paths) => {
    const given = paths.map((path) => ({ path }));
    expect(inFolderOrder(given.toReversed())).toEqual(inFolderOrder(given));
  }));
});

test('pictures are known by their ending', () => {
  expect(['a.jpg', 'a.JPEG', 'x/y.Heic', 'a.png'].every(isPicturePath)).toBe(true);
  expect(['a.csv', 'jpg', 'a.jpg.gz', 'a.jpg/x'].some(isPicturePath)).toBe(false);
});

describe('Content-Digest', () => {
  const digest = Buffer.from(sha256('x'), 'hex').toString('base64');
  test('is read from the dictionary, whatever stands beside it', () => {
    for (const header of [`sha-256=:${digest}:`, `sha-512=:AAAA:, sha-256=:${digest}:`, `sha-256=:${digest}:;q=1`, ` sha-256=:${digest}: `]) expect(contentSha256(header)).toBe(sha256('x'));
  });

  test('that cannot be read is none', () => {
    for (const header of [undefined, '', `sha-256=${digest}`, `SHA-256=:${digest}:`, 'sha-256=:AAAA:', 'sha-256=?1', 'sha-512=:AAAA:', `sha-256=:${digest}`, ',,', '\u{1f600}']) expect(contentSha256(header)).toBeNull();
  });
});

describe('at once', () => {
  test('never more than the limit, answers in order, the first failure comes out', async () => {
    let running = 0;
    let most = 0;
    const work = async (n: number) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, (10 - n) * 2));
      running -= 1;
      return n * n;
    };
    expect(await eachAtMost(3, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], work)).toEqual([0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
    expect(most).toBe(3);
    expect(await eachAtMost(3, [], work)).toEqual([]);
    await expect(eachAtMost(2, [1, 2, 3], async (n) => await (n === 2 ? Promise.reject(new Error('two')) : work(n)))).rejects.toThrow('two');
  });

  test('within a time: what is begun is ended, the rest is left, and the first is always done', async () => {
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, random: (bytes: number) => Buffer.alloc(bytes) };
    const slow = async (n: number) => {
      nowMs += 10;
      return n;
    };
    expect(await eachWithin({ atOnce: 1, clock, budgetMs: 25 }, [1, 2, 3, 4, 5], slow)).toEqual([1, 2, 3]);
    expect(await eachWithin({ atOnce: 2, clock, budgetMs: 0 }, [1, 2, 3], slow)).toEqual([1]);
    expect(await eachWithin({ atOnce: 2, clock, budgetMs: 1000 }, [1, 2, 3], slow)).toEqual([1, 2, 3]);
  });
});
