import type { FrozenRules } from '../../shared/model/validate-rules.ts';
import { restingPieces } from '../filter/handled.ts';
import type { ImuSketch } from '../imu-sketch.ts';
import type { Sketch } from '../sketch.ts';
import type { Check } from './check.ts';
import { hasDoppler, secondsIn } from './stillness.ts';

/**
 * Standing receiver against motion sensor: while positions and speeds stand still the device must not shake and turn
 * as it does when this vehicle drives. Measured as a multiple of the calm end of the drive's own driving. A receiver
 * that holds its last place in a garage looks the same: that is unverified, not fraud, so this check reads every
 * channel and agrees with no other.
 */
export const frozen: Check = {
  name: 'frozen',
  reason: 'track_stands',
  vouches: false,
  channels: () => ['position', 'doppler', 'force', 'gyro'],
  over: (sketch, { frozen: rules }) => {
    const { imu } = sketch;
    if (imu === null) return () => null;
    const stands = standing(sketch, imu, rules);
    const [shaking, turning] = [imu.vibrationMps2, imu.gyroSpreadRadps].map((channel, n) => calmOf(channel, sketch, rules, leastOf(imu, rules)[n]!)) as [number, number];
    return (window) => {
      const seconds = secondsIn(window, stands.length).filter((k) => stands[k] === 1 && Number.isFinite(imu.vibrationMps2[k]));
      if (seconds.length < rules.stretchS) return null;
      const shaken = lowOf(imu.vibrationMps2, seconds, rules.part) / shaking;
      const turned = lowOf(imu.gyroSpreadRadps, seconds, rules.part) / turning;
      // A device without a gyroscope has only its force to tell.
      const measured = Number.isFinite(turned) ? Math.min(shaken, turned) : shaken;
      return { measured, limit: rules.limit, unit: '×', bound: 'upper', atS: seconds[seconds.length >> 1]! };
    };
  },
};

function leastOf(imu: ImuSketch, rules: FrozenRules): readonly [number, number] {
  return imu.averaged ? [rules.averagedVibrationMps2, rules.averagedGyroRadps] : [rules.vibrationMps2, rules.gyroRadps];
}

/** Seconds far enough from any motion of the track, by report and by position, in which nobody handled the device. */
function standing(sketch: Sketch, imu: ImuSketch, { standingMps, reachS }: FrozenRules): Uint8Array {
  const isMoving = sketch.positionMps.map((speed, k) => (hasDoppler(sketch) ? sketch.reportedMps[k]! < standingMps : true) && speed < 3 * standingMps ? 0 : 1);
  const stands = new Uint8Array(isMoving.length);
  for (const { from, to } of restingPieces(imu)) {
    for (let k = from; k < to; k += 1) stands[k] = isMoving.subarray(Math.max(0, k - reachS), k + reachS + 1).includes(1) ? 0 : 1;
  }
  return stands;
}

/** What the calmest fifth of the drive's own driving stays under, and no less than any vehicle's. */
function calmOf(channel: Float64Array, sketch: Sketch, { drivingMps, calmShare }: FrozenRules, least: number): number {
  const speed = hasDoppler(sketch) ? sketch.reportedMps : sketch.positionMps;
  const driving = channel.filter((value, k) => speed[k]! > drivingMps && Number.isFinite(value)).toSorted();
  return Math.max(least, driving[Math.floor(calmShare * driving.length)] ?? least);
}

function lowOf(channel: Float64Array, seconds: readonly number[], part: number): number {
  const values = Float64Array.from(seconds, (k) => channel[k]!).toSorted();
  return values[Math.floor(part * values.length)]!;
}
