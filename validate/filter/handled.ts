import type { ImuSketch } from '../imu-sketch.ts';
import type { Piece } from '../imu-level.ts';

/** A vehicle pitches and rolls by a few degrees and comes back; a mean rate over a second beyond this is a hand. */
const TUMBLING_RADPS = 0.2;
/** Braking as hard as a road allows tilts the specific force by some 40°, but not for so long as this. */
const REACH_S = 12;
const TILTED = Math.cos((25 * Math.PI) / 180);
/** Cornering tilts the force of a second, but not that of so long to either side. */
const VERTICAL_REACH_S = 8;
/** What is moved by hand is moved for a while. */
const AROUND_S = 2;
/** A piece shorter than this is too short to find its vertical. */
const LEAST_PIECE_S = 20;

/** The stretches in which a device lies the same way in its vehicle: between them somebody handled it, or it fell. */
export function restingPieces(imu: ImuSketch): readonly Piece[] {
  const seconds = imu.forceNormMps2.length;
  const isHandled = handledSeconds(imu);
  const pieces: Piece[] = [];
  let from = 0;
  for (let k = 0; k <= seconds; k += 1) {
    if (k < seconds && isHandled[k] === 0) continue;
    if (k - from >= LEAST_PIECE_S) pieces.push({ from, to: k });
    from = k + 1;
  }
  return pieces;
}

/** 1 in each second in which the device turned against its vehicle: about a level axis, or for good. */
export function handledSeconds(imu: ImuSketch): Uint8Array {
  const seconds = imu.forceNormMps2.length;
  const handled = new Uint8Array(seconds);
  const sums = imu.meanForce.map(runningSum);
  for (let k = 0; k < seconds; k += 1) {
    if (tumblingRadps(imu, sums, k) < TUMBLING_RADPS && !isTilted(sums, k)) continue;
    handled.fill(1, Math.max(0, k - AROUND_S), Math.min(seconds, k + AROUND_S + 1));
  }
  return handled;
}

/** Turn rate about level axes: what is left of the gyroscope's mean without its part along the force of the seconds around. */
function tumblingRadps({ meanGyro }: ImuSketch, sums: readonly Float64Array[], k: number): number {
  const [from, to] = [Math.max(0, k - VERTICAL_REACH_S), Math.min(meanGyro[0].length, k + VERTICAL_REACH_S + 1)];
  const up = sums.map((sum) => sum[to]! - sum[from]!);
  const along = up.reduce((sum, value, n) => sum + value * meanGyro[n]![k]!, 0) / Math.hypot(...up);
  const squared = meanGyro.reduce((sum, axis) => sum + axis[k]! ** 2, 0) - along ** 2;
  return Number.isFinite(squared) ? Math.sqrt(Math.max(0, squared)) : 0;
}

/** Whether the specific force points elsewhere after the second than before it. */
function isTilted(sums: readonly Float64Array[], k: number): boolean {
  const last = sums[0]!.length - 1;
  if (k < REACH_S || k + REACH_S > last) return false;
  const before = sums.map((sum) => sum[k]! - sum[k - REACH_S]!);
  const after = sums.map((sum) => sum[k + REACH_S]! - sum[k]!);
  const dot = before.reduce((sum, value, n) => sum + value * after[n]!, 0);
  return dot < TILTED * Math.hypot(...before) * Math.hypot(...after);
}

function runningSum(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (const [k, value] of values.entries()) sums[k + 1] = sums[k]! + (Number.isFinite(value) ? value : 0);
  return sums;
}
