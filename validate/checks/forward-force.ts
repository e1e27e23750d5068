import type { Channel } from '../../shared/model/verdict.ts';
import { vehicleMotion } from '../filter/vehicle-motion.ts';
import type { Check } from './check.ts';
import { unexplained } from './unexplained.ts';

/**
 * Reported speed against accelerometer: what speeds a vehicle up or brakes it presses on the device. The rms of the
 * speed's changes that no force explains, against a share of all changes. The speed's source is the receiver's
 * Doppler; without one there is nothing to compare (positions are compared in `track-force`).
 */
export const forwardForce: Check = {
  name: 'forward-force',
  reason: 'force_disagrees',
  vouches: false,
  channels: (): readonly Channel[] => ['doppler', 'force'],
  over: (sketch, { forwardForce: rules }) => {
    const motion = vehicleMotion(sketch);
    if (motion === null) return () => null;
    const { quickMps2, forward: { explainedMps2 } } = motion;
    const missed2 = quickMps2.map((change, k) => (change - explainedMps2[k]!) ** 2);
    return unexplained({ missed2, claimed2: quickMps2.map((change) => change ** 2), floor2: quickMps2.map(() => rules.floorMps2 ** 2) }, rules);
  },
};
