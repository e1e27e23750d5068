import type { ImuSketch } from '../imu-sketch.ts';
import type { Track } from '../sketch.ts';
import type { Check } from './check.ts';
import { leapsOf, worstLeap } from './displacement.ts';

/**
 * Leaps of the positions against the accelerometer: to be elsewhere a second later a vehicle must be thrown there, and
 * the device with it. In metres beyond what the motion around the step and the force felt in it explain. Only leaps
 * beyond any receiver's: changing from one provider to another moves an honest track by 43-78 m (specs/threats.md, 1).
 */
export const leapForce: Check = {
  name: 'leap-force',
  reason: 'teleport',
  vouches: false,
  channels: () => ['position', 'force'],
  over: (sketch, rules) => {
    const { imu } = sketch;
    if (imu === null) return () => null;
    const { track } = sketch;
    const { jumpM, limitM: plainM } = leapsOf(track, rules);
    const receiverM = rules.displacement.reacquisitionJumpM - rules.displacement.jumpM;
    const limitM = plainM.map((plain, n) => plain + receiverM + thrownM(track, n, imu));
    return (window) => {
      const n = worstLeap({ jumpM, limitM }, sketch, window);
      return n === null || !Number.isFinite(limitM[n]!) ? null : { measured: jumpM[n]!, limit: limitM[n]!, unit: 'm', bound: 'upper', atS: track.atS[n + 1]! };
    };
  },
};

/** Between fixes further apart a vehicle may turn and brake unseen, and a receiver that sends so few is lost. */
const LONGEST_STEP_S = 2.5;
/** Gravity's share of the force; what is beyond it moves the device. */
const GRAVITY_MPS2 = 9.81;

/** How far the force of a step's seconds may have thrown the vehicle; without end where nothing can be said. */
function thrownM(track: Track, n: number, imu: ImuSketch): number {
  const [fromS, toS] = [track.atS[n]!, track.atS[n + 1]!];
  let most = -Infinity;
  for (let k = Math.floor(fromS); k <= Math.floor(toS); k += 1) {
    const force = imu.forceNormMps2[k] ?? NaN;
    if (Number.isFinite(force)) most = Math.max(most, Math.abs(force - GRAVITY_MPS2));
  }
  return most === -Infinity || toS - fromS > LONGEST_STEP_S ? Infinity : (most * (toS - fromS) ** 2) / 2;
}
