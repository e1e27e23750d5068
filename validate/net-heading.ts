import { centredMean } from './imu-level.ts';

/** How the reported motion lies to the heading that the gyroscope integrates, second by second; NaN = missing. */
export interface HeadingColumns {
  /** Reported motion across the heading, in m/s, the heading aligned over a short and a long reach. */
  readonly side_speed_short: Float64Array;
  readonly side_speed_long: Float64Array;
  /** The same as an angle, in radians. */
  readonly side_angle_short: Float64Array;
  readonly side_angle_long: Float64Array;
  /** Length of the constant velocity that, added to a car's motion, explains the side speeds around best, in m/s. */
  readonly drag_speed_short: Float64Array;
  readonly drag_speed_long: Float64Array;
  /** By how much it explains them better than none, in squared standard deviations. */
  readonly drag_gain_short: Float64Array;
  readonly drag_gain_long: Float64Array;
  /** What it leaves unexplained, in standard deviations. */
  readonly side_rest: Float64Array;
}

/** Motion as the receiver reported it, one entry a second; north and east in m/s. */
export interface ReportedMotion {
  readonly northMps: Float64Array;
  readonly eastMps: Float64Array;
}

const SHORT_REACH_S = 12;
const LONG_REACH_S = 48;
const DRAG_SHORT_S = 32;
const DRAG_LONG_S = 72;
/** Between two estimates of a drag. */
const DRAG_STEP_S = 4;
/** Slower than this a course says nothing. */
const COURSE_MPS = 2;
/** Gyroscopes of phones are off by less; bounded, so that a forged turn does not become a bias. */
const MOST_BIAS_RADPS = 0.03;
const BIAS_REACH_S = 300;
/** Priors of the fit (standard deviations): drag, misalignment, drift of the heading in a second, and noise of the side speed. */
const DRAG_MPS = 2;
const MISALIGNMENT_RAD = 0.2;
const DRIFT_RADPS = 5e-4;
const NOISE_MPS = 0.3;
const NOISE_SHARE = 0.015;
const MOST_SIDE_MPS = 8;

/** The gyroscope's offset around each second: the mean miss against the receiver's turn rate, each second's bounded. */
export function gyroBias(receiverTurn: Float64Array, sensorTurn: Float64Array): Float64Array {
  const miss = centredMean(sensorTurn.map((turn, k) => Math.min(MOST_BIAS_RADPS, Math.max(-MOST_BIAS_RADPS, turn - receiverTurn[k]!))), BIAS_REACH_S);
  return miss.map((value) => (Number.isFinite(value) ? value : 0));
}

/** Turns the reported motion back by the integrated heading (clockwise turn rates): honest motion then keeps one direction. */
export function headingColumns({ northMps, eastMps }: ReportedMotion, turnRadps: Float64Array): HeadingColumns {
  const seconds = turnRadps.length;
  const missing = (): Float64Array => new Float64Array(seconds).fill(NaN);
  const { headingRad, fromS, toS } = integrated(turnRadps);
  const along = missing();
  const across = missing();
  for (let k = 0; k < seconds; k += 1) {
    const [cos, sin] = [Math.cos(headingRad[k]!), Math.sin(headingRad[k]!)];
    along[k] = northMps[k]! * cos + eastMps[k]! * sin;
    across[k] = eastMps[k]! * cos - northMps[k]! * sin;
  }
  const sums: Sums = { along: prefix(along), across: prefix(across), fromS, toS };
  const columns: HeadingColumns = {
    side_speed_short: missing(), side_speed_long: missing(), side_angle_short: missing(), side_angle_long: missing(),
    drag_speed_short: missing(), drag_speed_long: missing(), drag_gain_short: missing(), drag_gain_long: missing(), side_rest: missing(),
  };
  for (const [speed, angle, reachS] of [[columns.side_speed_short, columns.side_angle_short, SHORT_REACH_S], [columns.side_speed_long, columns.side_angle_long, LONG_REACH_S]] as const) {
    for (let k = 0; k < seconds; k += 1) {
      const [cos, sin] = alignment(sums, k, reachS);
      const [forward, side] = [along[k]! * cos + across[k]! * sin, across[k]! * cos - along[k]! * sin];
      speed[k] = side;
      angle[k] = Math.hypot(forward, side) >= COURSE_MPS ? Math.atan2(side, forward) : NaN;
    }
  }
  const motion: Turned = { along, across, headingRad, fromS, toS };
  for (let from = 0; from < seconds; from += DRAG_STEP_S) {
    const at = Math.min(seconds - 1, from + DRAG_STEP_S / 2);
    const short = dragAt(motion, at, DRAG_SHORT_S, alignment(sums, at, DRAG_SHORT_S));
    const long = dragAt(motion, at, DRAG_LONG_S, alignment(sums, at, DRAG_LONG_S));
    const to = Math.min(seconds, from + DRAG_STEP_S);
    columns.drag_speed_short.fill(short.speedMps, from, to);
    columns.drag_gain_short.fill(short.gain, from, to);
    columns.drag_speed_long.fill(long.speedMps, from, to);
    columns.drag_gain_long.fill(long.gain, from, to);
    columns.side_rest.fill(short.rest, from, to);
  }
  return columns;
}

/** Heading at the beginning of each second since its unbroken piece began, and the piece's ends. */
function integrated(turnRadps: Float64Array): { readonly headingRad: Float64Array; readonly fromS: Int32Array; readonly toS: Int32Array } {
  const seconds = turnRadps.length;
  const [headingRad, fromS, toS] = [new Float64Array(seconds), new Int32Array(seconds), new Int32Array(seconds)];
  let begun = 0;
  for (let k = 0; k < seconds; k += 1) {
    if (k > 0 && Number.isFinite(turnRadps[k - 1])) headingRad[k] = headingRad[k - 1]! + turnRadps[k - 1]!;
    else begun = k;
    fromS[k] = begun;
  }
  for (let k = seconds - 1; k >= 0; k -= 1) toS[k] = k + 1 < seconds && fromS[k + 1] === fromS[k] ? toS[k + 1]! : k + 1;
  return { headingRad, fromS, toS };
}

interface Sums {
  readonly along: Float64Array;
  readonly across: Float64Array;
  readonly fromS: Int32Array;
  readonly toS: Int32Array;
}

/** Cosine and sine of the direction that the turned motion keeps around a second. */
function alignment({ along, across, fromS, toS }: Sums, k: number, reachS: number): readonly [number, number] {
  const [from, to] = [Math.max(fromS[k]!, k - reachS), Math.min(toS[k]!, k + reachS + 1)];
  const [a, b] = [along[to]! - along[from]!, across[to]! - across[from]!];
  const length = Math.hypot(a, b);
  return length > 0 ? [a / length, b / length] : [NaN, NaN];
}

/** Sums up to each entry, missing ones left out. */
function prefix(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let k = 0; k < values.length; k += 1) sums[k + 1] = sums[k]! + (Number.isFinite(values[k]) ? values[k]! : 0);
  return sums;
}

interface Turned {
  readonly along: Float64Array;
  readonly across: Float64Array;
  readonly headingRad: Float64Array;
  readonly fromS: Int32Array;
  readonly toS: Int32Array;
}

interface Drag {
  readonly speedMps: number;
  readonly gain: number;
  readonly rest: number;
}

const NO_DRAG: Drag = { speedMps: NaN, gain: NaN, rest: NaN };
const LEAST_SECONDS = 12;

/**
 * Least squares with priors (ridge) of side speed = misalignment · speed + drift · time · speed + a constant velocity of
 * the world seen from the car's heading. A position that is dragged off slides the same way however the car turns; an
 * honest car's side speed is none. Needs turns or a change of speed to tell the last from the first.
 */
function dragAt({ along, across, headingRad, fromS, toS }: Turned, at: number, reachS: number, [cos, sin]: readonly [number, number]): Drag {
  const normal = new Float64Array(16);
  const right = new Float64Array(4);
  let [total, count] = [0, 0];
  const turned = Math.atan2(sin, cos);
  const row = new Float64Array(4);
  const last = Math.min(toS[at]!, at + reachS + 1);
  for (let k = Math.max(fromS[at]!, at - reachS); k < last; k += 1) {
    const forward = along[k]! * cos + across[k]! * sin;
    const side = across[k]! * cos - along[k]! * sin;
    if (!Number.isFinite(side)) continue;
    const heading = headingRad[k]! + turned;
    const weight = 1 / (NOISE_MPS ** 2 + (NOISE_SHARE * forward) ** 2);
    const seen = Math.min(MOST_SIDE_MPS, Math.max(-MOST_SIDE_MPS, side));
    row[0] = forward;
    row[1] = forward * (k - at);
    row[2] = -Math.sin(heading);
    row[3] = Math.cos(heading);
    for (let i = 0; i < 4; i += 1) {
      right[i]! += weight * row[i]! * seen;
      for (let j = 0; j <= i; j += 1) normal[4 * i + j]! += weight * row[i]! * row[j]!;
    }
    total += weight * seen ** 2;
    count += 1;
  }
  if (count < LEAST_SECONDS) return NO_DRAG;
  normal[0]! += 1 / MISALIGNMENT_RAD ** 2;
  normal[5]! += 1 / DRIFT_RADPS ** 2;
  normal[10]! += 1 / DRAG_MPS ** 2;
  normal[15]! += 1 / DRAG_MPS ** 2;
  const { explained, solution } = solved(normal, right);
  return { speedMps: Math.hypot(solution[2]!, solution[3]!), gain: Math.max(0, explained[3]! - explained[1]!), rest: Math.sqrt(Math.max(0, total - explained[3]!) / count) };
}

/** Cholesky's solution of four equations, and how much of the squares the first one, two, three and four unknowns explain. */
function solved(normal: Float64Array, right: Float64Array): { readonly explained: Float64Array; readonly solution: Float64Array } {
  const [lower, forward, explained, solution] = [new Float64Array(16), new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  let sum = 0;
  for (let i = 0; i < 4; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let value = normal[4 * i + j]!;
      for (let m = 0; m < j; m += 1) value -= lower[4 * i + m]! * lower[4 * j + m]!;
      lower[4 * i + j] = i === j ? Math.sqrt(Math.max(value, 1e-12)) : value / lower[5 * j]!;
    }
    let value = right[i]!;
    for (let m = 0; m < i; m += 1) value -= lower[4 * i + m]! * forward[m]!;
    forward[i] = value / lower[5 * i]!;
    sum += forward[i]! ** 2;
    explained[i] = sum;
  }
  for (let i = 3; i >= 0; i -= 1) {
    let value = forward[i]!;
    for (let m = i + 1; m < 4; m += 1) value -= lower[4 * m + i]! * solution[m]!;
    solution[i] = value / lower[5 * i]!;
  }
  return { explained, solution };
}
