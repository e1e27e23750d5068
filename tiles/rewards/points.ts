import type { Tx } from '../../shared/io/db.ts';
import { type Cell, cellAreaM2, FRAME_RESOLUTION, meanCellAreaM2 } from '../../shared/model/cell.ts';
import { epochOf, epochSpan } from '../../shared/model/epoch.ts';
import type { ReasonCode } from '../../shared/model/reason.ts';
import type { RewardRules } from '../../shared/model/recipe.ts';
import { groupBy } from '../group.ts';
import { lockTreesOf } from '../rollup.ts';
import { holdEpochsOpen } from './epoch-store.ts';
import { type Candidate, octantsAlong, type Pot, potMicroPoints, PPM, refillDays, type Share, sharePot, worthOf } from './pots.ts';
import {
  drivesWithoutOctants, headingsOfDrive, type PointRow, type PotFrame, potFrames, putOctants, replacePoints,
} from './store.ts';

const US_PER_S = 1_000_000n;

/**
 * Recomputes what every public frame in these resolution 12 cells earns, in all epochs: a frame that comes or goes
 * changes the ranks of its own pot and the refill of the next ones. Takes turns with other refreshes of these cells.
 * Points of a closed epoch are settled: they stay as they are, and who comes to it later earns nothing.
 */
export async function refreshPoints(tx: Tx, cells: readonly Cell[], rules: RewardRules): Promise<void> {
  if (cells.length === 0) return;
  await lockTreesOf(tx, cells);
  for (const driveId of await drivesWithoutOctants(tx, cells)) await orient(tx, driveId, rules);
  const closed = await holdEpochsOpen(tx);
  const places = groupBy(await potFrames(tx, cells), ({ h3, octant }) => `${h3} ${octant}`);
  await replacePoints(tx, { cells, closed }, [...places.values()].flatMap((frames) => pointsOf(frames, rules)));
}

async function orient(tx: Tx, driveId: string, rules: RewardRules): Promise<void> {
  for (const frames of groupBy(await headingsOfDrive(tx, driveId), ({ sequence }) => sequence).values()) {
    const octants = octantsAlong(frames.map(({ headingDeg }) => headingDeg), rules.octantHysteresisDeg);
    await putOctants(tx, frames.map(({ key }) => key), octants);
  }
}

/** The rows of all pots of one cell and octant. */
export function pointsOf(frames: readonly PotFrame[], rules: RewardRules): readonly PointRow[] {
  const byEpoch = [...groupBy(frames, (frame) => epochOf(secondsOf(frame)))].toSorted(([a], [b]) => a - b);
  let lastCaptureS: number | null = null;
  return byEpoch.flatMap(([epoch, members]) => {
    const pot = { refillDays: refillDays(lastCaptureS, epochSpan(epoch)[0], rules), areaPpm: areaPpm(members[0]!.h3) };
    // A capture too weak to be paid leaves the pot to the next: else whoever forges one could empty it for nothing.
    const paid = members.filter((frame) => worthOf(candidateOf(frame), rules) > 0n);
    if (paid.length > 0) lastCaptureS = paid.reduce((last, frame) => Math.max(last, secondsOf(frame)), -Infinity);
    const of = new Map(members.map((frame) => [frame.key, frame]));
    return sharePot(pot, members.map(candidateOf), rules).map((share) => rowOf({ pot, share, frame: of.get(share.frame.key)!, epoch }, rules));
  });
}

/** Area of a cell over the mean of its resolution, in parts per million. */
export function areaPpm(cell: Cell): bigint {
  return BigInt(Math.round((cellAreaM2(cell) / meanCellAreaM2(FRAME_RESOLUTION)) * Number(PPM)));
}

interface Placed {
  readonly pot: Pot;
  readonly share: Share;
  readonly frame: PotFrame;
  readonly epoch: number;
}

function rowOf({ pot, share, frame, epoch }: Placed, rules: RewardRules): PointRow {
  return {
    frameKey: frame.key,
    epoch,
    h3: frame.h3,
    octant: frame.octant,
    accountId: frame.accountId,
    rank: share.rank,
    best: share.best,
    microPoints: share.microPoints,
    potMicroPoints: potMicroPoints(pot, rules),
    refillDays: pot.refillDays,
    refillOfDays: rules.refillDays,
    areaPpm: pot.areaPpm,
    share: share.share,
    shareOf: share.shareOf,
    qualityPpm: share.frame.qualityPpm,
    tierHalves: share.tierHalves,
    reason: reasonOf(pot, share, rules),
  };
}

function reasonOf(pot: Pot, { rank }: Share, rules: RewardRules): ReasonCode | null {
  if (pot.refillDays === 0) return 'already_fresh';
  return rank !== null && rank > rules.rankShares.length ? 'beyond_third' : null;
}

function candidateOf({ key, id, accountId, capturedAtUs, qualityPpm, tier }: PotFrame): Candidate {
  return { key, id, accountId, capturedAtUs, qualityPpm: qualityPpm === null ? null : BigInt(qualityPpm), tier };
}

/** Whole seconds: an epoch and a day begin on one. */
function secondsOf({ capturedAtUs }: PotFrame): number {
  const seconds = capturedAtUs / US_PER_S;
  return Number(capturedAtUs % US_PER_S < 0n ? seconds - 1n : seconds);
}
