import { correlationOf } from './gnss-lag.ts';

/** So clear must it be that a device's axes are left-handed: the format asks for right-handed ones. */
const CONTRARY = -0.5;

/** 1, or -1 where the sensor turns left whenever the track turns right, over the whole drive. */
export function yawSign(yawRadps: Float64Array, turnRadps: Float64Array): 1 | -1 {
  const correlation = correlationOf(yawRadps, turnRadps);
  return correlation !== null && correlation < CONTRARY ? -1 : 1;
}
