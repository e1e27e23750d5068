import type { ImuSeries, UnixSeconds } from '../shared/model/drive.ts';
import { turnDeg, wrapDeg } from '../shared/model/geo.ts';
import { secondsOf, type VectorSeconds } from './imu-sketch.ts';

export interface CourseGrid {
  readonly startS: UnixSeconds;
  readonly seconds: number;
  /** Aligned anew after so many seconds. */
  readonly windowS: number;
}

/** Accelerating and turning cancel out over so many seconds to either side; what is left of the specific force points up. */
const LEVEL_S = 10;
const DEGREES = 180 / Math.PI;

/**
 * The course as the motion sensor alone tells it, at 1 Hz, NaN where it cannot. The turn rate is the gyroscope's
 * component about the vertical, which is the mean specific force around the second (at rest that is minus gravity), so
 * the mounting need not be known; a turn to the right is negative about the vertical and adds to the course. Its
 * integral has no zero of its own and drifts with the sensor's bias: over each window, and after each gap, it is moved
 * by one constant, the circular mean of its difference from the GNSS course there. So it shows how the course changed
 * within a window, never where a window as a whole pointed.
 */
export function imuCourse(imu: ImuSeries, gnssCourseDeg: Float64Array, grid: CourseGrid): Float64Array {
  const rate = yawRateDegps(imu, grid);
  const course = new Float64Array(grid.seconds).fill(NaN);
  for (let from = 0; from < grid.seconds; ) {
    const to = endOfPiece(rate, from, grid.windowS);
    if (to === from) {
      from += 1;
      continue;
    }
    align(course, integral(rate, from, to), gnssCourseDeg, from);
    from = to;
  }
  return course;
}

/** Where the unbroken rates from `from` on end, at the next window's beginning at the latest. */
function endOfPiece(rate: Float64Array, from: number, windowS: number): number {
  const last = Math.min(rate.length, (Math.floor(from / windowS) + 1) * windowS);
  let to = from;
  while (to < last && Number.isFinite(rate[to])) to += 1;
  return to;
}

/** Degrees turned since the beginning, at the middle of each second. */
function integral(rate: Float64Array, from: number, to: number): readonly number[] {
  let turned = 0;
  return Array.from(rate.subarray(from, to), (degps) => {
    turned += degps;
    return turned - degps / 2;
  });
}

function align(course: Float64Array, turned: readonly number[], gnssCourseDeg: Float64Array, from: number): void {
  let [east, north] = [0, 0];
  for (const [n, angle] of turned.entries()) {
    const offset = turnDeg(angle, gnssCourseDeg[from + n]!) / DEGREES;
    if (!Number.isFinite(offset)) continue;
    east += Math.sin(offset);
    north += Math.cos(offset);
  }
  if (east === 0 && north === 0) return;
  const offsetDeg = Math.atan2(east, north) * DEGREES;
  for (const [n, angle] of turned.entries()) course[from + n] = wrapDeg(angle + offsetDeg);
}

function yawRateDegps(imu: ImuSeries, grid: CourseGrid): Float64Array {
  const gyro = secondsOf([imu.gyroX, imu.gyroY, imu.gyroZ], imu.tS, grid);
  const force = secondsOf([imu.forceX, imu.forceY, imu.forceZ], imu.tS, grid);
  const [upX, upY, upZ] = force.mean.map((axis) => levelled(axis, force)) as [Float64Array, Float64Array, Float64Array];
  return gyro.count.map((samples, k) => {
    if (samples === 0) return NaN;
    const along = gyro.mean[0][k]! * upX[k]! + gyro.mean[1][k]! * upY[k]! + gyro.mean[2][k]! * upZ[k]!;
    return (-along / Math.hypot(upX[k]!, upY[k]!, upZ[k]!)) * DEGREES;
  });
}

/** Sum over the seconds around each; a sum will do, since only its direction is used. */
function levelled(axis: Float64Array, { count }: VectorSeconds): Float64Array {
  const before = new Float64Array(axis.length + 1);
  for (const [k, value] of axis.entries()) before[k + 1] = before[k]! + (count[k] === 0 ? 0 : value);
  return axis.map((_, k) => before[Math.min(axis.length, k + LEVEL_S + 1)]! - before[Math.max(0, k - LEVEL_S)]!);
}
