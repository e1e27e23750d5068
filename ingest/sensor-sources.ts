import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { refusal } from '../shared/model/reason.ts';
import type { IngestRules } from '../shared/model/recipe.ts';
import { motionFile, readSensors, type SensorFile, type Sensors } from './importers/drive-folder.ts';
import { type Motion, motionReader } from './importers/imu.ts';

/** A file of the drive that is no picture: its bytes, or where on this machine it lies. */
export type SensorSource = SensorFile | { readonly path: string; readonly file: string; readonly size: number };

/** All but the motion file are held in memory. */
const MOST_HELD_BYTES = 512 * 1024 * 1024;
/** Inflating a motion file stops here. */
const MOST_STREAMED_BYTES = 8 * 1024 ** 3;
const CHUNK_BYTES = 256 * 1024;

/** The sensor files of a drive; the motion file goes through the memory in pieces. */
export async function readSensorSources(sources: readonly SensorSource[], rules: IngestRules): Promise<Sensors> {
  const imu = motionFile(sources);
  const motion = imu === null ? null : await readMotion(imu);
  const held = await Promise.all(sources.filter((source) => source !== imu).map(holdBytes));
  return readSensors(held, rules, motion);
}

async function readMotion(source: SensorSource): Promise<Motion> {
  const reader = motionReader(source.path);
  const decoder = new TextDecoder('utf-8');
  let bytes = 0;
  try {
    for await (const chunk of plainBytes(source)) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_STREAMED_BYTES) return unreadable(source.path, `it inflates to more than ${MOST_STREAMED_BYTES} bytes`);
      reader.push(decoder.decode(chunk as Buffer, { stream: true }));
    }
  } catch (error) {
    if (isGzip(source.path)) return unreadable(source.path, 'it is no gzip, or cut off');
    throw error;
  }
  reader.push(decoder.decode());
  return reader.end();
}

function plainBytes(source: SensorSource): AsyncIterable<unknown> {
  const raw = 'bytes' in source ? Readable.from(pieces(source.bytes)) : createReadStream(source.file, { highWaterMark: CHUNK_BYTES });
  if (!isGzip(source.path)) return raw;
  const plain = createGunzip({ chunkSize: CHUNK_BYTES });
  raw.once('error', (error: Error) => plain.destroy(error));
  return raw.pipe(plain);
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) yield bytes.subarray(from, from + CHUNK_BYTES);
}

function isGzip(path: string): boolean {
  return path.toLowerCase().endsWith('.gz');
}

function unreadable(path: string, why: string): Motion {
  return { path, imu: null, refused: [{ file: path, line: 1, refusal: refusal('file_unreadable', { why }) }], refusedCount: 1 };
}

async function holdBytes(source: SensorSource): Promise<SensorFile> {
  if ('bytes' in source) return source;
  if (source.size > MOST_HELD_BYTES) throw new Error(`${source.path} has ${source.size} bytes, more than ${MOST_HELD_BYTES}`);
  return { path: source.path, bytes: await readFile(source.file) };
}
