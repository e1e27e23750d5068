import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../shared/io/clock.ts';
import { isSignedFor, openFileObjects } from '../../shared/io/file-objects.ts';
import { objectPath, type ObjectPrefix, type Objects } from '../../shared/io/objects.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { keyOf, objectsContract } from './objects.ts';

const secret = Buffer.alloc(32, 1);
const NOW_MS = 1_780_000_000_000;
const clock: Clock = { ...systemClock, nowMs: () => NOW_MS };

async function openIn(root: string): Promise<Objects> {
  return await openFileObjects({ root, clock, secret, publicUrl: 'http://localhost:1' });
}

/** What the route for signed addresses does. */
async function visit(objects: Objects, url: string, atMs = NOW_MS): Promise<Buffer | null> {
  const { pathname, searchParams } = new URL(url);
  const [, , prefix, , , sha256] = pathname.split('/');
  const key = { prefix: prefix as ObjectPrefix, sha256: sha256 as Sha256 };
  const expires = Number(searchParams.get('expires'));
  const isGood = isSignedFor(secret, key, { expires, signature: searchParams.get('signature') ?? '' }) && expires * 1000 > atMs;
  return isGood ? await objects.get(key) : null;
}

objectsContract('files', async () => {
  const root = await mkdtemp(join(tmpdir(), 'wayproof-objects-'));
  const objects = await openIn(root);
  return {
    objects,
    leftAfterCrash: async () => {
      await writeFile(join(root, 'incoming', 'half-written'), 'half');
      await utimes(join(root, 'incoming', 'half-written'), 0, 0);
      await openIn(root);
      return (await readdir(join(root, 'incoming'))).length;
    },
    visit: (url) => visit(objects, url),
    remove: () => rm(root, { recursive: true }),
  };
});

async function inFolder(work: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'wayproof-objects-'));
  try {
    await work(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

test('no draft is left after success, refusal or a broken stream', async () => {
  await inFolder(async (root) => {
    const objects = await openIn(root);
    const bytes = randomBytes(5000);
    await objects.putIfAbsent(keyOf(bytes), bytes);
    await objects.putIfAbsent(keyOf(bytes), bytes);
    await objects.putIfAbsent(keyOf(bytes), randomBytes(10)).catch(() => {});
    await objects.putIfAbsent(keyOf(randomBytes(3)), (async function* () {
      yield bytes;
      throw new Error('cut');
    })()).catch(() => {});
    expect(await readdir(join(root, 'incoming'))).toEqual([]);
  });
});

test('opening leaves alone what another process is writing', async () => {
  await inFolder(async (root) => {
    await openIn(root);
    await writeFile(join(root, 'incoming', 'at-work'), 'half');
    await openIn(root);
    expect(await readdir(join(root, 'incoming'))).toEqual(['at-work']);
  });
});

test('a killed writer leaves no half object under a hash: another can store it', async () => {
  await inFolder(async (root) => {
    const bytes = randomBytes(5000);
    await mkdir(join(root, 'incoming'), { recursive: true });
    await writeFile(join(root, 'incoming', 'draft'), bytes.subarray(0, 10));
    const objects = await openIn(root);
    expect(await objects.get(keyOf(bytes))).toBeNull();
    expect(await objects.putIfAbsent(keyOf(bytes), bytes)).toBe(true);
  });
});

test('originals are readable by their owner in the system alone', async () => {
  await inFolder(async (root) => {
    const objects = await openIn(root);
    const bytes = randomBytes(100);
    await objects.putIfAbsent(keyOf(bytes, 'original'), bytes);
    const place = join(root, objectPath(keyOf(bytes, 'original')));
    expect((await stat(place)).mode & 0o077).toBe(0);
    expect((await stat(dirname(place))).mode & 0o077).toBe(0);
  });
});

test('stray files in the folders are not objects', async () => {
  await inFolder(async (root) => {
    const objects = await openIn(root);
    const bytes = randomBytes(100);
    await objects.putIfAbsent(keyOf(bytes), bytes);
    await writeFile(join(root, 'derived', '.DS_Store'), 'x');
    await writeFile(join(dirname(join(root, objectPath(keyOf(bytes)))), 'notes.txt'), 'x');
    const listed = [];
    for await (const { sha256 } of objects.list('derived')) listed.push(sha256);
    expect(listed).toEqual([keyOf(bytes).sha256]);
  });
});

test('a signed address ends, and its end cannot be moved', async () => {
  await inFolder(async (root) => {
    const objects = await openIn(root);
    const bytes = randomBytes(100);
    await objects.putIfAbsent(keyOf(bytes), bytes);
    const url = await objects.signedUrl(keyOf(bytes), 60);
    expect(await visit(objects, url, NOW_MS + 59_000)).toEqual(bytes);
    expect(await visit(objects, url, NOW_MS + 61_000)).toBeNull();
    const later = url.replace(/expires=\d+/, `expires=${NOW_MS / 1000 + 3600}`);
    expect(await visit(objects, later)).toBeNull();
    expect(isSignedFor(Buffer.alloc(32, 2), keyOf(bytes), { expires: NOW_MS / 1000 + 60, signature: new URL(url).searchParams.get('signature')! })).toBe(false);
  });
});
