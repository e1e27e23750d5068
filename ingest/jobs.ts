import type { Clock } from '../shared/io/clock.ts';
import type { Db, Tx } from '../shared/io/db.ts';
import type { Objects } from '../shared/io/objects.ts';
import type { Job, Queue } from '../shared/io/queue.ts';
import { secretOf } from '../shared/io/secrets.ts';
import { decodeDrive, encodeDrive } from '../shared/model/drive-document.ts';
import type { DriveId } from '../shared/model/ids.ts';
import { lookOf } from '../shared/model/look.ts';
import type { Refusal } from '../shared/model/reason.ts';
import type { Recipe } from '../shared/model/recipe.ts';
import { assembleDrive } from './assemble.ts';
import {
  claimAgain, claimedElsewhere, decodedPaths, type DerivedFrame, type FoundPicture, insertFrames, type LeftOut, leaveOut, markDerived,
  placedFrames, placeFrames, type PlacedRow, receivedFrames,
} from './frame-store.ts';
import { derive } from './image.ts';
import { isSensorPath } from './importers/drive-folder.ts';
import { lookAtPicture } from './look.ts';
import { isPicturePath } from './manifest.ts';
import { eachWithin, type Pace } from './pace.ts';
import type { Parsers } from './parser-thread.ts';
import { reasonForNothing } from './read-drive.ts';
import {
  type DriveFile, driveFiles, type DriveRow, expectShards, findDrive, finishShard, refuseDrive,
  saveAssembly, saveDocument, sha256Of,
} from './store.ts';
import { discard } from './withdraw.ts';

export interface IngestDoors {
  readonly db: Db;
  readonly objects: Objects;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly parsers: Parsers;
  readonly recipe: Recipe;
  readonly maxPixels: number;
  /** Pictures in work at once in one job. */
  readonly workers: number;
}

/** Frames of one `ingest.derive` job: 73 ms each for 4 megapixels (design.md), so well under 15 s on a slow machine. */
const DERIVE_SHARD = 60;
/** A job that took longer would expire and never end; what is left then becomes a job of its own. */
const BUDGET_MS = 15_000;

export async function ingestJobs(doors: IngestDoors): Promise<void> {
  const trimKey = await secretOf(doors.db, doors.clock, 'trim');
  await doors.queue.work('ingest.read', 1, (job) => readShard(doors, job));
  await doors.queue.work('ingest.assemble', 1, (job) => assemble(doors, trimKey, job));
  await doors.queue.work('ingest.derive', 1, (job) => deriveShard(doors, job));
  await doors.queue.work('ingest.discard', 1, (job) => discard(doors, job));
}

async function driveOfJob(doors: IngestDoors, id: DriveId): Promise<DriveRow> {
  const drive = await findDrive(doors.db, id);
  if (drive === null) throw new Error(`drive ${id} of this job is gone`);
  return drive;
}

async function readShard(doors: IngestDoors, job: Job<'ingest.read'>): Promise<void> {
  const { driveId, from, to } = job.data;
  const drive = await driveOfJob(doors, driveId);
  const files = (await driveFiles(doors.db, driveId)).slice(from, to).filter(({ path }) => isPicturePath(path));
  const found = await eachWithin(paceOf(doors), files, (file) => readPicture(doors, file));
  const left = files[found.length];
  await doors.db.transaction(async (tx) => {
    await doors.queue.finish(tx, job);
    await insertFrames(tx, drive, found);
    if (left !== undefined) return await doors.queue.send(tx, 'ingest.read', { driveId, from: left.ordinal, to });
    if (await finishShard(tx, driveId)) await doors.queue.send(tx, 'ingest.assemble', { driveId });
  });
}

function paceOf({ workers, clock }: IngestDoors): Pace {
  return { atOnce: workers, clock, budgetMs: BUDGET_MS };
}

async function readPicture({ objects, parsers }: IngestDoors, file: DriveFile): Promise<FoundPicture> {
  const bytes = await originalOf(objects, file);
  return { path: file.path, id: file.sha256, size: file.size, ...(await lookAtPicture(parsers, file.path, bytes)) };
}

async function assemble(doors: IngestDoors, trimKey: Buffer, job: Job<'ingest.assemble'>): Promise<void> {
  const { db, objects, queue, recipe } = doors;
  const { driveId } = job.data;
  const drive = await driveOfJob(doors, driveId);
  const files = await driveFiles(db, driveId);
  const sensorFiles = await Promise.all(
    files.filter(({ path }) => isSensorPath(path)).map(async (file) => ({ path: file.path, bytes: await originalOf(objects, file) })),
  );
  const sensors = await doors.parsers.sensors(sensorFiles, recipe.ingest);
  await claimAgain(db, driveId);
  const frames = await receivedFrames(db, driveId);
  if ('code' in sensors) {
    const leftOut = frames.map(({ key }): LeftOut => ({ key, to: 'refused', refusal: sensors, duplicateOf: null }));
    return await refuse(doors, job, { reason: sensors, leftOut, notes: [] });
  }
  const claimed = await claimedElsewhere(db, driveId, frames.map(({ id }) => id));
  const assembled = assembleDrive({ drive, files, sensors, frames, claimed, rules: recipe.ingest, trimKey });
  if (assembled.document.frames.length === 0 && assembled.document.gnss.length === 0) {
    return await refuse(doors, job, { ...assembled, reason: reasonForNothing(assembled.leftOut.map(({ refusal }) => refusal)) });
  }
  const document = encodeDrive(assembled.document);
  const documentSha256 = sha256Of(document);
  await objects.putIfAbsent({ prefix: 'documents', sha256: documentSha256 }, document);
  await db.transaction(async (tx) => {
    await queue.finish(tx, job);
    await leaveOut(tx, assembled.leftOut, job.name);
    await placeFrames(tx, assembled.placed);
    await saveAssembly(tx, driveId, { ...assembled, inputSha256: assembled.document.inputSha256, documentSha256, device: assembled.document.device });
    await sendShards(queue, tx, driveId, assembled.placed.length);
  });
}

async function sendShards(queue: Queue, tx: Tx, driveId: DriveId, frames: number): Promise<void> {
  const shards = Math.ceil(frames / DERIVE_SHARD);
  await expectShards(tx, driveId, shards);
  if (shards === 0) await queue.send(tx, 'drive.ready', { driveId });
  for (let shard = 0; shard < shards; shard += 1) {
    await queue.send(tx, 'ingest.derive', { driveId, from: shard * DERIVE_SHARD, to: (shard + 1) * DERIVE_SHARD });
  }
}

/** A drive with nothing that could be judged, and what becomes of its frames. */
interface Unusable {
  readonly reason: Refusal;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly Refusal[];
}

async function refuse({ db, queue }: IngestDoors, job: Job<'ingest.assemble'>, { reason, leftOut, notes }: Unusable): Promise<void> {
  await db.transaction(async (tx) => {
    await queue.finish(tx, job);
    await leaveOut(tx, leftOut, job.name);
    await refuseDrive(tx, job.data.driveId, reason, notes);
  });
}

async function deriveShard(doors: IngestDoors, job: Job<'ingest.derive'>): Promise<void> {
  const { db, objects, queue } = doors;
  const { driveId, from, to } = job.data;
  const frames = await placedFrames(db, driveId, { from, to });
  const results = await eachWithin(paceOf(doors), frames, (frame) => deriveFrame(doors, frame));
  const left = frames[results.length];
  await db.transaction(async (tx) => {
    await queue.finish(tx, job);
    // A copy whose picture is damaged is out already.
    await leaveOut(tx, results.flatMap((result, n) => ('refusal' in result && !frames[n]!.isCopy ? [result] : [])), job.name);
    await markDerived(tx, results.flatMap((result) => ('refusal' in result ? [] : [result])));
    if (left !== undefined) return await queue.send(tx, 'ingest.derive', { driveId, from: left.ordinal, to });
    if (!(await finishShard(tx, driveId))) return;
    await saveDocument(tx, driveId, await finalDocument({ objects, tx }, await driveOfJob(doors, driveId)));
    await queue.send(tx, 'drive.ready', { driveId });
  });
}

async function deriveFrame({ objects, maxPixels }: IngestDoors, frame: PlacedRow): Promise<DerivedFrame | LeftOut> {
  const made = await derive(await originalOf(objects, { sha256: frame.id }), maxPixels);
  if ('code' in made) return { key: frame.key, to: 'refused', refusal: made, duplicateOf: null };
  const store = async (bytes: Buffer) => {
    const sha256 = sha256Of(bytes);
    await objects.putIfAbsent({ prefix: 'derived', sha256 }, bytes);
    return sha256;
  };
  return {
    key: frame.key,
    pictureSha256: await store(made.picture),
    thumbSha256: await store(made.thumb),
    greySha256: await store(made.grey),
    look: lookOf(made.grey),
    width: made.width,
    height: made.height,
    quality: made.quality,
  };
}

/** The assembled drive without the frames whose picture turned out to be damaged. */
async function finalDocument({ objects, tx }: { objects: Objects; tx: Tx }, drive: DriveRow): Promise<NonNullable<DriveRow['documentSha256']>> {
  const bytes = drive.documentSha256 === null ? null : await objects.get({ prefix: 'documents', sha256: drive.documentSha256 });
  if (bytes === null) throw new Error(`the document of drive ${drive.id} is not in the object store`);
  const decoded = await decodedPaths(tx, drive.id);
  const assembled = decodeDrive(bytes);
  const frames = assembled.frames.filter(({ path }) => decoded.has(path));
  if (frames.length === assembled.frames.length) return drive.documentSha256!;
  const document = encodeDrive({ ...assembled, frames });
  const sha256 = sha256Of(document);
  await objects.putIfAbsent({ prefix: 'documents', sha256 }, document);
  return sha256;
}

async function originalOf(objects: Objects, { sha256 }: Pick<DriveFile, 'sha256'>): Promise<Buffer> {
  const bytes = await objects.get({ prefix: 'original', sha256 });
  if (bytes === null) throw new Error(`original ${sha256} is not in the object store, although it was acknowledged`);
  return bytes;
}
