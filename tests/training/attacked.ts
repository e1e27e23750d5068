import type { Drive, GnssFix, ImuSeries } from '../../shared/model/drive.ts';

/** What an attack needs to see: a receiver's log and a motion sensor. */
export interface Sensed {
  readonly gnss: readonly GnssFix[];
  readonly imu: ImuSeries | null;
  readonly frames: readonly never[];
}

/** What the forger has at hand besides the drive itself. */
export interface Loot {
  /** Another stretch of driving, by its own clock. */
  readonly donor: readonly GnssFix[];
  /** The drive's own sensor at rest. */
  readonly restSamples: ImuSeries | null;
  /** Fixes of a receiver that stands. */
  readonly restFixes: readonly GnssFix[];
}

/** The part of a drive in `[fromS, toS)`, without pictures. */
export function excerpt({ gnss, imu }: Pick<Drive, 'gnss' | 'imu'>, fromS: number, toS: number): Sensed {
  return { gnss: gnss.slice(firstAt(gnss.length, (n) => gnss[n]!.tS, fromS), firstAt(gnss.length, (n) => gnss[n]!.tS, toS)), imu: imu === null ? null : samples(imu, fromS, toS), frames: [] };
}

function samples(imu: ImuSeries, fromS: number, toS: number): ImuSeries {
  const [first, end] = [firstAt(imu.tS.length, (n) => imu.tS[n]!, fromS), firstAt(imu.tS.length, (n) => imu.tS[n]!, toS)];
  const view = (column: Float64Array): Float64Array => column.subarray(first, end);
  return { averaged: imu.averaged, tS: view(imu.tS), forceX: view(imu.forceX), forceY: view(imu.forceY), forceZ: view(imu.forceZ), gyroX: view(imu.gyroX), gyroY: view(imu.gyroY), gyroZ: view(imu.gyroZ) };
}

/** Number of the first of so many increasing times that is not before `atS`. */
export function firstAt(count: number, timeOf: (n: number) => number, atS: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(middle) < atS) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The excerpt as a drive that can be sketched. */
export function asDrive(sensed: Sensed, like: Drive): Drive {
  return { ...like, gnss: sensed.gnss, imu: sensed.imu, frames: [] };
}
