import { turnDeg } from '../../shared/model/geo.ts';
import type { RewardRules } from '../../shared/model/recipe.ts';
import type { Tier } from '../../shared/model/verdict.ts';
import { octantOf, OCTANTS } from '../bucket.ts';

/**
 * Each (cell × octant × epoch) holds one pot. The law: what a pot pays out never exceeds the pot, however many
 * frames, accounts or drives come; and every amount is one exact fraction, rounded down once.
 *
 *   pot    = floor(potMicroPoints × refill days / refillDays × area)
 *   amount = floor(pot × rank's share / shares of the ranks that came × quality × tier)
 *
 * Dust (what the floors cut off) and what quality and tier take away stay in the pot: they are paid to nobody.
 */

/** Where frames without a heading go. */
export const ALL_ROUND = -1;
/** Quality and area are whole parts per million. */
export const PPM = 1_000_000n;

const OCTANT_DEG = 360 / OCTANTS;

/**
 * The octant of each frame of a sequence, in time order: it changes only once the heading is `hysteresisDeg` beyond
 * the edge of the last one, so that a road along an edge fills one pot and not two. Without a heading: ALL_ROUND.
 */
export function octantsAlong(headingsDeg: readonly (number | null)[], hysteresisDeg: number): readonly number[] {
  let current: number | null = null;
  return headingsDeg.map((headingDeg) => {
    if (headingDeg === null) return ALL_ROUND;
    const holds = current !== null && Math.abs(turnDeg(current * OCTANT_DEG, headingDeg)) <= OCTANT_DEG / 2 + hysteresisDeg;
    if (!holds) current = octantOf(headingDeg);
    return current!;
  });
}

/** What fills a pot before anybody comes. */
export interface Pot {
  /** Whole days between the last capture that could be paid and the epoch's begin, at most the recipe's `refillDays`. */
  readonly refillDays: number;
  /** Area of the cell over the mean of its resolution, in parts per million. */
  readonly areaPpm: bigint;
}

/** A public frame that competes for a pot. */
export interface Candidate {
  readonly key: bigint;
  readonly id: string;
  readonly accountId: string;
  readonly capturedAtUs: bigint;
  /** Null: not measured, which takes nothing away. */
  readonly qualityPpm: bigint | null;
  readonly tier: Tier | null;
}

/** What a frame gets of a pot, with every factor. */
export interface Share {
  readonly frame: Candidate;
  /** Of the contributor among those who can be paid, from 1; null where none of its frames can be. */
  readonly rank: number | null;
  /** The contributor's best frame, the only one of it that is paid. */
  readonly best: boolean;
  readonly share: number;
  readonly shareOf: number;
  readonly tierHalves: number;
  readonly microPoints: bigint;
}

/** Days from the last capture (UTC seconds) to the epoch's begin, whole and at most `rules.refillDays`; null: never captured. */
export function refillDays(lastCaptureS: number | null, epochBeginS: number, rules: RewardRules): number {
  if (lastCaptureS === null) return rules.refillDays;
  return Math.max(0, Math.min(rules.refillDays, Math.floor((epochBeginS - lastCaptureS) / DAY_S)));
}

const DAY_S = 86_400;

export function potMicroPoints(pot: Pot, rules: RewardRules): bigint {
  return (rules.potMicroPoints * BigInt(pot.refillDays) * pot.areaPpm) / (BigInt(rules.refillDays) * PPM);
}

/** Shares of all candidates, in the order given; the order changes nothing else. */
export function sharePot(pot: Pot, candidates: readonly Candidate[], rules: RewardRules): readonly Share[] {
  const full = potMicroPoints(pot, rules);
  const best = bestFrames(candidates, rules);
  const ranked = rankedContributors(candidates, rules);
  const shareOf = rules.rankShares.slice(0, Math.max(1, ranked.length)).reduce((sum, share) => sum + share, 0);
  return candidates.map((frame) => {
    const place = ranked.indexOf(frame.accountId);
    const isBest = best.get(frame.accountId) === frame;
    const share = place === -1 ? 0 : (rules.rankShares[place] ?? 0);
    const worth = isBest ? worthOf(frame, rules) : 0n;
    return {
      frame,
      rank: place === -1 ? null : place + 1,
      best: isBest,
      share,
      shareOf,
      tierHalves: halvesOf(frame, rules),
      microPoints: (full * BigInt(share) * worth) / (BigInt(shareOf) * PPM * HALVES),
    };
  });
}

const HALVES = 2n;

/** Contributors by their first capture; one whose frames are all worth nothing yet takes no rank from the others. */
function rankedContributors(candidates: readonly Candidate[], rules: RewardRules): readonly string[] {
  const paid = candidates.filter((frame) => worthOf(frame, rules) > 0n).toSorted(byCapture);
  return [...new Set(paid.map(({ accountId }) => accountId))];
}

function bestFrames(candidates: readonly Candidate[], rules: RewardRules): ReadonlyMap<string, Candidate> {
  const best = new Map<string, Candidate>();
  for (const frame of candidates.toSorted(byCapture)) {
    const sofar = best.get(frame.accountId);
    if (sofar === undefined || worthOf(frame, rules) > worthOf(sofar, rules)) best.set(frame.accountId, frame);
  }
  return best;
}

/** Quality × tier, in halves of a millionth; 0 is what cannot be paid. */
export function worthOf(frame: Candidate, rules: RewardRules): bigint {
  return (frame.qualityPpm ?? PPM) * BigInt(halvesOf(frame, rules));
}

/** A frame without a tier was not judged: it earns nothing. */
function halvesOf({ tier }: Candidate, rules: RewardRules): number {
  return tier === null ? 0 : rules.tierHalves[tier];
}

/** The id decides between captures of the same microsecond, so that the order is the same everywhere. */
function byCapture(a: Candidate, b: Candidate): number {
  if (a.capturedAtUs !== b.capturedAtUs) return a.capturedAtUs < b.capturedAtUs ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
