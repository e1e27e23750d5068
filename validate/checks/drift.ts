import type { DriftRules } from '../../shared/model/validate-rules.ts';
import type { Measurement } from '../../shared/model/verdict.ts';
import { type DriftRow, fitDrift } from '../filter/drift-fit.ts';
import { knownRadiusM } from '../filter/radius.ts';
import { type VehicleMotion, vehicleMotion } from '../filter/vehicle-motion.ts';
import type { Sketch } from '../sketch.ts';
import type { Check, Window } from './check.ts';
import { withoutLeaps } from './displacement.ts';

/**
 * Track against gyroscope over one to three minutes: positions that slide off against the world. A car does not slide:
 * a drift shows as sideways speed that changes with the heading, and as a track that moves while the motion sensor
 * stands. In m/s of drift, against what could be told from none: where neither turns nor stops tell it that is much.
 */
export const drift: Check = {
  name: 'drift',
  reason: 'track_drifts',
  vouches: false,
  channels: () => ['position', 'gyro'],
  over: (sketch, all) => {
    const rules = all.drift;
    const motion = vehicleMotion(sketch);
    if (motion === null) return () => null;
    const fitting: Fitting = { rules, noise: noiseOf(motion, sketch, rules), isRoad: withoutLeaps(sketch, all) };
    return (window) => driftIn(motion, window, fitting);
  },
};

/** What is left of a gyroscope's bias after a standstill told it, and what a phone's own calibration leaves where none did. */
const BIAS_RADPS = { told: 0.0005, untold: 0.002 } as const;

interface Fitting {
  readonly rules: DriftRules;
  /** Of the sideways speed in each second, as far as it lasts. */
  readonly noise: Float64Array;
  /** 0 near a leap of the positions. */
  readonly isRoad: Uint8Array;
}

function driftIn(motion: VehicleMotion, window: Window, { rules, noise, isRoad }: Fitting): Measurement | null {
  let worst: Measurement | null = null;
  for (const aroundS of rules.aroundS) {
    const [from, to] = [Math.max(0, Math.floor(window.fromS) - aroundS), Math.min(motion.seconds, Math.ceil(window.toS) + aroundS)];
    const rows = rowsOf(motion, isRoad, from, to);
    if (rows.length < rules.leastS) continue;
    const isTold = rows.every(({ second }) => Number.isFinite(motion.biasRadps[second]!));
    const fit = fitDrift(rows, rows.reduce((sum, { second }) => sum + noise[second]!, 0) / rows.length, isTold ? BIAS_RADPS.told : BIAS_RADPS.untold);
    if (fit === null || fit.significance === 0) continue;
    // What would be told from none, in its direction.
    const limit = Math.max(rules.limitMps, (rules.sigmas * fit.speedMps) / fit.significance);
    if (worst === null || fit.speedMps / limit > worst.measured / worst.limit) worst = { measured: fit.speedMps, limit, unit: 'm/s', bound: 'upper', atS: (window.fromS + window.toS) / 2 };
  }
  return worst;
}

/** Seconds of the longest unbroken piece, turned so that heading and course agree in the mean. */
function rowsOf({ track, turnedRad, missing, still }: VehicleMotion, isRoad: Uint8Array, from: number, to: number): readonly (DriftRow & { readonly second: number })[] {
  const [first, end] = longestPiece(missing, from, to);
  let [east, north] = [0, 0];
  for (let k = first; k < end; k += 1) {
    const offset = track.courseRad[k]! - turnedRad[k]!;
    if (!Number.isFinite(offset)) continue;
    east += Math.sin(offset);
    north += Math.cos(offset);
  }
  const offset = Math.atan2(east, north);
  const middleS = (from + to) / 2;
  const rows: (DriftRow & { second: number })[] = [];
  for (let k = first; k < end; k += 1) {
    const [eastMps, northMps] = [track.eastMps[k]!, track.northMps[k]!];
    if (!Number.isFinite(eastMps + northMps) || isRoad[k] === 0) continue;
    const heading = turnedRad[k]! + offset;
    const [sin, cos] = [Math.sin(heading), Math.cos(heading)];
    rows.push({ second: k, atS: k - middleS, forwardMps: eastMps * sin + northMps * cos, rightMps: eastMps * cos - northMps * sin, rightEast: cos, rightNorth: -sin });
    // A vehicle that stands does not go forward either.
    if (still[k] === 1 && still[k - 1] === 1) rows.push({ second: k, atS: k - middleS, forwardMps: 0, rightMps: eastMps * sin + northMps * cos, rightEast: sin, rightNorth: cos });
  }
  return rows;
}

function longestPiece(missing: Float64Array, from: number, to: number): readonly [number, number] {
  let best: readonly [number, number] = [from, from];
  let first = from;
  for (let k = from; k < to; k += 1) {
    if (missing[k + 1]! > missing[k]!) first = k + 1;
    else if (k + 1 - first > best[1] - best[0]) best = [first, k + 1];
  }
  return best;
}

/** What a receiver's slow wandering adds to the sideways speed, by its radius. */
function noiseOf({ seconds }: VehicleMotion, sketch: Sketch, { noiseMps, haccShare }: DriftRules): Float64Array {
  const knownM = knownRadiusM(sketch);
  return Float64Array.from({ length: seconds }, (_, k) => noiseMps + haccShare * Math.max(0, knownM[k]! || 0));
}
