import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sha256 } from '../model/ids.ts';
import { parseSha256 } from '../model/ids.ts';
import type { Clock } from './clock.ts';
import { codeOf } from './db.ts';
import { type ByteRange, HashMismatch, type ObjectKey, objectPath, type ObjectPrefix, type Objects } from './objects.ts';

export interface FileObjectsOptions {
  readonly root: string;
  readonly clock: Clock;
  /** Signs the addresses that `signedUrl` gives. */
  readonly secret: Buffer;
  /** Where this instance is reached from outside, for those addresses. */
  readonly publicUrl: string;
}

/**
 * The store as files: written beside their place, fsynced, then linked under their hash, so that a reader sees
 * whole objects or none, and two writers of one object are one object.
 */
export async function openFileObjects(options: FileObjectsOptions): Promise<Objects> {
  const incoming = join(options.root, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  await removeAbandoned(incoming, options.clock.nowMs());
  const placeOf = (key: ObjectKey) => join(options.root, objectPath(key));
  return {
    putIfAbsent: (key, bytes) => put({ place: placeOf(key), incoming, expected: key.sha256 }, bytes),
    get: (key, range) => read(placeOf(key), range),
    head: async (key) => {
      const found = await stat(placeOf(key)).catch(nullIfMissing);
      return found === null ? null : { size: found.size };
    },
    list: (prefix) => list(options.root, prefix),
    delete: (key) => rm(placeOf(key), { force: true }),
    signedUrl: async (key, expiresInS) => {
      const expires = Math.floor(options.clock.nowMs() / 1000) + expiresInS;
      return `${options.publicUrl}/objects/${objectPath(key)}?expires=${expires}&signature=${sign(options.secret, key, expires)}`;
    },
    close: async () => {},
  };
}

/** Whether an address made by `signedUrl` of the file store is genuine and still good. */
export function isSignedFor(secret: Buffer, key: ObjectKey, query: { expires: number; signature: string }): boolean {
  const wanted = Buffer.from(sign(secret, key, query.expires));
  const given = Buffer.from(query.signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function sign(secret: Buffer, key: ObjectKey, expires: number): string {
  return createHmac('sha256', secret).update(`${objectPath(key)} ${expires}`).digest('base64url');
}

/** No upload takes a day: older drafts are those of processes that were killed. Younger ones may be another process's, at work. */
const ABANDONED_MS = 24 * 3600 * 1000;

async function removeAbandoned(incoming: string, nowMs: number): Promise<void> {
  for (const name of await namesIn(incoming)) {
    const found = await stat(join(incoming, name)).catch(nullIfMissing);
    if (found !== null && nowMs - found.mtimeMs > ABANDONED_MS) await rm(join(incoming, name), { force: true });
  }
}

interface Placing {
  readonly place: string;
  readonly incoming: string;
  readonly expected: Sha256;
}

async function put({ place, incoming, expected }: Placing, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<boolean> {
  const draft = join(incoming, randomUUID());
  try {
    const actual = await writeDurably(draft, bytes instanceof Uint8Array ? [bytes] : bytes);
    if (actual !== expected) throw new HashMismatch(expected, actual);
    const firstMade = await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    const isNew = await linkUnlessThere(draft, place);
    // Of two writers of one object the second may answer first, so it makes the entry durable too.
    await syncFolders(dirname(place), firstMade === undefined ? dirname(place) : dirname(firstMade));
    return isNew;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDurably(path: string, bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Sha256> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of bytes) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex') as Sha256;
}

async function linkUnlessThere(draft: string, place: string): Promise<boolean> {
  try {
    await link(draft, place);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // Some file systems have no hard links; a rename is atomic too, it only cannot tell whether the object was new.
    if (codeOf(error) !== 'EPERM' && codeOf(error) !== 'ENOTSUP') throw error;
    const wasThere = (await stat(place).catch(nullIfMissing)) !== null;
    await rename(draft, place);
    return !wasThere;
  }
}

/** A name is durable when its folder is, and so on up to the first folder that was there before. */
async function syncFolders(deepest: string, highest: string): Promise<void> {
  for (let folder = deepest; folder.length >= highest.length; folder = dirname(folder)) {
    const opened = await open(folder, 'r');
    await opened.sync().finally(() => opened.close());
  }
}

async function read(place: string, range: ByteRange | undefined): Promise<Buffer | null> {
  const file = await open(place, 'r').catch(nullIfMissing);
  if (file === null) return null;
  try {
    return range === undefined ? await file.readFile() : await readRange(file, range);
  } finally {
    await file.close();
  }
}

async function readRange(file: FileHandle, { from, to }: ByteRange): Promise<Buffer> {
  const { size } = await file.stat();
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to < from || to >= size) throw new RangeError(`bytes ${from}-${to} are not inside an object of ${size}`);
  const bytes = Buffer.alloc(to - from + 1);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) throw new Error('the object became shorter while it was read');
    filled += bytesRead;
  }
  return bytes;
}

async function* list(root: string, prefix: ObjectPrefix): ReturnType<Objects['list']> {
  for (const first of await namesIn(join(root, prefix))) {
    for (const second of await namesIn(join(root, prefix, first))) {
      for (const name of await namesIn(join(root, prefix, first, second))) {
        const sha256 = parseSha256(name);
        if (sha256 === null) continue;
        const found = await stat(join(root, prefix, first, second, name)).catch(nullIfMissing);
        if (found !== null) yield { prefix, sha256, size: found.size };
      }
    }
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return ((await readdir(folder).catch(nullIfMissing)) ?? []).toSorted();
}

function nullIfMissing(error: unknown): null {
  // ENOTDIR: a stray file (.DS_Store) where a folder of ours would be.
  if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
  throw error;
}
