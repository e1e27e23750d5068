import type { AlongTrack } from './along-track.ts';

/** A course over this little way is noise of the receiver: 1 m across on 8 m is 7°. */
const LEAST_WAY_M = 8;
/** A course is that of the way over so many seconds. */
const COURSE_S = 2;

/** The vehicle's motion by the receiver, at the seconds of the motion sensor's clock; `lagS` later on the receiver's. */
export interface TrackMotion {
  /** Clockwise from north at the beginning of each second, one more than there are seconds; NaN at less than 4 m/s. */
  readonly courseRad: Float64Array;
  /** Turn within each second, from positions. */
  readonly turnRadps: Float64Array;
  /** Velocity by positions around the beginning of each second. */
  readonly eastMps: Float64Array;
  readonly northMps: Float64Array;
  /** Speed by positions around the beginning of each second. */
  readonly wayMps: Float64Array;
  /** Reported speed in the middle of each second. */
  readonly speedMps: Float64Array;
  /** Change of the reported speed within each second. */
  readonly changeMps2: Float64Array;
}

/** Reads a track `lagS` later than the motion sensor's seconds. */
export function trackMotion(track: AlongTrack, seconds: number, lagS: number): TrackMotion {
  const ways = Array.from({ length: seconds + 1 }, (_, k) => wayAt(track, k + lagS));
  const courseRad = Float64Array.from(ways, ([eastM, northM]) => (Math.hypot(eastM, northM) >= LEAST_WAY_M ? Math.atan2(eastM, northM) : NaN));
  const speeds = Float64Array.from({ length: seconds + 1 }, (_, k) => track.speedMps(k + lagS));
  const each = (of: (k: number) => number): Float64Array => Float64Array.from({ length: seconds }, (_, k) => of(k));
  return {
    courseRad,
    eastMps: Float64Array.from(ways, ([eastM]) => eastM / COURSE_S),
    northMps: Float64Array.from(ways, ([, northM]) => northM / COURSE_S),
    wayMps: Float64Array.from(ways, ([eastM, northM]) => Math.hypot(eastM, northM) / COURSE_S),
    turnRadps: each((k) => wrapped(courseRad[k + 1]! - courseRad[k]!)),
    speedMps: each((k) => (speeds[k]! + speeds[k + 1]!) / 2),
    changeMps2: each((k) => speeds[k + 1]! - speeds[k]!),
  };
}

function wayAt(track: AlongTrack, atS: number): readonly [number, number] {
  const [fromS, toS] = [atS - COURSE_S / 2, atS + COURSE_S / 2];
  return [track.eastM(toS) - track.eastM(fromS), track.northM(toS) - track.northM(fromS)];
}

/** An angle folded into [-π, π]. */
export function wrapped(rad: number): number {
  return Math.atan2(Math.sin(rad), Math.cos(rad));
}
