import type { StillnessRules } from '../../shared/model/recipe.ts';
import type { Measurement } from '../../shared/model/verdict.ts';
import type { ImuSketch } from '../imu-sketch.ts';
import type { Sketch } from '../sketch.ts';
import type { Check, Window } from './check.ts';

/**
 * IMU against GNSS: over a whole stretch at driving speed a device in a vehicle shakes or turns at least a little.
 * The limits lie under what a gliding electric car, a ferry or a train does, and well over a device on a desk.
 */
export const stillness: Check = {
  name: 'stillness',
  reason: 'sensor_still',
  vouches: false,
  channels: (sketch) => (hasDoppler(sketch) ? ['doppler', 'imu'] : ['position', 'imu']),
  over: (sketch, { stillness: rules }) => {
    const { imu } = sketch;
    if (imu === null) return () => null;
    const speedMps = hasDoppler(sketch) ? sketch.reportedMps : sketch.positionMps;
    const isTold = (k: number): boolean => speedMps[k]! >= rules.movingMps && isReal(imu.forceNormMps2[k]!) && Number.isFinite(imu.vibrationMps2[k]);
    return (window) => calmest({ imu, speedMps, rules }, secondsIn(window, speedMps.length).filter(isTold));
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

/** The most still stretch among seconds at driving speed; a stop between them does not end it. */
function calmest({ imu, speedMps, rules }: Driving & { readonly speedMps: Float64Array }, driving: readonly number[]): Measurement | null {
  let [calm, from]: [Measurement | null, number] = [null, 0];
  for (let first = 0; first + rules.stretchS <= driving.length; first += 1) {
    const motion = motionOf(imu, driving.slice(first, first + rules.stretchS), rules);
    if (calm === null || motion.measured / motion.limit < calm.measured / calm.limit) [calm, from] = [motion, first];
  }
  if (calm === null) return null;
  const seconds = stillAround({ imu, rules }, driving, from);
  return { ...calm, span: { fromS: seconds[0]!, toS: seconds.at(-1)! + 1 }, claimed: { value: median(speedMps, seconds), unit: 'm/s' } };
}

interface Driving {
  readonly imu: ImuSketch;
  readonly rules: StillnessRules;
}

/** How long it was so: the stretch from number `from` on, without ends that are not still, with what joins it and is. */
function stillAround({ imu, rules }: Driving, driving: readonly number[], from: number): readonly number[] {
  const isStill = (at: number): boolean => {
    const { measured, limit } = motionOf(imu, [driving[at]!], rules);
    return measured < limit;
  };
  const joins = (at: number): boolean => driving[at + 1] === (driving[at] ?? NaN) + 1;
  let [first, last] = [from, from + rules.stretchS - 1];
  const stretch = driving.slice(first, last + 1);
  while (first < last && !isStill(first)) first += 1;
  while (last > first && !isStill(last)) last -= 1;
  while (first > 0 && joins(first - 1) && isStill(first - 1)) first -= 1;
  while (last + 1 < driving.length && joins(last) && isStill(last + 1)) last += 1;
  return last > first ? driving.slice(first, last + 1) : stretch;
}

/** Median vibration or gyro spread over the seconds, whichever shows more motion against its limit. */
function motionOf(imu: ImuSketch, seconds: readonly number[], rules: StillnessRules): Measurement {
  const shaking: Measurement = {
    measured: median(imu.vibrationMps2, seconds),
    limit: imu.averaged ? rules.averagedVibrationMps2 : rules.vibrationMps2,
    unit: 'm/s²',
    bound: 'lower',
    atS: seconds[seconds.length >> 1]!,
  };
  const spread = median(imu.gyroSpreadRadps, seconds);
  const turning: Measurement = { ...shaking, measured: spread, limit: imu.averaged ? rules.averagedGyroRadps : rules.gyroRadps, unit: 'rad/s' };
  // NaN, a device without a gyroscope, compares as false.
  return turning.measured / turning.limit > shaking.measured / shaking.limit ? turning : shaking;
}

function median(channel: Float64Array, seconds: readonly number[]): number {
  const values = seconds.map((k) => channel[k]!).toSorted((a, b) => a - b);
  return values[values.length >> 1]!;
}
