import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, CreateMultipartUploadCommand, ListMultipartUploadsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../shared/io/clock.ts';
import { objectPath, type Objects, ObjectStoreAway } from '../../shared/io/objects.ts';
import { openS3Objects, type S3Settings } from '../../shared/io/s3-objects.ts';
import { keyOf, objectsContract } from './objects.ts';
import { type Radosgw, startRadosgw, whyNoRadosgw } from './radosgw.ts';

const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;
const reason = whyNoRadosgw();
if (reason !== null) console.log(`S3 is not tested: ${reason}`);

describe.skipIf(reason !== null)('S3 (radosgw)', () => {
  let peer: Radosgw;
  let client: S3Client;
  let settings: S3Settings;
  beforeAll(async () => {
    peer = await startRadosgw();
    settings = peer.settings;
    client = new S3Client({ ...settings, credentials: settings, requestChecksumCalculation: 'WHEN_REQUIRED' });
    await client.send(new CreateBucketCommand({ Bucket: settings.bucket }));
  });
  afterAll(async () => {
    client.destroy();
    await peer.stop();
  });

  async function why(wrong: Partial<S3Settings>): Promise<string> {
    return await openS3Objects({ ...settings, ...wrong }, systemClock).then(() => 'opened', (error: Error) => error.message);
  }

  const open = (clock: Clock = systemClock): Promise<Objects> => openS3Objects(settings, clock);

  async function unfinished(): Promise<number> {
    return (await client.send(new ListMultipartUploadsCommand({ Bucket: settings.bucket }))).Uploads?.length ?? 0;
  }

  objectsContract('S3', async () => ({
    objects: await open(),
    leftAfterCrash: async () => {
      await client.send(new CreateMultipartUploadCommand({ Bucket: settings.bucket, Key: objectPath(keyOf(randomBytes(8))) }));
      await (await open({ ...systemClock, nowMs: () => Date.now() + 2 * DAY_MS })).close();
      return await unfinished();
    },
    visit: async (url) => {
      const answer = await fetch(url);
      return answer.ok ? Buffer.from(await answer.arrayBuffer()) : null;
    },
    remove: async () => {},
  }));

  test('another writer that is still at it is not disturbed by a start', async () => {
    await client.send(new CreateMultipartUploadCommand({ Bucket: settings.bucket, Key: objectPath(keyOf(randomBytes(8))) }));
    await (await open()).close();
    expect(await unfinished()).toBe(1);
    await (await open({ ...systemClock, nowMs: () => Date.now() + 2 * DAY_MS })).close();
  });

  test.each([8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 16 * MIB])('%s bytes, around the size of a part, come back equal', async (size) => {
    const objects = await open();
    const bytes = randomBytes(size);
    expect(await objects.putIfAbsent(keyOf(bytes), pieces(bytes, 65_521))).toBe(true);
    expect(await objects.putIfAbsent(keyOf(bytes), pieces(bytes, 65_521))).toBe(false);
    expect((await objects.get(keyOf(bytes)))!.equals(bytes)).toBe(true);
    await objects.close();
  });

  test('a large stream of wrong bytes, and one that breaks, leave neither object nor parts', async () => {
    const objects = await open();
    const [claimed, sent] = [randomBytes(64), randomBytes(20 * MIB)];
    await expect(objects.putIfAbsent(keyOf(claimed), pieces(sent, MIB))).rejects.toThrow('the bytes have SHA-256');
    await expect(objects.putIfAbsent(keyOf(claimed), broken(sent))).rejects.toThrow('the cable was pulled');
    expect(await objects.head(keyOf(claimed))).toBeNull();
    expect(await unfinished()).toBe(0);
    await objects.close();
  });

  test('a large wrong stream is refused also where the object is there', async () => {
    const objects = await open();
    const bytes = randomBytes(9 * MIB);
    await objects.putIfAbsent(keyOf(bytes), bytes);
    await expect(objects.putIfAbsent(keyOf(bytes), pieces(randomBytes(9 * MIB), MIB))).rejects.toThrow('the bytes have SHA-256');
    expect((await objects.get(keyOf(bytes)))!.equals(bytes)).toBe(true);
    await objects.close();
  });

  test('a stream of 200 MB passes through a bounded piece of memory', async () => {
    const objects = await open();
    const piece = randomBytes(MIB);
    const key = keyOf(Buffer.concat(Array.from({ length: 200 }, () => piece)));
    const before = process.memoryUsage().rss;
    let most = 0;
    async function* flow(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < 200; n += 1) {
        most = Math.max(most, process.memoryUsage().rss);
        yield piece;
      }
    }
    expect(await objects.putIfAbsent(key, flow())).toBe(true);
    expect(await objects.head(key)).toEqual({ size: 200 * MIB });
    expect(most - before).toBeLessThan(150 * MIB);
    await objects.delete(key);
    await objects.close();
  });

  test('more objects than a page holds are all listed, strays are not', async () => {
    const objects = await open();
    const contents = Array.from({ length: 1003 }, (_, n) => Buffer.from(`sealed ${n}`));
    const lanes = Array.from({ length: 16 }, async (_, lane) => {
      for (let n = lane; n < contents.length; n += 16) await objects.putIfAbsent(keyOf(contents[n]!, 'public'), contents[n]!);
    });
    await Promise.all(lanes);
    await client.send(new PutObjectCommand({ Bucket: settings.bucket, Key: 'public/ab/notes.txt', Body: 'x' }));
    const listed: string[] = [];
    for await (const { sha256 } of objects.list('public')) listed.push(sha256);
    const wanted = new Set(contents.map((bytes) => keyOf(bytes).sha256 as string));
    expect(listed.filter((sha256) => wanted.has(sha256))).toEqual([...wanted].toSorted());
    await objects.close();
  });

  describe('cannot be entered', () => {
    test('without the bucket', async () => {
      expect(await why({ bucket: 'nowhere' })).toMatch(/^the object store at 127\.0\.0\.1:\d+ has no bucket "nowhere": make it, or set S3_BUCKET/);
    });
    test('with the wrong secret', async () => {
      const said = await why({ secretAccessKey: 'hunter2' });
      expect(said).toContain('does not let these keys into the bucket "wayproof": look at S3_ACCESS_KEY_ID');
      expect(said).not.toContain('hunter2');
    });
  });
});

test.skipIf(reason !== null)('a store that goes away later is told from a missing object', async () => {
  const peer = await startRadosgw();
  const client = new S3Client({ ...peer.settings, credentials: peer.settings });
  await client.send(new CreateBucketCommand({ Bucket: peer.settings.bucket }));
  client.destroy();
  const objects = await openS3Objects(peer.settings, systemClock);
  const bytes = randomBytes(100);
  await objects.putIfAbsent(keyOf(bytes), bytes);
  await peer.stop();
  await expect(objects.get(keyOf(bytes))).rejects.toBeInstanceOf(ObjectStoreAway);
  await expect(objects.head(keyOf(bytes))).rejects.toBeInstanceOf(ObjectStoreAway);
  await expect(objects.putIfAbsent(keyOf(bytes), bytes)).rejects.toBeInstanceOf(ObjectStoreAway);
  await expect(objects.delete(keyOf(bytes))).rejects.toBeInstanceOf(ObjectStoreAway);
  await objects.close();
});

test('a store that is away is one sentence, soon', async () => {
  const nowhere = { endpoint: 'http://127.0.0.1:1', bucket: 'b', region: 'us-east-1', accessKeyId: 'a', secretAccessKey: 's', forcePathStyle: true };
  await expect(openS3Objects(nowhere, systemClock)).rejects.toThrow(/^the object store at 127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/);
});

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* broken(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 17 * MIB);
  throw new Error('the cable was pulled');
}
