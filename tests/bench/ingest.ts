import { mkdir, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { toDriveFiles } from '../../fixtures/drive-folder.ts';
import { simulateDrive, type SimulatedDrive } from '../../fixtures/drive.ts';
import { makeCityBlock } from '../../fixtures/roads.ts';
import { wanderingRoute } from '../../fixtures/route.ts';
import { eachAtMost } from '../../ingest/pace.ts';
import type { LocalFile } from '../../ingest/local-files.ts';
import { uploadDrive } from '../../ingest/upload.ts';
import { instanceHome, startWayproof } from '../e2e/wayproof-process.ts';
import { type Bench, rounded } from './bench.ts';

/** 4 megapixels, 16:9 as a dashcam takes them. */
const [WIDTH, HEIGHT] = [2688, 1512];
const FRAMES = 160;
const DIFFERENT = 8;
const AT_ONCE = availableParallelism();

/**
 * One drive of 4-megapixel frames by the client over HTTP into a server of its own (hashes, metadata, derivatives,
 * checks, PostgreSQL, fsynced files) until its verdict, and the derivatives alone with the same files in flight.
 */
export async function benchIngest(): Promise<Bench> {
  const { home, remove } = await instanceHome();
  try {
    const drive = someDrive();
    const pictures = await picturesOf(drive);
    const files = await write(join(home, 'drive'), [...toDriveFiles(drive).map(({ path, text }) => ({ path, bytes: Buffer.from(text) })), ...pictures]);
    const floorS = await seconds(() => eachAtMost(AT_ONCE, pictures, ({ bytes }) => deriveBare(bytes)));
    const oursS = await throughServer(home, files);
    return {
      figures: { frames: FRAMES, 'frames/s, upload to verdict': rounded(FRAMES / oursS), 'frames/s, sharp alone': rounded(FRAMES / floorS) },
      ratio: rounded(floorS / oursS),
    };
  } finally {
    await remove();
  }
}

async function throughServer(home: string, files: readonly LocalFile[]): Promise<number> {
  const server = await startWayproof(home, { DEMO: 'no' });
  try {
    const to = { url: server.url, token: await server.token() };
    return await seconds(async () => {
      const { drive, frames } = await uploadDrive(to, files, { name: 'bench', trim: 0 });
      // A few views are used again and again, and the camera's checks see it: what is flagged has been judged, too.
      const judged = frames.filter(({ state }) => state === 'accepted' || state === 'flagged').length;
      if (judged !== FRAMES) throw new Error(`${judged} of ${FRAMES} frames were judged; the drive is ${drive.state} ${drive.verdict}`);
    });
  } finally {
    await server.end('SIGTERM');
  }
}

/** The same sizes and qualities as ingest/image.ts, and nothing else. */
async function deriveBare(bytes: Buffer): Promise<void> {
  const picture = await sharp(bytes, { sequentialRead: true }).resize({ width: 2048, height: 2048, fit: 'inside' }).jpeg({ quality: 82 }).toBuffer();
  const thumb = await sharp(picture).resize({ width: 500, height: 500, fit: 'inside' }).jpeg({ quality: 82 }).toBuffer();
  await sharp(thumb).greyscale().resize(64, 36, { fit: 'fill' }).raw().toBuffer();
}

function someDrive(): SimulatedDrive {
  const network = makeCityBlock({ seed: 3, centre: { latDeg: 48.2, lonDeg: 11.6 } });
  const drive = simulateDrive({ seed: 5, network, route: wanderingRoute(network, { seed: 5, lengthM: FRAMES * 8.5 }), startAtS: Math.floor(Date.now() / 1000) - 3600, name: 'bench' });
  return { ...drive, frames: drive.frames.slice(0, FRAMES) };
}

/** A few rendered views, each used for many frames; a comment of its own makes each file another one. */
async function picturesOf({ frames }: SimulatedDrive): Promise<readonly { readonly path: string; readonly bytes: Buffer }[]> {
  sharp.concurrency(1);
  sharp.cache(false);
  const views = await eachAtMost(AT_ONCE, frames.slice(0, DIFFERENT), async (frame) => {
    const { width, height, rgb } = frame.render();
    return await sharp(rgb, { raw: { width, height, channels: 3 } }).resize(WIDTH, HEIGHT).jpeg({ quality: 88 }).toBuffer();
  });
  return frames.map(({ path }, n) => ({ path, bytes: withComment(views[n % DIFFERENT]!, `frame ${n}`) }));
}

/** Behind the start of the image: marker COM (0xFFFE), its length with itself, the text. */
function withComment(jpeg: Buffer, text: string): Buffer {
  const head = Buffer.of(0xff, 0xd8, 0xff, 0xfe, 0, text.length + 2);
  return Buffer.concat([head, Buffer.from(text), jpeg.subarray(2)]);
}

async function write(folder: string, files: readonly { readonly path: string; readonly bytes: Buffer }[]): Promise<readonly LocalFile[]> {
  return await eachAtMost(1, files, async ({ path, bytes }) => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    return { path, file, size: (await stat(file)).size };
  });
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
