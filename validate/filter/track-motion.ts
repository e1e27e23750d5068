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
  const { eastM, northM } = waysOf(track, seconds, lagS);
  const courseRad = coursesOf({ eastM, northM });
  const speeds = new Float64Array(seconds + 1);
  for (let k = 0; k <= seconds; k += 1) {
    track.goTo(k + lagS);
    speeds[k] = track.speedMps();
  }
  const wayMps = eastM.map((east, k) => Math.hypot(east, northM[k]!) / COURSE_S);
  const [speedMps, changeMps2] = [new Float64Array(seconds), new Float64Array(seconds)];
  for (let k = 0; k < seconds; k += 1) {
    speedMps[k] = (speeds[k]! + speeds[k + 1]!) / 2;
    changeMps2[k] = speeds[k + 1]! - speeds[k]!;
  }
  return {
    courseRad, turnRadps: turnsOf(courseRad), wayMps, speedMps, changeMps2,
    eastMps: eastM.map((east) => east / COURSE_S), northMps: northM.map((north) => north / COURSE_S),
  };
}

/** `turnRadps` of that motion alone. */
export function trackTurns(track: AlongTrack, seconds: number, lagS: number): Float64Array {
  return turnsOf(coursesOf(waysOf(track, seconds, lagS)));
}

/** The way over the seconds around the beginning of each second. */
interface Ways {
  readonly eastM: Float64Array;
  readonly northM: Float64Array;
}

function waysOf(track: AlongTrack, seconds: number, lagS: number): Ways {
  const [eastM, northM] = [new Float64Array(seconds + 1), new Float64Array(seconds + 1)];
  for (let k = 0; k <= seconds; k += 1) {
    const atS = k + lagS;
    track.goTo(atS + COURSE_S / 2);
    const [toEastM, toNorthM] = [track.eastM(), track.northM()];
    track.goTo(atS - COURSE_S / 2);
    eastM[k] = toEastM - track.eastM();
    northM[k] = toNorthM - track.northM();
  }
  return { eastM, northM };
}

function coursesOf({ eastM, northM }: Ways): Float64Array {
  return eastM.map((east, k) => (Math.hypot(east, northM[k]!) >= LEAST_WAY_M ? Math.atan2(east, northM[k]!) : NaN));
}

function turnsOf(courseRad: Float64Array): Float64Array {
  return courseRad.subarray(1).map((course, k) => wrapped(course - courseRad[k]!));
}

/** An angle folded into [-π, π]. */
export function wrapped(rad: number): number {
  return Math.atan2(Math.sin(rad), Math.cos(rad));
}
