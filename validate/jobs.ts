import type { ContextVerdict } from '../shared/model/context-verdict.ts';
import { type Drive, withGreys } from '../shared/model/drive.ts';
import type { DriveId } from '../shared/model/ids.ts';
import type { ReasonCode } from '../shared/model/reason.ts';
import type { Recipe } from '../shared/model/recipe.ts';
import type { DriveVerdict, FrameVerdict, Verdict } from '../shared/model/verdict.ts';
import type { Clock } from '../shared/io/clock.ts';
import type { Db, Tx } from '../shared/io/db.ts';
import { type LeaveMap, moveFrames } from '../shared/io/frame-moves.ts';
import type { Log } from '../shared/io/log.ts';
import type { Objects } from '../shared/io/objects.ts';
import type { Job, Queue } from '../shared/io/queue.ts';
import { judgeContext } from './context/judge-context.ts';
import { readContext, tracesOf } from './context/read-context.ts';
import { insertContextVerdict, leaveTraces, mustWait, type Traces } from './context/store.ts';
import { readDocument } from './document.ts';
import { readGreys } from './greys.ts';
import { judgeWithNet } from './judge-with-net.ts';
import type { Net } from './net.ts';
import { openCases } from './review/case-store.ts';
import { reviewJobs } from './review/jobs.ts';
import { insertVerdict, markDrive, markFrames, readyFrames } from './store.ts';

export interface ValidateDoors {
  readonly db: Db;
  readonly objects: Objects;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  readonly recipe: Recipe;
  readonly leaveMap: LeaveMap;
  readonly net: Net;
}

/** Until a drive whose elders are still in work is looked at again. */
const WAIT_S = 1;

/** Starts the workers of Validate: a ready drive gets its verdict, and what it flags goes to people. */
export async function validateJobs(doors: ValidateDoors): Promise<void> {
  await reviewJobs(doors);
  await doors.queue.work('drive.ready', 1, (job) => judgeReady(doors, job));
}

async function judgeReady(doors: ValidateDoors, job: Job<'drive.ready'>): Promise<void> {
  const { db, clock, queue, log } = doors;
  const drive = job.data.driveId;
  if (await mustWait(db, drive)) return await again(doors, job);
  const document = await readDocument(doors, drive);
  const seen = withGreys(document, await readGreys(doors, drive));
  const intrinsic = await judgeWithNet(doors.net, seen, doors.recipe);
  const traces = tracesOf(seen);
  const context = await heldAgainst(doors, { id: drive, drive: seen, traces, intrinsic });
  const verdict: DriveVerdict = context === null ? intrinsic : { ...intrinsic, verdict: context.verdict, frames: context.frames };
  await db.transaction(async (tx) => {
    await queue.finish(tx, job);
    await insertVerdict(tx, clock, { drive, verdict: intrinsic });
    if (context !== null) await insertContextVerdict(tx, clock, { drive, intrinsic, context });
    await leaveTraces(tx, drive, traces);
    await moveJudged(tx, doors.leaveMap, { drive, verdict });
    await markDrive(tx, clock, { drive, verdict });
    await openCases(tx, clock, doors.recipe, drive);
    await queue.send(tx, 'frames.judged', { driveId: drive });
  });
  log.info({ drive, verdict: verdict.verdict, tier: verdict.tier, frames: verdict.frames.length }, 'drive judged');
}

/** Of two copies the drive closed first is the original, so it is judged first. */
async function again({ db, queue }: ValidateDoors, job: Job<'drive.ready'>): Promise<void> {
  await db.transaction(async (tx) => {
    await queue.finish(tx, job);
    await queue.send(tx, 'drive.ready', job.data, { afterS: WAIT_S });
  });
}

interface Held {
  readonly id: DriveId;
  readonly drive: Drive;
  readonly traces: Traces;
  readonly intrinsic: DriveVerdict;
}

/** Null where there was no other drive to hold it against, and the server's clock has nothing against it. */
async function heldAgainst(doors: ValidateDoors, { id, drive, traces, intrinsic }: Held): Promise<ContextVerdict | null> {
  const context = await readContext(doors, id, traces, doors.recipe.validate.context);
  const held = await judgeContext(drive, intrinsic, context, doors.recipe);
  return held.drives === 0 && held.lines.every(({ spans }) => spans.length === 0) ? null : held;
}

/** Frames that were withdrawn meanwhile are not ready any more, and stay as they are. */
async function moveJudged(tx: Tx, leaveMap: LeaveMap, { drive, verdict }: { drive: DriveId; verdict: DriveVerdict }): Promise<void> {
  const waiting = await readyFrames(tx, drive);
  const judged = verdict.frames.flatMap((frame) => {
    const key = waiting.get(frame.path);
    return key === undefined ? [] : [{ ...frame, key }];
  });
  if (judged.length < waiting.size) throw new Error(`drive ${drive}: ${waiting.size - judged.length} ready frames are not in its document`);
  await markFrames(tx, judged, verdict.tier);
  for (const { keys, to, reasons } of movesOf(judged)) await moveFrames(tx, leaveMap, { keys, to, reasons, movedBy: 'drive.ready' });
}

interface Move {
  readonly keys: bigint[];
  readonly to: Verdict;
  readonly reasons: readonly ReasonCode[];
}

/** Frames that go the same way for the same reasons move together. */
function movesOf(frames: readonly (FrameVerdict & { readonly key: bigint })[]): Iterable<Move> {
  const moves = new Map<string, Move>();
  for (const { key, verdict, reasons } of frames) {
    const way = [verdict, ...reasons].join(' ');
    const move = moves.get(way) ?? { keys: [], to: verdict, reasons };
    move.keys.push(key);
    moves.set(way, move);
  }
  return moves.values();
}
