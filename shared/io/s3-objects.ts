import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, type CompletedPart, CreateMultipartUploadCommand,
  DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, HeadObjectCommand, ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput, ListObjectsV2Command, PutObjectCommand, S3Client, UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { parseSha256, type Sha256 } from '../model/ids.ts';
import { inParts } from './byte-parts.ts';
import type { Clock } from './clock.ts';
import { type ByteRange, HashMismatch, type ObjectKey, objectPath, type ObjectPrefix, type Objects, ObjectStoreAway } from './objects.ts';

/** Where an S3 store is and how it is entered. */
export interface S3Settings {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`: what most stores that are not Amazon's need. */
  readonly forcePathStyle: boolean;
}

/** The store cannot be used; the message says why and what to do. */
export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';
}

/** What is larger goes up in parts of this size, and no more than one of them is in memory. S3 allows no smaller ones than 5 MiB. */
const PART_BYTES = 8 * 1024 * 1024;
/** Uploads in parts that nobody has finished by then were left by a writer that was killed. */
const STALE_MS = 24 * 3600_000;
const CONNECT_TIMEOUT_MS = 5000;
const SILENCE_TIMEOUT_MS = 60_000;

interface Store {
  readonly client: S3Client;
  readonly bucket: string;
  readonly endpoint: string;
}

/**
 * The store on S3. Nothing stands under a key before all its bytes were hashed here: small objects are put whole, large
 * ones become an object only when their last part is in. Stores need not verify SHA-256 (radosgw does not), so each
 * transfer also carries its MD5, which all of them check. The only door to the AWS SDK.
 */
export async function openS3Objects(settings: S3Settings, clock: Clock): Promise<Objects> {
  // The version is pinned: that later ones want a newer Node is for whoever updates it, not for whoever runs this.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const store = { client: clientOf(settings), bucket: settings.bucket, endpoint: settings.endpoint };
  try {
    await store.client.send(new HeadBucketCommand({ Bucket: store.bucket }));
  } catch (cause) {
    store.client.destroy();
    throw cause instanceof ObjectStoreAway ? cause : new ObjectStoreError(whyClosed(cause, settings), { cause });
  }
  await abortStale(store, clock.nowMs() - STALE_MS);
  return {
    putIfAbsent: (key, bytes) => put(store, key, bytes),
    get: (key, range) => get(store, key, range),
    head: (key) => head(store, key),
    list: (prefix) => list(store, prefix),
    delete: async (key) => void (await store.client.send(new DeleteObjectCommand(placeOf(store, key))).catch(nullIfMissing)),
    signedUrl: (key, expiresInS) => getSignedUrl(store.client, new GetObjectCommand(placeOf(store, key)), { expiresIn: expiresInS }),
    close: async () => store.client.destroy(),
  };
}

function clientOf({ endpoint, region, accessKeyId, secretAccessKey, forcePathStyle }: S3Settings): S3Client {
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle,
    credentials: { accessKeyId, secretAccessKey },
    // The SDK's own CRC32 trailers are unknown to older stores; MD5 does what they would.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_TIMEOUT_MS },
  });
  // Outside of the SDK's own retries.
  client.middlewareStack.add((next) => async (request) => await answered(endpoint, () => next(request)), { step: 'initialize', name: 'sayAway' });
  return client;
}

/** What is no answer of the store at all, or its answer that it cannot now, is one error of ours. */
async function answered<Answer>(endpoint: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    // 501 is an answer too: what was asked for is unknown there.
    if ((statusOf(cause) !== 0 && statusOf(cause) < 500) || statusOf(cause) === 501) throw cause;
    const reason = cause instanceof AggregateError ? cause.errors.map(String).join('; ') : cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new ObjectStoreAway(`the object store at ${new URL(endpoint).host} does not answer: ${reason}`, { cause });
  }
}

function whyClosed(error: unknown, { endpoint, bucket }: S3Settings): string {
  const place = new URL(endpoint).host;
  if (isMissing(error)) return `the object store at ${place} has no bucket "${bucket}": make it, or set S3_BUCKET to one that is there`;
  if (statusOf(error) === 403) return `the object store at ${place} does not let these keys into the bucket "${bucket}": look at S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY`;
  if (statusOf(error) === 301) return `the bucket "${bucket}" is in another region of ${place}: set S3_REGION to it`;
  return `the object store at ${place} refuses: ${error instanceof Error ? error.message || error.name : String(error)}`;
}

function placeOf({ bucket }: Store, key: ObjectKey): { readonly Bucket: string; readonly Key: string } {
  return { Bucket: bucket, Key: objectPath(key) };
}

async function put(store: Store, key: ObjectKey, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<boolean> {
  const hash = createHash('sha256');
  const verify = (): void => {
    const actual = hash.digest('hex') as Sha256;
    if (actual !== key.sha256) throw new HashMismatch(key.sha256, actual);
  };
  const parts = inParts(bytes instanceof Uint8Array ? [bytes] : bytes, PART_BYTES, (chunk) => hash.update(chunk));
  const first = await parts.next();
  const second = first.done === true ? first : await parts.next();
  if (second.done === true) {
    verify();
    return await putWhole(store, key, first.value ?? new Uint8Array(0));
  }
  return await putParts(store, key, { parts: chained([first.value!, second.value], parts), verify });
}

/** One writer of many is told that the object is new, where the store knows If-None-Match; the bytes are the same anyway. */
async function putWhole(store: Store, key: ObjectKey, bytes: Uint8Array): Promise<boolean> {
  if ((await head(store, key)) !== null) return false;
  const object = { ...placeOf(store, key), Body: bytes, ContentLength: bytes.length, ContentMD5: md5(bytes) };
  try {
    await store.client.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' }));
    return true;
  } catch (error) {
    // 412: it came meanwhile. 409: another writer is at it, and we cannot know that it will succeed.
    if (statusOf(error) === 412) return false;
    if (statusOf(error) !== 409 && statusOf(error) !== 501) throw error;
    await store.client.send(new PutObjectCommand(object));
    return statusOf(error) === 501;
  }
}

interface Upload {
  readonly parts: AsyncIterable<Uint8Array>;
  /** Throws HashMismatch once all parts have been read. */
  readonly verify: () => void;
}

async function putParts(store: Store, key: ObjectKey, { parts, verify }: Upload): Promise<boolean> {
  if ((await head(store, key)) !== null) {
    for await (const _ of parts);
    verify();
    return false;
  }
  const place = placeOf(store, key);
  const { UploadId } = await store.client.send(new CreateMultipartUploadCommand(place));
  const upload = { ...place, UploadId };
  try {
    const sent: CompletedPart[] = [];
    for await (const bytes of parts) {
      const PartNumber = sent.length + 1;
      const { ETag } = await store.client.send(new UploadPartCommand({ ...upload, PartNumber, Body: bytes, ContentLength: bytes.length, ContentMD5: md5(bytes) }));
      sent.push({ PartNumber, ETag });
    }
    verify();
    await store.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: sent } }));
    return true;
  } catch (error) {
    // What cannot be taken back now is taken back by the next start (`abortStale`).
    await store.client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
    throw error;
  }
}

async function* chained(begun: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* begun;
  yield* rest;
}

async function head(store: Store, key: ObjectKey): Promise<{ size: number } | null> {
  const found = await store.client.send(new HeadObjectCommand(placeOf(store, key))).catch(nullIfMissing);
  return found === null ? null : { size: found.ContentLength ?? 0 };
}

async function get(store: Store, key: ObjectKey, range: ByteRange | undefined): Promise<Buffer | null> {
  if (range !== undefined && !(Number.isSafeInteger(range.from) && Number.isSafeInteger(range.to) && range.from >= 0 && range.to >= range.from)) throw outside(range);
  const command = new GetObjectCommand({ ...placeOf(store, key), ...(range === undefined ? {} : { Range: `bytes=${range.from}-${range.to}` }) });
  const found = await store.client.send(command).catch((error: unknown) => {
    if (range !== undefined && statusOf(error) === 416) throw outside(range);
    return nullIfMissing(error);
  });
  if (found === null) return null;
  const bytes = Buffer.from(await answered(store.endpoint, () => found.Body!.transformToByteArray()));
  // A store gives what there is of a range that goes beyond the end.
  if (range !== undefined && bytes.length !== range.to - range.from + 1) throw outside(range);
  return bytes;
}

function outside({ from, to }: ByteRange): RangeError {
  return new RangeError(`bytes ${from}-${to} are not inside the object`);
}

/** S3 lists keys in the order of their bytes, which is that of the hashes. */
async function* list(store: Store, prefix: ObjectPrefix): ReturnType<Objects['list']> {
  let token: string | undefined;
  do {
    const page = await store.client.send(new ListObjectsV2Command({ Bucket: store.bucket, Prefix: `${prefix}/`, ...(token === undefined ? {} : { ContinuationToken: token }) }));
    for (const { Key = '', Size = 0 } of page.Contents ?? []) {
      const sha256 = parseSha256(Key.split('/').at(-1)!);
      if (sha256 !== null && Key === objectPath({ prefix, sha256 })) yield { prefix, sha256, size: Size };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

async function abortStale({ client, bucket: Bucket }: Store, beforeMs: number): Promise<void> {
  for (let after: UploadMarker | null = {}; after !== null; ) {
    const page: ListMultipartUploadsCommandOutput = await client.send(new ListMultipartUploadsCommand({ Bucket, ...after }));
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Initiated === undefined || Initiated.getTime() >= beforeMs) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(nullIfMissing);
    }
    after = page.IsTruncated === true ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : null;
  }
}

interface UploadMarker {
  readonly KeyMarker?: string | undefined;
  readonly UploadIdMarker?: string | undefined;
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}

function statusOf(error: unknown): number {
  const metadata = typeof error === 'object' && error !== null && '$metadata' in error ? (error.$metadata as { readonly httpStatusCode?: number }) : {};
  return metadata.httpStatusCode ?? 0;
}

function isMissing(error: unknown): boolean {
  return statusOf(error) === 404;
}

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}
