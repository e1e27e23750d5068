import type { LagRules } from '../../shared/model/validate-rules.ts';
import type { Measurement } from '../../shared/model/verdict.ts';
import { correlationOf } from '../filter/gnss-lag.ts';
import { type VehicleMotion, vehicleMotion } from '../filter/vehicle-motion.ts';
import type { Check, Window } from './check.ts';

/**
 * Track against gyroscope in time: how much later, or earlier, the track takes the turns that the device took, in
 * seconds. Catches two recordings laid together with another start. Silent where no lag fits the turns well, and where
 * a small one fits nearly as well.
 */
export const lag: Check = {
  name: 'lag',
  reason: 'clocks_disagree',
  vouches: false,
  channels: () => ['position', 'gyro'],
  over: (sketch, { lag: rules }) => {
    const motion = vehicleMotion(sketch);
    return motion === null ? () => null : (window) => lagIn(motion, window, rules);
  },
};

function lagIn({ yawRadps, track, seconds, lagS }: VehicleMotion, { fromS, toS }: Window, rules: LagRules): Measurement | null {
  const [from, to] = [Math.max(0, Math.floor(fromS) - rules.aroundS), Math.min(seconds, Math.ceil(toS) + rules.aroundS)];
  const felt = yawRadps.subarray(from, to);
  if (!(rmsOf(felt) >= rules.turningRadps)) return null;
  let [best, bestS, near] = [-1, 0, -1];
  for (let byS = -rules.mostS; byS <= rules.mostS; byS += 1) {
    if (from + byS < 0 || to + byS > seconds) continue;
    const correlation = correlationOf(felt, track.turnRadps.subarray(from + byS, to + byS)) ?? -1;
    if (correlation > best) [best, bestS] = [correlation, byS];
    if (Math.abs(byS + lagS) <= rules.limitS) near = Math.max(near, correlation);
  }
  const measured = Math.abs(bestS + lagS);
  if (best < rules.correlation || (measured > rules.limitS && best - near < rules.lead)) return null;
  return { measured, limit: rules.limitS, unit: 's', bound: 'upper', atS: (fromS + toS) / 2 };
}

function rmsOf(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value * value;
    count += 1;
  }
  return Math.sqrt(sum / count);
}
