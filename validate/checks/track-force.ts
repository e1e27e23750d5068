import { knownRadiusM } from '../filter/radius.ts';
import { vehicleMotion } from '../filter/vehicle-motion.ts';
import type { Sketch } from '../sketch.ts';
import type { Check } from './check.ts';
import { withoutLeaps } from './displacement.ts';
import { hasDoppler } from './stillness.ts';
import { unexplained } from './unexplained.ts';

/**
 * Track against accelerometer in the road's plane: speeding up, braking and cornering (speed times the course's turn)
 * press on the device. The rms of the track's accelerations that no force explains, against a share of all of them.
 * It reads what `forward-force` reads and more, so the two are one witness.
 */
export const trackForce: Check = {
  name: 'track-force',
  reason: 'force_disagrees',
  vouches: false,
  channels: (sketch) => (hasDoppler(sketch) ? ['position', 'doppler', 'force'] : ['position', 'force']),
  over: (sketch, all) => {
    const rules = all.trackForce;
    const motion = vehicleMotion(sketch);
    if (motion === null) return () => null;
    const { force, track } = motion.plane;
    const isRoad = withoutLeaps(sketch, all);
    const squares = (of: (k: number) => readonly [number, number]): Float64Array => Float64Array.from(force.forwardMps2, (_, k) => {
      const [forward, right] = of(k);
      return isRoad[k] === 1 ? forward ** 2 + right ** 2 : NaN;
    });
    return unexplained({
      missed2: squares((k) => [track.forwardMps2[k]! - rules.gain * force.forwardMps2[k]!, track.rightMps2[k]! - rules.gain * force.rightMps2[k]!]),
      claimed2: squares((k) => [track.forwardMps2[k]!, track.rightMps2[k]!]),
      floor2: floorOf(sketch, rules),
    }, rules);
  },
};

/** A receiver that knows its place badly turns its course: acceleration of its radius over a few seconds. */
function floorOf(sketch: Sketch, { floorMps2, haccShare }: { readonly floorMps2: number; readonly haccShare: number }): Float64Array {
  return knownRadiusM(sketch).map((radiusM) => floorMps2 ** 2 + (haccShare * (radiusM || 0)) ** 2);
}
