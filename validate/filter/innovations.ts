import type { Sketch } from '../sketch.ts';
import { alongTrack } from './along-track.ts';
import { knownRadiusM } from './radius.ts';
import { type FilterInput, type Innovations, runFilter } from './vehicle-ekf.ts';
import type { VehicleMotion } from './vehicle-motion.ts';

/** The vehicle filter's innovations over a drive, run in both directions of time. */
export interface BothWays {
  readonly forward: Innovations;
  readonly backward: Innovations;
}

/** After a gap this long, or beside a fix this bad, a receiver may find itself elsewhere. */
const LOST_S = 5;
const LOST_M = 30;

/** Runs the filter over what the drive's estimate says of it. */
export function innovationsOf(motion: VehicleMotion, sketch: Sketch): BothWays {
  const input = inputOf(motion, sketch);
  return { forward: runFilter(input, 1), backward: runFilter(input, -1) };
}

function inputOf({ seconds, yawRadps, forward, still, track, quickMps2, lagS }: VehicleMotion, sketch: Sketch): FilterInput {
  const along = alongTrack(sketch.track);
  const [eastM, northM, speedMps] = [new Float64Array(seconds), new Float64Array(seconds), new Float64Array(seconds)];
  for (let k = 0; k < seconds; k += 1) {
    along.goTo(k + lagS);
    [eastM[k], northM[k], speedMps[k]] = [along.eastM(), along.northM(), along.speedMps()];
  }
  const isLost = (k: number): boolean => !(sketch.gapS[k]! <= LOST_S) || sketch.haccM[k]! > LOST_M;
  return {
    // Gravity's estimate took what is steady from the force: it is given back as the receiver tells it.
    changeMps2: forward.explainedMps2.map((explained, k) => explained + track.changeMps2[k]! - quickMps2[k]!),
    yawRadps, still, radiusM: knownRadiusM(sketch),
    eastM, northM, speedMps,
    isFound: Uint8Array.from({ length: seconds }, (_, k) => (k > 0 && isLost(k - 1) && !isLost(k) ? 1 : 0)),
  };
}
