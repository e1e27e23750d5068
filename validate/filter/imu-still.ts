import type { ImuSketch } from '../imu-sketch.ts';

/** Where a device lies in a standing vehicle, told by the motion sensor alone. */
export interface StillRules {
  /** A standing vehicle shakes and turns by less than this share of what it does in its livelier quarter. */
  readonly share: number;
  /** Bounds of that: an idling engine shakes more than a desk, and no gliding vehicle less. */
  readonly vibrationMps2: readonly [number, number];
  readonly gyroRadps: readonly [number, number];
}

const RAW: StillRules = { share: 0.1, vibrationMps2: [0.06, 0.35], gyroRadps: [0.003, 0.02] };
const AVERAGED: StillRules = { share: 0.1, vibrationMps2: [0.015, 0.05], gyroRadps: [0.0008, 0.003] };
const LIVELY = 0.75;
/** One calm second is a smooth road. */
const LEAST_S = 4;

/** 1 in each second of a standstill of four seconds or more. Without a gyroscope the force alone decides. */
export function stillSeconds(imu: ImuSketch): Uint8Array {
  const rules = imu.averaged ? AVERAGED : RAW;
  const [shaking, turning] = [limitOf(imu.vibrationMps2, rules.vibrationMps2, rules.share), limitOf(imu.gyroSpreadRadps, rules.gyroRadps, rules.share)];
  const isCalm = imu.vibrationMps2.map((value, k) => (value < shaking && !(imu.gyroSpreadRadps[k]! >= turning) ? 1 : 0));
  const still = new Uint8Array(isCalm.length);
  let calm = 0;
  for (let k = 0; k < isCalm.length; k += 1) {
    calm = isCalm[k] === 1 ? calm + 1 : 0;
    if (calm >= LEAST_S) still.fill(1, k - LEAST_S + 1, k + 1);
  }
  return still;
}

function limitOf(values: Float64Array, [least, most]: readonly [number, number], share: number): number {
  const sorted = values.filter(Number.isFinite).toSorted();
  const lively = sorted[Math.floor(LIVELY * sorted.length)] ?? 0;
  return Math.min(most, Math.max(least, share * lively));
}
