import type { ImuSeries, UnixSeconds } from '../shared/model/drive.ts';
import { since } from './since.ts';

/** Vectors are reduced to figures that no rotation of the device changes, because its mounting is unknown. */
export interface ImuSketch {
  readonly averaged: boolean;
  /** Spread of the specific force: within the second, or from second to second where rows are means over one. */
  readonly vibrationMps2: Float64Array;
  /** Spread of the turn rate in the same way: a constant bias drops out. */
  readonly gyroSpreadRadps: Float64Array;
  /** Mean turn rate's norm. */
  readonly gyroNormRadps: Float64Array;
  /** Norm of the mean specific force: 9.81 at rest. */
  readonly forceNormMps2: Float64Array;
  /** Means over the second, in the device's own axes; NaN where it has no sample. */
  readonly meanForce: VectorColumns;
  readonly meanGyro: VectorColumns;
}

/** Three columns of equal length. */
export type VectorColumns = readonly [Float64Array, Float64Array, Float64Array];

/** Samples within a second below which their spread says nothing; averaged rows come once a second. */
const MIN_SAMPLES = 8;

/** The motion sensor of `seconds` seconds from `startS` on. */
export function imuSketch(imu: ImuSeries, startS: UnixSeconds, seconds: number): ImuSketch {
  const force = secondsOf([imu.forceX, imu.forceY, imu.forceZ], imu.tS, { startS, seconds });
  const gyro = secondsOf([imu.gyroX, imu.gyroY, imu.gyroZ], imu.tS, { startS, seconds });
  const spread = imu.averaged ? betweenSeconds : withinSecond;
  return {
    averaged: imu.averaged,
    vibrationMps2: spread(force),
    gyroSpreadRadps: spread(gyro),
    gyroNormRadps: force.count.map((_, k) => normOf(gyro, k)),
    forceNormMps2: force.count.map((_, k) => normOf(force, k)),
    meanForce: meansOf(force),
    meanGyro: meansOf(gyro),
  };
}

/** Sums over each second of a 3-vector: count, mean, and the sum of squared distances from the mean (Welford 1962). */
export interface VectorSeconds {
  readonly count: Float64Array;
  readonly mean: VectorColumns;
  readonly squares: Float64Array;
}

/** Reduces a 3-vector to seconds; rows with a missing component are left out. */
export function secondsOf(columns: VectorColumns, tS: Float64Array, grid: { startS: UnixSeconds; seconds: number }): VectorSeconds {
  const zeros = (): Float64Array => new Float64Array(grid.seconds);
  const sums: VectorSeconds = { count: zeros(), mean: [zeros(), zeros(), zeros()], squares: zeros() };
  const { count, mean: [meanX, meanY, meanZ], squares } = sums;
  const [columnX, columnY, columnZ] = columns;
  for (let n = 0; n < tS.length; n += 1) {
    const k = Math.floor(since(grid.startS, tS[n]!));
    const x = columnX[n]!;
    const y = columnY[n]!;
    const z = columnZ[n]!;
    if (k < 0 || k >= grid.seconds || !(Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z))) continue;
    const samples = count[k]! + 1;
    count[k] = samples;
    const beforeX = x - meanX[k]!;
    const beforeY = y - meanY[k]!;
    const beforeZ = z - meanZ[k]!;
    meanX[k]! += beforeX / samples;
    meanY[k]! += beforeY / samples;
    meanZ[k]! += beforeZ / samples;
    squares[k] = squares[k]! + beforeX * (x - meanX[k]!) + beforeY * (y - meanY[k]!) + beforeZ * (z - meanZ[k]!);
  }
  return sums;
}

function meansOf({ count, mean: [x, y, z] }: VectorSeconds): VectorColumns {
  const known = (axis: Float64Array): Float64Array => axis.map((value, k) => (count[k] === 0 ? NaN : value));
  return [known(x), known(y), known(z)];
}

function normOf({ count, mean: [x, y, z] }: VectorSeconds, k: number): number {
  return count[k] === 0 ? NaN : Math.hypot(x[k]!, y[k]!, z[k]!);
}

/** Root of the trace of the covariance within each second. */
function withinSecond({ count, squares }: VectorSeconds): Float64Array {
  return count.map((samples, k) => (samples < MIN_SAMPLES ? NaN : Math.sqrt(squares[k]! / (samples - 1))));
}

/** Distance of each second's mean from the last one's, over √2: the spread of two equal draws. */
function betweenSeconds({ count, mean: [x, y, z] }: VectorSeconds): Float64Array {
  return count.map((samples, k) =>
    k === 0 || samples === 0 || count[k - 1] === 0
      ? NaN
      : Math.hypot(x[k]! - x[k - 1]!, y[k]! - y[k - 1]!, z[k]! - z[k - 1]!) / Math.SQRT2,
  );
}
