import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HashMismatch, type ObjectKey, type ObjectPrefix, type Objects } from '../../shared/io/objects.ts';
import type { Sha256 } from '../../shared/model/ids.ts';

/** A store to be tested, and how to look at it from outside. */
export interface StoreOnTrial {
  readonly objects: Objects;
  /** Leaves behind what a writer that was killed leaves, opens the store again, and counts what is still there. */
  leftAfterCrash(): Promise<number>;
  /** What somebody without a token gets from an address, or null where the address has no server in this test. */
  visit(url: string): Promise<Buffer | null>;
  remove(): Promise<void>;
}

export function keyOf(bytes: Uint8Array, prefix: ObjectPrefix = 'derived'): ObjectKey {
  return { prefix, sha256: createHash('sha256').update(bytes).digest('hex') as Sha256 };
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function hashesIn(objects: Objects, prefix: ObjectPrefix): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { sha256 } of objects.list(prefix)) found.push(sha256);
  return found;
}

/** What every store of objects must do (shared/io/objects.ts), whatever it is made of. */
export function objectsContract(name: string, open: () => Promise<StoreOnTrial>): void {
  describe(`objects: ${name}`, () => {
    let store: StoreOnTrial;
    let objects: Objects;
    beforeAll(async () => {
      store = await open();
      objects = store.objects;
    });
    afterAll(async () => {
      await objects.close();
      await store.remove();
    });

    test('an object is new the first time and there the second', async () => {
      const bytes = randomBytes(1000);
      expect(await objects.putIfAbsent(keyOf(bytes), bytes)).toBe(true);
      expect(await objects.putIfAbsent(keyOf(bytes), bytes)).toBe(false);
      expect(await objects.get(keyOf(bytes))).toEqual(bytes);
      expect(await objects.head(keyOf(bytes))).toEqual({ size: 1000 });
    });

    test('what is not there is null, with a range too', async () => {
      const key = keyOf(randomBytes(8));
      expect(await objects.get(key)).toBeNull();
      expect(await objects.get(key, { from: 0, to: 0 })).toBeNull();
      expect(await objects.head(key)).toBeNull();
    });

    test('bytes that are not those of the key are refused and not stored', async () => {
      const [claimed, sent] = [randomBytes(100), randomBytes(100)];
      const put = objects.putIfAbsent(keyOf(claimed), sent);
      await expect(put).rejects.toBeInstanceOf(HashMismatch);
      await expect(put).rejects.toMatchObject({ expected: keyOf(claimed).sha256, actual: keyOf(sent).sha256 });
      expect(await objects.head(keyOf(claimed))).toBeNull();
      expect(await objects.head(keyOf(sent))).toBeNull();
    });

    test('wrong bytes do not replace an object that is there', async () => {
      const bytes = randomBytes(100);
      await objects.putIfAbsent(keyOf(bytes), bytes);
      await expect(objects.putIfAbsent(keyOf(bytes), randomBytes(100))).rejects.toBeInstanceOf(HashMismatch);
      expect(await objects.get(keyOf(bytes))).toEqual(bytes);
    });

    test('a stream is stored as its bytes', async () => {
      const bytes = randomBytes(300_001);
      expect(await objects.putIfAbsent(keyOf(bytes), inPieces(bytes, 7919))).toBe(true);
      expect(await objects.get(keyOf(bytes))).toEqual(bytes);
    });

    test('a stream that breaks leaves nothing, and its error comes out', async () => {
      const bytes = randomBytes(50_000);
      async function* breaking(): AsyncGenerator<Uint8Array> {
        yield bytes.subarray(0, 20_000);
        throw new Error('the cable was pulled');
      }
      await expect(objects.putIfAbsent(keyOf(bytes), breaking())).rejects.toThrow('the cable was pulled');
      expect(await objects.head(keyOf(bytes))).toBeNull();
      expect(await objects.putIfAbsent(keyOf(bytes), bytes)).toBe(true);
    });

    test('an empty object is an object', async () => {
      const empty = new Uint8Array(0);
      expect(await objects.putIfAbsent(keyOf(empty, 'public'), empty)).toBe(true);
      expect(await objects.get(keyOf(empty, 'public'))).toEqual(Buffer.alloc(0));
      expect(await objects.head(keyOf(empty, 'public'))).toEqual({ size: 0 });
      await expect(objects.get(keyOf(empty, 'public'), { from: 0, to: 0 })).rejects.toBeInstanceOf(RangeError);
    });

    test('20 MB in pieces come back equal', async () => {
      const bytes = randomBytes(20_000_000);
      await objects.putIfAbsent(keyOf(bytes), inPieces(bytes, 65_536));
      expect((await objects.get(keyOf(bytes)))!.equals(bytes)).toBe(true);
    });

    test('ranges are first to last byte, both included', async () => {
      const bytes = randomBytes(1000);
      const key = keyOf(bytes);
      await objects.putIfAbsent(key, bytes);
      for (const [from, to] of [[0, 0], [0, 999], [10, 19], [999, 999]] as const) {
        expect(await objects.get(key, { from, to })).toEqual(bytes.subarray(from, to + 1));
      }
    });

    test.each([[-1, 5], [0, 1000], [1000, 1000], [5, 4], [Number.NaN, 5], [0.5, 5], [0, Infinity]])('range %s to %s is refused', async (from, to) => {
      const bytes = Buffer.alloc(1000, 7);
      await objects.putIfAbsent(keyOf(bytes), bytes);
      await expect(objects.get(keyOf(bytes), { from, to })).rejects.toBeInstanceOf(RangeError);
    });

    test('a prefix lists its own objects, in order of their hash, with their size', async () => {
      const contents = Array.from({ length: 30 }, (_, n) => Buffer.from(`document ${n}`));
      for (const bytes of contents) await objects.putIfAbsent(keyOf(bytes, 'documents'), bytes);
      expect(await hashesIn(objects, 'documents')).toEqual(contents.map((bytes) => keyOf(bytes).sha256).toSorted());
      expect(await hashesIn(objects, 'derived')).not.toContain(keyOf(contents[0]!).sha256);
      for await (const { sha256, size, prefix } of objects.list('documents')) {
        expect(prefix).toBe('documents');
        expect(contents.find((bytes) => keyOf(bytes).sha256 === sha256)!.length).toBe(size);
      }
    });

    test('the same bytes under two prefixes are two objects', async () => {
      const bytes = randomBytes(64);
      expect(await objects.putIfAbsent(keyOf(bytes, 'original'), bytes)).toBe(true);
      expect(await objects.putIfAbsent(keyOf(bytes, 'derived'), bytes)).toBe(true);
      await objects.delete(keyOf(bytes, 'original'));
      expect(await objects.get(keyOf(bytes, 'derived'))).toEqual(bytes);
    });

    test('deleting twice is no error, and the object can be stored again', async () => {
      const bytes = randomBytes(64);
      await objects.putIfAbsent(keyOf(bytes), bytes);
      await objects.delete(keyOf(bytes));
      await objects.delete(keyOf(bytes));
      expect(await objects.get(keyOf(bytes))).toBeNull();
      expect(await hashesIn(objects, 'derived')).not.toContain(keyOf(bytes).sha256);
      expect(await objects.putIfAbsent(keyOf(bytes), bytes)).toBe(true);
    });

    test('many writers of one object make one object', async () => {
      const bytes = randomBytes(200_000);
      const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => objects.putIfAbsent(keyOf(bytes), n % 2 === 0 ? bytes : inPieces(bytes, 4096))));
      expect(answers.filter((isNew) => isNew)).toHaveLength(1);
      expect(await objects.get(keyOf(bytes))).toEqual(bytes);
    });

    test('what a killed writer left is gone when the store opens again', async () => {
      expect(await store.leftAfterCrash()).toBe(0);
    });

    test('a signed address names the object and its end, and cannot be moved to another object', async () => {
      const [bytes, other] = [randomBytes(64), randomBytes(64)];
      for (const body of [bytes, other]) await objects.putIfAbsent(keyOf(body), body);
      const url = await objects.signedUrl(keyOf(bytes), 60);
      expect(url).toMatch(/^https?:\/\//);
      expect(url).toContain(keyOf(bytes).sha256);
      expect(await objects.signedUrl(keyOf(bytes), 120)).not.toBe(url);
      const answer = await store.visit(url);
      if (answer !== null) expect(answer).toEqual(bytes);
      expect(await store.visit(url.replace(keyOf(bytes).sha256, keyOf(other).sha256))).not.toEqual(other);
    });
  });
}
