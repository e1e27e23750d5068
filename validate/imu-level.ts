import type { ImuSketch } from './imu-sketch.ts';

/** The motion sensor turned upright, second by second; which way forward is stays unknown. NaN = missing. */
export interface LevelMotion {
  /** About the vertical, positive clockwise seen from above, as courses turn. */
  readonly yawRadps: Float64Array;
  /** Specific force beyond gravity, upwards. */
  readonly upMps2: Float64Array;
  /** Level specific force in a frame that is fixed to the device and stays level: first and second axis, right-handed with up. */
  readonly firstMps2: Float64Array;
  readonly secondMps2: Float64Array;
}

/** Gravity is what remains of the specific force over this long to either side: turns and braking are shorter. */
const GRAVITY_REACH_S = 30;
/** A level axis that is nearly vertical has no direction. */
const LEAST_LEVEL = 0.2;

type Vector = readonly [number, number, number];

/** A half-open range of seconds in which the device lies the same way in its vehicle. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/**
 * Tilt from gravity alone, so it needs no position and no knowledge of the mounting. Where a device was handled, each
 * piece between is levelled on its own; seconds in no piece are missing.
 */
export function levelMotion(imu: ImuSketch, pieces: readonly Piece[] = [{ from: 0, to: imu.forceNormMps2.length }]): LevelMotion {
  const seconds = imu.forceNormMps2.length;
  const column = (): Float64Array => new Float64Array(seconds).fill(NaN);
  const level = { yawRadps: column(), upMps2: column(), firstMps2: column(), secondMps2: column() };
  for (const piece of pieces) levelPiece(imu, piece, level);
  return level;
}

function levelPiece(imu: ImuSketch, { from, to }: Piece, level: LevelMotion): void {
  const gravity = imu.meanForce.map((axis) => centredMean(axis.subarray(from, to), GRAVITY_REACH_S)) as unknown as ImuSketch['meanForce'];
  const axis = mostLevelAxis(gravity);
  for (let k = from; k < to; k += 1) {
    const down = at(gravity, k - from);
    const norm = Math.hypot(...down);
    if (!(norm > 1)) continue;
    const up = scaled(down, 1 / norm);
    const force = at(imu.meanForce, k);
    level.upMps2[k] = dot(force, up) - norm;
    level.yawRadps[k] = -dot(at(imu.meanGyro, k), up);
    const along = minus(axis, scaled(up, dot(axis, up)));
    const length = Math.hypot(...along);
    if (length < LEAST_LEVEL) continue;
    const first = scaled(along, 1 / length);
    level.firstMps2[k] = dot(force, first);
    level.secondMps2[k] = dot(force, cross(up, first));
  }
}

/** Mean over so many seconds to either side, of those that are there; NaN where none is. */
export function centredMean(values: Float64Array, reachS: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  const counts = new Float64Array(values.length + 1);
  for (let k = 0; k < values.length; k += 1) {
    const isThere = Number.isFinite(values[k]);
    sums[k + 1] = sums[k]! + (isThere ? values[k]! : 0);
    counts[k + 1] = counts[k]! + (isThere ? 1 : 0);
  }
  return values.map((_, k) => {
    const [from, to] = [Math.max(0, k - reachS), Math.min(values.length, k + reachS + 1)];
    return (sums[to]! - sums[from]!) / (counts[to]! - counts[from]!);
  });
}

/** The axis of the device that gravity pulls along least, over the whole drive. */
function mostLevelAxis(gravity: ImuSketch['meanForce']): Vector {
  const pull = gravity.map((axis) => axis.reduce((sum, value) => sum + (Number.isFinite(value) ? Math.abs(value) : 0), 0));
  const least = pull.indexOf(Math.min(...pull));
  return [least === 0 ? 1 : 0, least === 1 ? 1 : 0, least === 2 ? 1 : 0];
}

function at([x, y, z]: ImuSketch['meanForce'], k: number): Vector {
  return [x[k]!, y[k]!, z[k]!];
}

function scaled([x, y, z]: Vector, by: number): Vector {
  return [x * by, y * by, z * by];
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
