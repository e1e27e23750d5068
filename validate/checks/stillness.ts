import type { Measurement } from '../../shared/model/verdict.ts';
import type { Sketch } from '../sketch.ts';
import type { Check, Window } from './check.ts';

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
    return (window) => calmest({ channel: imu.vibrationMps2, limit, unit: 'm/s²', stretchS: rules.stretchS, speedMps }, secondsIn(window, speedMps.length).filter(isTold));
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
    return (window) => calmest({ channel: imu.gyroSpreadRadps, limit, unit: 'rad/s', stretchS: rules.stretchS, speedMps: positionMps }, secondsIn(window, positionMps.length).filter(isTold));
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
}

/** The most still stretch among seconds at driving speed, by its median; a stop between them does not end it. */
function calmest(calm: Calm, driving: readonly number[]): Measurement | null {
  const { channel, limit, unit, stretchS, speedMps } = calm;
  let [least, from] = [Infinity, -1];
  for (let first = 0; first + stretchS <= driving.length; first += 1) {
    const measured = median(channel, driving.slice(first, first + stretchS));
    if (measured < least) [least, from] = [measured, first];
  }
  if (from === -1) return null;
  const seconds = stillAround(calm, driving, from);
  return {
    measured: least, limit, unit, bound: 'lower', atS: driving[from + (stretchS >> 1)]!,
    span: { fromS: seconds[0]!, toS: seconds.at(-1)! + 1 }, claimed: { value: median(speedMps, seconds), unit: 'm/s' },
  };
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
