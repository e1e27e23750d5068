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
    const { track } = sketch;
    const leaps = leapsOf(track, rules);
    return (window) => {
      const n = worstLeap(leaps, sketch, window);
      if (n === null) return null;
      const [measured, limit, fromS, atS] = [leaps.jumpM[n]!, leaps.limitM[n]!, track.atS[n]!, track.atS[n + 1]!];
      // A leap that no gap excuses counts even where too little of the window is covered to call the rest plausible.
      if (measured <= limit && coveredShare(sketch, window, rules.maxStepS) < 0.5) return null;
      return { measured, limit, unit: 'm', bound: 'upper', atS, span: { fromS, toS: atS } };
    };
  },
};

/** For each step of a track what of it is unexplained, and how much may be. */
export interface Leaps {
  readonly jumpM: Float64Array;
  readonly limitM: Float64Array;
}

/** Steps on either side that say how the vehicle moved; their median forgets one odd fix. */
const NEIGHBOURS = 3;

const KNOWN = new WeakMap<Track, { readonly rules: ValidateRules; readonly leaps: Leaps }>();

/** Every step of a track against the motion around it; worked out once, since several checks ask. */
export function leapsOf(track: Track, rules: ValidateRules): Leaps {
  const known = KNOWN.get(track);
  if (known?.rules === rules) return known.leaps;
  const leaps = foundLeaps(track, rules);
  KNOWN.set(track, { rules, leaps });
  return leaps;
}

function foundLeaps(track: Track, rules: ValidateRules): Leaps {
  const steps = track.stepM.length;
  const lost = lostSteps(track, rules.displacement);
  const [jumpM, limitM] = [new Float64Array(steps), new Float64Array(steps)];
  const around = { east: new Float64Array(NEIGHBOURS), north: new Float64Array(NEIGHBOURS) };
  // A cold start is a re-acquisition, too.
  let settlingUntilS = (track.atS[0] ?? 0) + rules.displacement.reacquisitionS;
  let jumpLeft = true;
  for (let n = 0; n < steps; n += 1) {
    const [overM, allowedM] = [overspeedM(track, n, rules.displacement), allowanceM(track, n, rules.displacement)];
    [jumpM[n], limitM[n]] = [overM, allowedM];
    const atS = track.atS[n + 1]!;
    if (lost[n] === 1 || isBeside(track, n, rules.displacement)) {
      settlingUntilS = atS + rules.displacement.reacquisitionS;
      jumpLeft = true;
      continue;
    }
    const missM = Math.min(missOf(track, n, { from: n - NEIGHBOURS, to: n, rules, around }), missOf(track, n, { from: n + 1, to: n + 1 + NEIGHBOURS, rules, around }));
    const mostM = allowedM + (rules.displacement.accelMps2 * durationOf(track, n) ** 2) / 2;
    // Infinite where nothing around the step says how the vehicle moved.
    const isMiss = missM < Infinity && missM / mostM > overM / allowedM;
    const [foundM, atMostM] = isMiss ? [missM, mostM] : [overM, allowedM];
    if (jumpLeft && atS <= settlingUntilS && foundM > atMostM && foundM <= rules.displacement.reacquisitionJumpM) jumpLeft = false;
    else [jumpM[n], limitM[n]] = [foundM, atMostM];
  }
  return { jumpM, limitM };
}

/** Whether a fix at either end is known badly. */
function isBeside(track: Track, n: number, rules: DisplacementRules): boolean {
  return track.haccM[n]! > rules.reacquisitionHaccM || track.haccM[n + 1]! > rules.reacquisitionHaccM;
}

/** Distance beyond what the fastest road vehicle covers. */
function overspeedM(track: Track, n: number, rules: DisplacementRules): number {
  return Math.max(0, track.stepM[n]! - rules.limitMps * durationOf(track, n));
}

interface Around {
  /** Steps `[from, to)` beside it. */
  readonly from: number;
  readonly to: number;
  readonly rules: ValidateRules;
  /** Room for their velocities. */
  readonly around: { readonly east: Float64Array; readonly north: Float64Array };
}

/**
 * Distance between where a step ended and where the motion beside it would have led: its median velocity, axis by axis,
 * over steps that are short enough to say anything; infinite where none is.
 */
function missOf(track: Track, step: number, { from, to, rules: { maxStepS }, around: { east, north } }: Around): number {
  let count = 0;
  for (let n = Math.max(0, from); n < Math.min(track.stepM.length, to); n += 1) {
    const durationS = durationOf(track, n);
    if (durationS > maxStepS) continue;
    east[count] = track.stepEastM[n]! / durationS;
    north[count] = track.stepNorthM[n]! / durationS;
    count += 1;
  }
  if (count === 0) return Infinity;
  const durationS = durationOf(track, step);
  return Math.hypot(track.stepEastM[step]! - median(east.subarray(0, count)) * durationS, track.stepNorthM[step]! - median(north.subarray(0, count)) * durationS);
}

/** An unstated accuracy adds nothing, so that leaving it out never helps. */
function allowanceM(track: Track, n: number, rules: DisplacementRules): number {
  const [before, after] = [track.haccM[n]!, track.haccM[n + 1]!];
  const radiusM = Math.max(0, Number.isFinite(before) ? before : 0, Number.isFinite(after) ? after : 0);
  return rules.jumpM + rules.haccShare * radiusM;
}

function durationOf(track: Track, n: number): number {
  return track.atS[n + 1]! - track.atS[n]!;
}

function median(values: Float64Array): number {
  values.sort();
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}

/** The number of the leap that goes furthest beyond its limit in a window, or null. */
export function worstLeap({ jumpM, limitM }: Leaps, sketch: Sketch, window: Window): number | null {
  const [from, to] = stepsIn(sketch.track, window);
  let worst: number | null = null;
  for (let n = from; n < to; n += 1) {
    if (worst === null || jumpM[n]! / limitM[n]! > jumpM[worst]! / limitM[worst]!) worst = n;
  }
  return worst;
}

/** A course is read over two seconds, so a leap turns it for about as long to either side. */
const LEAP_REACH_S = 3;

/** 1 in each second that no leap of the positions is near: other checks leave leaps to these. */
export function withoutLeaps({ track, positionMps }: Sketch, rules: ValidateRules): Uint8Array {
  const isRoad = new Uint8Array(positionMps.length).fill(1);
  const { jumpM } = leapsOf(track, rules);
  for (let n = 0; n < jumpM.length; n += 1) {
    if (!(jumpM[n]! > rules.displacement.jumpM / 2)) continue;
    const second = Math.floor(track.atS[n + 1]!);
    isRoad.fill(0, Math.max(0, second - LEAP_REACH_S), second + LEAP_REACH_S);
  }
  return isRoad;
}
