import type { Sketch } from '../sketch.ts';
import type { Check, MeasureWindow, Window } from './check.ts';
import { firstAfter } from './coverage.ts';

/**
 * Accelerometer against reported speed: over a whole stretch at driving speed a device in a vehicle shakes at least a
 * little. The limits lie under what a gliding electric car, a ferry or a train does, and well over a device on a desk.
 * Across a gap in the fixes nobody says that the vehicle drove all the time: it may have been parked.
 */
export const stillness: Check = {
  name: 'stillness',
  reason: 'sensor_still',
  vouches: false,
  channels: (sketch) => (hasDoppler(sketch) ? ['doppler', 'force'] : ['position', 'force']),
  over: (sketch, { stillness: rules, displacement: { reacquisitionGapS } }) => {
    const { imu } = sketch;
    if (imu === null) return () => null;
    const speedMps = hasDoppler(sketch) ? sketch.reportedMps : sketch.positionMps;
    const limit = imu.averaged ? rules.averagedVibrationMps2 : rules.vibrationMps2;
    const isTold = (k: number): boolean => speedMps[k]! >= rules.movingMps && sketch.gapS[k]! <= reacquisitionGapS && isReal(imu.forceNormMps2[k]!) && Number.isFinite(imu.vibrationMps2[k]);
    return calmest({ channel: imu.vibrationMps2, limit, unit: 'm/s²', stretchS: rules.stretchS, speedMps, isTold });
  },
};

/**
 * Gyroscope against positions: over a whole stretch at driving speed a device in a vehicle turns to and fro at least a
 * little. It shares no channel with `stillness`, so that a parked sensor under a driving track has two accusers.
 */
export const gyroStillness: Check = {
  name: 'gyro-stillness',
  reason: 'sensor_still',
  vouches: false,
  channels: () => ['position', 'gyro'],
  over: ({ imu, positionMps, gapS }, { stillness: rules, displacement: { reacquisitionGapS } }) => {
    if (imu === null) return () => null;
    const limit = imu.averaged ? rules.averagedGyroRadps : rules.gyroRadps;
    const isTold = (k: number): boolean => positionMps[k]! >= rules.movingMps && gapS[k]! <= reacquisitionGapS && Number.isFinite(imu.gyroSpreadRadps[k]);
    return calmest({ channel: imu.gyroSpreadRadps, limit, unit: 'rad/s', stretchS: rules.stretchS, speedMps: positionMps, isTold });
  },
};

/** Specific force of a real sensor on the Earth, averaged over a second; a zeroed or scaled one is no sensor. */
const REAL_FORCE_MPS2: readonly [number, number] = [5, 20];

function isReal(forceMps2: number): boolean {
  return forceMps2 >= REAL_FORCE_MPS2[0] && forceMps2 <= REAL_FORCE_MPS2[1];
}

/** True where the receiver reports a speed of its own. */
export function hasDoppler({ track }: Sketch): boolean {
  return track.reportedMps.some(Number.isFinite);
}

/** The seconds that a window holds, of a drive of so many. */
export function secondsIn({ fromS, toS }: Window, seconds: number): readonly number[] {
  const [from, to] = [Math.ceil(fromS), Math.min(Math.ceil(toS), seconds)];
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);
}

interface Calm {
  readonly channel: Float64Array;
  readonly limit: number;
  readonly unit: string;
  readonly stretchS: number;
  /** What the receiver says of the same seconds. */
  readonly speedMps: Float64Array;
  /** Whether a second counts: at driving speed, and measured. */
  readonly isTold: (k: number) => boolean;
}

/**
 * The most still stretch among a window's seconds at driving speed, by its median; a stop between them does not end it.
 * A stretch is the same in every window that holds it.
 */
function calmest(calm: Calm): MeasureWindow {
  const { channel, limit, unit, stretchS, speedMps, isTold } = calm;
  const told = speedMps.map((_, k) => k).filter(isTold);
  const medians = mediansOf(channel, told, stretchS);
  return ({ fromS, toS }) => {
    const [begin, end] = [Math.ceil(fromS), Math.ceil(toS)].map((second) => firstAfter(told, second - 1)) as [number, number];
    let [least, from] = [Infinity, -1];
    for (let first = begin; first + stretchS <= end; first += 1) {
      if (medians[first]! < least) [least, from] = [medians[first]!, first - begin];
    }
    if (from === -1) return null;
    const driving = Array.from(told.subarray(begin, end));
    const seconds = stillAround(calm, driving, from);
    return {
      measured: least, limit, unit, bound: 'lower', atS: driving[from + (stretchS >> 1)]!,
      span: { fromS: seconds[0]!, toS: seconds.at(-1)! + 1 }, claimed: { value: median(speedMps, seconds), unit: 'm/s' },
    };
  };
}

/** For each of some seconds the median over it and those after it, so many in all; NaN where fewer are left. */
function mediansOf(channel: Float64Array, seconds: Float64Array, length: number): Float64Array {
  const medians = new Float64Array(seconds.length).fill(NaN);
  const stretch = new Float64Array(length);
  for (let first = 0; first + length <= seconds.length; first += 1) {
    for (let n = 0; n < length; n += 1) stretch[n] = channel[seconds[first + n]!]!;
    medians[first] = stretch.toSorted()[length >> 1]!;
  }
  return medians;
}

/** How long it was so: the stretch from number `from` on, without ends that are not still, with what joins it and is. */
function stillAround({ channel, limit, stretchS }: Calm, driving: readonly number[], from: number): readonly number[] {
  const isStill = (at: number): boolean => channel[driving[at]!]! < limit;
  const joins = (at: number): boolean => driving[at + 1] === (driving[at] ?? NaN) + 1;
  let [first, last] = [from, from + stretchS - 1];
  const stretch = driving.slice(first, last + 1);
  while (first < last && !isStill(first)) first += 1;
  while (last > first && !isStill(last)) last -= 1;
  while (first > 0 && joins(first - 1) && isStill(first - 1)) first -= 1;
  while (last + 1 < driving.length && joins(last) && isStill(last + 1)) last += 1;
  return last > first ? driving.slice(first, last + 1) : stretch;
}

function median(channel: Float64Array, seconds: readonly number[]): number {
  const values = Float64Array.from(seconds, (k) => channel[k]!).toSorted();
  return values[values.length >> 1]!;
}
