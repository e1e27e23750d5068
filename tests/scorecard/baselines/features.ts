import type { Window } from '../../../validate/checks/check.ts';
import { secondsIn } from '../../../validate/checks/stillness.ts';
import { levelMotion } from '../../../validate/imu-level.ts';
import type { Sketch } from '../../../validate/sketch.ts';

/** Classical scores of a window that a logistic fusion weighs; NaN where a sensor is missing. */
export const FEATURE_NAMES = ['speed_miss', 'turn_miss', 'turn_likeness', 'vibration', 'still_share', 'speed_steadiness', 'step_roughness'] as const;

/** What each second holds is worked out once; the result gives a window's features in the order of `FEATURE_NAMES`. */
export function featuresOf(sketch: Sketch): (window: Window) => readonly number[] {
  const { positionMps, reportedMps, courseRateDegps, imu } = sketch;
  const yaw = imu === null ? null : levelMotion(imu).yawRadps;
  const turn = courseRateDegps.map((rate) => (rate * Math.PI) / 180);
  return (window) => {
    const seconds = secondsIn(window, positionMps.length);
    const among = (of: (k: number) => number): readonly number[] => seconds.map(of).filter(Number.isFinite);
    const steps = among((k) => positionMps[k]! - positionMps[k - 1]!);
    return [
      Math.log1p(rootMeanSquare(among((k) => positionMps[k]! - reportedMps[k]!))),
      yaw === null ? NaN : Math.log1p(10 * rootMeanSquare(among((k) => turn[k]! - yaw[k]!))),
      yaw === null ? NaN : likeness(seconds.filter((k) => Number.isFinite(turn[k]! + yaw[k]!)).map((k) => [turn[k]!, yaw[k]!])),
      imu === null ? NaN : Math.log(mean(among((k) => imu.vibrationMps2[k]!)) + 0.01),
      mean(among((k) => (reportedMps[k]! < 0.5 ? 1 : 0))),
      Math.log1p(rootMeanSquare(among((k) => reportedMps[k]! - reportedMps[k - 1]!))),
      Math.log1p(rootMeanSquare(steps)),
    ];
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(mean(values.map((value) => value ** 2)));
}

/** Cosine between two columns: 1 where they turn together. */
function likeness(pairs: readonly (readonly [number, number])[]): number {
  const sum = (of: (a: number, b: number) => number): number => pairs.reduce((total, [a, b]) => total + of(a, b), 0);
  return sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b) + 1e-9);
}
