import type { StillnessRules } from '../../shared/model/recipe.ts';
import type { Measurement } from '../../shared/model/verdict.ts';
import type { ImuSketch, Sketch } from '../sketch.ts';
import type { Check, Window } from './check.ts';

/**
 * IMU against GNSS: over a whole stretch at driving speed a device in a vehicle shakes or turns at least a little.
 * The limits lie under what a gliding electric car, a ferry or a train does, and well over a device on a desk.
 */
export const stillness: Check = {
  name: 'stillness',
  reason: 'sensor_still',
  channels: (sketch) => (hasDoppler(sketch) ? ['doppler', 'imu'] : ['position', 'imu']),
  over: (sketch, { stillness: rules }) => {
    const { imu } = sketch;
    if (imu === null) return () => null;
    const speedMps = hasDoppler(sketch) ? sketch.reportedMps : sketch.positionMps;
    const runs = drivingRuns(speedMps, rules.movingMps);
    return (window) => calmest({ imu, runs, rules, window });
  },
};

/** Specific force of a real sensor on the Earth, averaged over a second; a zeroed or scaled one is no sensor. */
const REAL_FORCE_MPS2: readonly [number, number] = [5, 20];
/** Share of a stretch's seconds in which the sensor must have been there. */
const PRESENT_SHARE = 0.8;

/** True where the receiver reports a speed of its own. */
export function hasDoppler({ track }: Sketch): boolean {
  return track.reportedMps.some(Number.isFinite);
}

/** For each second, how many seconds up to and including it the speed has been at or above `movingMps`. */
export function drivingRuns(speedMps: Float64Array, movingMps: number): Float64Array {
  const runs = new Float64Array(speedMps.length);
  for (let k = 0; k < runs.length; k += 1) runs[k] = speedMps[k]! >= movingMps ? (runs[k - 1] ?? 0) + 1 : 0;
  return runs;
}

interface Stretches {
  readonly imu: ImuSketch;
  readonly runs: Float64Array;
  readonly rules: StillnessRules;
  readonly window: Window;
}

/** The stretch of the window at driving speed whose sensor was the most still. */
function calmest({ imu, runs, rules, window }: Stretches): Measurement | null {
  let calm: Measurement | null = null;
  for (let end = Math.ceil(window.fromS) + rules.stretchS; end <= Math.min(window.toS, runs.length); end += 1) {
    if (runs[end - 1]! < rules.stretchS) continue;
    const motion = motionOf(imu, end - rules.stretchS, end, rules);
    if (motion !== null && (calm === null || motion.measured / motion.limit < calm.measured / calm.limit)) calm = motion;
  }
  return calm;
}

/** Median vibration or gyro spread over seconds `[from, to)`, whichever shows more motion against its limit. */
function motionOf(imu: ImuSketch, from: number, to: number, rules: StillnessRules): Measurement | null {
  const isReal = (k: number): boolean => imu.forceNormMps2[k]! >= REAL_FORCE_MPS2[0] && imu.forceNormMps2[k]! <= REAL_FORCE_MPS2[1];
  const vibration = middle(imu.vibrationMps2, { from, to, isReal });
  if (vibration === null) return null;
  const shaking: Measurement = {
    measured: vibration, limit: imu.averaged ? rules.averagedVibrationMps2 : rules.vibrationMps2, unit: 'm/s²', bound: 'lower', atS: (from + to) / 2,
  };
  const gyro = middle(imu.gyroSpreadRadps, { from, to, isReal });
  if (gyro === null) return shaking;
  const turning: Measurement = { ...shaking, measured: gyro, limit: imu.averaged ? rules.averagedGyroRadps : rules.gyroRadps, unit: 'rad/s' };
  return turning.measured / turning.limit > shaking.measured / shaking.limit ? turning : shaking;
}

function middle(channel: Float64Array, { from, to, isReal }: { from: number; to: number; isReal: (k: number) => boolean }): number | null {
  const values: number[] = [];
  for (let k = from; k < to; k += 1) if (isReal(k) && Number.isFinite(channel[k])) values.push(channel[k]!);
  if (values.length < PRESENT_SHARE * (to - from)) return null;
  values.sort((a, b) => a - b);
  return values[values.length >> 1]!;
}
