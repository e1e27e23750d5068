import type { HeadingRules } from '../../shared/model/validate-rules.ts';
import type { Measurement } from '../../shared/model/verdict.ts';
import { knownRadiusM } from '../filter/radius.ts';
import { wrapped } from '../filter/track-motion.ts';
import { type VehicleMotion, vehicleMotion } from '../filter/vehicle-motion.ts';
import type { Sketch } from '../sketch.ts';
import type { Check } from './check.ts';

/**
 * Track against gyroscope: over 5 to 30 seconds the course must turn as the device turned, in degrees of difference.
 * Catches a wrong turn, another drive's track, two recordings laid together late. Where the course was lost for a
 * while it is the same before and after, but for the turn.
 */
export const heading: Check = {
  name: 'heading',
  reason: 'turn_disagrees',
  vouches: false,
  channels: () => ['position', 'gyro'],
  over: (sketch, { heading: rules }) => {
    const motion = vehicleMotion(sketch);
    if (motion === null) return () => null;
    const legs = legsOf(motion, sketch, rules);
    return ({ fromS, toS }) => worstIn(legs, motion, { from: Math.max(0, Math.floor(fromS) - rules.aroundS), to: Math.min(motion.seconds, Math.ceil(toS) + rules.aroundS), rules });
  },
};

const DEGREES = 180 / Math.PI;
/** A course needs so many seconds, of which this many are told. */
const LEG_S = 4;
const TOLD_S = 3;
/** Length of the mean direction over a leg: 0.95 are 18° of spread. */
const COHERENT = 0.95;

/** From each second on: by how much course and turn differ, and by how much the receiver's error may turn the course. */
interface Legs {
  readonly offsetRad: Float64Array;
  readonly errorRad: Float64Array;
}

function legsOf({ track, turnedRad, seconds }: VehicleMotion, sketch: Sketch, rules: HeadingRules): Legs {
  const { gapS } = sketch;
  const knownM = knownRadiusM(sketch);
  let settledS = 0;
  const legs = { offsetRad: new Float64Array(seconds).fill(NaN), errorRad: new Float64Array(seconds) };
  for (let k = 0; k + LEG_S <= seconds; k += 1) {
    let [east, north, told, radiusM, wayM] = [0, 0, 0, 0, 0];
    for (let at = k; at < k + LEG_S; at += 1) {
      const offset = track.courseRad[at]! - turnedRad[at]!;
      // A receiver that finds itself again may leap.
      if (!(gapS[at]! <= rules.reacquisitionGapS)) settledS = at + rules.reacquisitionS;
      if (!Number.isFinite(offset) || at < settledS) continue;
      east += Math.sin(offset);
      north += Math.cos(offset);
      told += 1;
      radiusM = Math.max(radiusM, knownM[at]! || 0);
      wayM += track.wayMps[at]! || 0;
    }
    // A leap of the positions is another check's: here it is a course of nowhere.
    if (told < TOLD_S || Math.hypot(east, north) < COHERENT * told) continue;
    legs.offsetRad[k] = Math.atan2(east, north);
    legs.errorRad[k] = Math.atan2(rules.haccShare * radiusM, wayM);
  }
  return legs;
}

function worstIn({ offsetRad, errorRad }: Legs, { missing }: VehicleMotion, { from, to, rules }: { from: number; to: number; rules: HeadingRules }): Measurement | null {
  let worst: Measurement | null = null;
  for (const spanS of rules.spansS) {
    for (let k = from; k + spanS + LEG_S <= to; k += 1) {
      if (missing[k + spanS + LEG_S] !== missing[k]) continue;
      const measured = Math.abs(wrapped(offsetRad[k + spanS]! - offsetRad[k]!)) * DEGREES;
      const limit = rules.limitDeg + Math.hypot(errorRad[k]!, errorRad[k + spanS]!) * DEGREES;
      if (measured / limit > (worst === null ? -1 : worst.measured / worst.limit)) worst = { measured, limit, unit: '°', bound: 'upper', atS: k + LEG_S / 2 + spanS };
    }
  }
  return worst;
}
