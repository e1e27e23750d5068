import type { ImuSketch } from '../imu-sketch.ts';
import type { Sketch } from '../sketch.ts';
import type { Check } from './check.ts';
import { type Leap, leapsOf, worstLeap } from './displacement.ts';

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
    const leaps = leapsOf(sketch.track, rules).map((leap, n) => felt(leap, { imu, sketch, n, jumpM: rules.displacement.reacquisitionJumpM - rules.displacement.jumpM }));
    return (window) => {
      const worst = worstLeap(leaps, sketch, window);
      return worst === null || !Number.isFinite(worst.limitM) ? null : { measured: worst.jumpM, limit: worst.limitM, unit: 'm', bound: 'upper', atS: worst.atS };
    };
  },
};

/** Between fixes further apart a vehicle may turn and brake unseen, and a receiver that sends so few is lost. */
const LONGEST_STEP_S = 2.5;
/** Gravity's share of the force; what is beyond it moves the device. */
const GRAVITY_MPS2 = 9.81;

/** The leap with the limit that the force of its seconds leaves it; a limit without end where nothing can be said. */
function felt(leap: Leap, { imu, sketch, n, jumpM }: { imu: ImuSketch; sketch: Sketch; n: number; jumpM: number }): Leap {
  const [fromS, toS] = [sketch.track.atS[n]!, sketch.track.atS[n + 1]!];
  let most = -Infinity;
  for (let k = Math.floor(fromS); k <= Math.floor(toS); k += 1) {
    const force = imu.forceNormMps2[k] ?? NaN;
    if (Number.isFinite(force)) most = Math.max(most, Math.abs(force - GRAVITY_MPS2));
  }
  return { ...leap, limitM: most === -Infinity || toS - fromS > LONGEST_STEP_S ? Infinity : leap.limitM + jumpM + (most * (toS - fromS) ** 2) / 2 };
}
