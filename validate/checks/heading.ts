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
    const spans = rules.spansS.map((spanS) => partings(legs, motion, { spanS, rules }));
    return ({ fromS, toS }) => worstIn(spans, Math.max(0, Math.floor(fromS) - rules.aroundS), Math.min(motion.seconds, Math.ceil(toS) + rules.aroundS));
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

/** By how many degrees course and turn part over a span that begins at each second, and its limit; NaN where nothing is told. */
interface Partings {
  readonly spanS: number;
  readonly partDeg: Float64Array;
  readonly limitDeg: Float64Array;
}

function partings({ offsetRad, errorRad }: Legs, { missing, seconds }: VehicleMotion, { spanS, rules }: { spanS: number; rules: HeadingRules }): Partings {
  const [partDeg, limitDeg] = [new Float64Array(seconds).fill(NaN), new Float64Array(seconds).fill(NaN)];
  for (let k = 0; k + spanS + LEG_S <= seconds; k += 1) {
    if (missing[k + spanS + LEG_S] !== missing[k]) continue;
    partDeg[k] = Math.abs(wrapped(offsetRad[k + spanS]! - offsetRad[k]!)) * DEGREES;
    limitDeg[k] = rules.limitDeg + Math.hypot(errorRad[k]!, errorRad[k + spanS]!) * DEGREES;
  }
  return { spanS, partDeg, limitDeg };
}

function worstIn(spans: readonly Partings[], from: number, to: number): Measurement | null {
  let [most, worst, at]: [number, Partings | null, number] = [-1, null, 0];
  for (const span of spans) {
    for (let k = from; k + span.spanS + LEG_S <= to; k += 1) {
      const share = span.partDeg[k]! / span.limitDeg[k]!;
      if (share > most) [most, worst, at] = [share, span, k];
    }
  }
  return worst === null ? null : { measured: worst.partDeg[at]!, limit: worst.limitDeg[at]!, unit: '°', bound: 'upper', atS: at + LEG_S / 2 + worst.spanS };
}
