import type { DisplacementRules, ValidateRules } from '../../shared/model/validate-rules.ts';
import type { Sketch, Track } from '../sketch.ts';
import type { Check, Window } from './check.ts';
import { coveredShare, stepsIn } from './coverage.ts';
import { lostSteps } from './lost.ts';

/**
 * Position against itself: how far each step leaps beyond what the motion around it and hard driving explain,
 * in metres. Catches teleports; one jump of a receiver that finds itself again is allowed.
 */
export const displacement: Check = {
  name: 'displacement',
  reason: 'teleport',
  vouches: true,
  channels: () => ['position'],
  over: (sketch, rules) => {
    const leaps = leapsOf(sketch.track, rules);
    return (window) => {
      const worst = worstLeap(leaps, sketch, window);
      // A leap that no gap excuses counts even where too little of the window is covered to call the rest plausible.
      if (worst === null || (worst.jumpM <= worst.limitM && coveredShare(sketch, window, rules.maxStepS) < 0.5)) return null;
      return { measured: worst.jumpM, limit: worst.limitM, unit: 'm', bound: 'upper', atS: worst.atS, span: { fromS: worst.fromS, toS: worst.atS } };
    };
  },
};

/** A step of the track with what is unexplained of it. */
export interface Leap {
  readonly fromS: number;
  readonly atS: number;
  readonly jumpM: number;
  readonly limitM: number;
}

/** Steps on either side that say how the vehicle moved; their median forgets one odd fix. */
const NEIGHBOURS = 3;

/** Every step of a track against the motion around it. */
export function leapsOf(track: Track, rules: ValidateRules): readonly Leap[] {
  const leaps: Leap[] = [];
  const lost = lostSteps(track, rules.displacement);
  // A cold start is a re-acquisition, too.
  let settlingUntilS = (track.atS[0] ?? 0) + rules.displacement.reacquisitionS;
  let jumpLeft = true;
  for (let n = 0; n < track.stepM.length; n += 1) {
    const atS = track.atS[n + 1]!;
    if (lost[n] === 1 || isBeside(track, n, rules.displacement)) {
      settlingUntilS = atS + rules.displacement.reacquisitionS;
      jumpLeft = true;
      leaps.push(overspeed(track, n, rules.displacement));
      continue;
    }
    const leap = unexplained(track, n, rules);
    const isSettling = jumpLeft && atS <= settlingUntilS && leap.jumpM > leap.limitM && leap.jumpM <= rules.displacement.reacquisitionJumpM;
    if (isSettling) jumpLeft = false;
    leaps.push(isSettling ? overspeed(track, n, rules.displacement) : leap);
  }
  return leaps;
}

/** Whether a fix at either end is known badly. */
function isBeside(track: Track, n: number, rules: DisplacementRules): boolean {
  return track.haccM[n]! > rules.reacquisitionHaccM || track.haccM[n + 1]! > rules.reacquisitionHaccM;
}

/** Distance beyond what the fastest road vehicle covers. */
function overspeed(track: Track, n: number, rules: DisplacementRules): Leap {
  const jumpM = Math.max(0, track.stepM[n]! - rules.limitMps * durationOf(track, n));
  return { fromS: track.atS[n]!, atS: track.atS[n + 1]!, jumpM, limitM: allowanceM(track, n, rules) };
}

/** Distance between where the step ended and where the motion before it, or after it, would have led. */
function unexplained(track: Track, n: number, { displacement: rules, maxStepS }: ValidateRules): Leap {
  const too = overspeed(track, n, rules);
  const durationS = durationOf(track, n);
  const around = [velocity(track, n - NEIGHBOURS, n, maxStepS), velocity(track, n + 1, n + 1 + NEIGHBOURS, maxStepS)];
  const misses = around.flatMap((v) => (v === null ? [] : [Math.hypot(track.stepEastM[n]! - v.eastMps * durationS, track.stepNorthM[n]! - v.northMps * durationS)]));
  if (misses.length === 0) return too;
  const jumpM = Math.min(...misses);
  const limitM = too.limitM + (rules.accelMps2 * durationS ** 2) / 2;
  return jumpM / limitM > too.jumpM / too.limitM ? { ...too, jumpM, limitM } : too;
}

/** An unstated accuracy adds nothing, so that leaving it out never helps. */
function allowanceM(track: Track, n: number, rules: DisplacementRules): number {
  const radiusM = Math.max(0, ...[track.haccM[n]!, track.haccM[n + 1]!].filter(Number.isFinite));
  return rules.jumpM + rules.haccShare * radiusM;
}

function durationOf(track: Track, n: number): number {
  return track.atS[n + 1]! - track.atS[n]!;
}

/** Median velocity, axis by axis, over steps `[from, to)` that are short enough to say anything. */
function velocity(track: Track, from: number, to: number, maxStepS: number): { eastMps: number; northMps: number } | null {
  const east: number[] = [];
  const north: number[] = [];
  for (let n = Math.max(0, from); n < Math.min(track.stepM.length, to); n += 1) {
    const durationS = durationOf(track, n);
    if (durationS > maxStepS) continue;
    east.push(track.stepEastM[n]! / durationS);
    north.push(track.stepNorthM[n]! / durationS);
  }
  return east.length === 0 ? null : { eastMps: median(east), northMps: median(north) };
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}

/** The leap that goes furthest beyond its limit in a window. */
export function worstLeap(leaps: readonly Leap[], sketch: Sketch, window: Window): Leap | null {
  const [from, to] = stepsIn(sketch.track, window);
  let worst: Leap | null = null;
  for (let n = from; n < to; n += 1) {
    const leap = leaps[n]!;
    if (worst === null || leap.jumpM / leap.limitM > worst.jumpM / worst.limitM) worst = leap;
  }
  return worst;
}

/** A course is read over two seconds, so a leap turns it for about as long to either side. */
const LEAP_REACH_S = 3;

/** 1 in each second that no leap of the positions is near: other checks leave leaps to these. */
export function withoutLeaps({ track, positionMps }: Sketch, rules: ValidateRules): Uint8Array {
  const isRoad = new Uint8Array(positionMps.length).fill(1);
  for (const { jumpM, atS } of leapsOf(track, rules)) {
    if (jumpM > rules.displacement.jumpM / 2) isRoad.fill(0, Math.max(0, Math.floor(atS) - LEAP_REACH_S), Math.floor(atS) + LEAP_REACH_S);
  }
  return isRoad;
}
