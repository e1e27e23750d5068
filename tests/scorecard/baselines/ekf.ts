import type { Window } from '../../../validate/checks/check.ts';
import { stepsIn } from '../../../validate/checks/coverage.ts';
import { levelMotion } from '../../../validate/imu-level.ts';
import type { Sketch } from '../../../validate/sketch.ts';
import { wilsonHilferty } from './chi-squared.ts';

/** How much the baseline filter believes; the tuning chooses one of these on the training folds. */
export interface EkfTuning {
  /** Spread of the acceleration, m/s² for one second. */
  readonly accelMps2: number;
  /** Spread of the turn rate where a gyroscope gives it, and where none does, rad/s for one second. */
  readonly gyroRadps: number;
  readonly blindRadps: number;
  /** Spread of a position about the slow error that the state follows: at least so much, and this share of the stated radius. */
  readonly positionM: number;
  readonly haccShare: number;
  readonly velocityMps: number;
}

export const EKF_TUNINGS: readonly EkfTuning[] = [1, 2].flatMap((accelMps2) => [0.03, 0.1].flatMap((gyroRadps) => [
  { positionM: 0.7, haccShare: 0.15, velocityMps: 0.3 },
  { positionM: 2, haccShare: 0.6, velocityMps: 0.6 },
].map((spread) => ({ accelMps2, gyroRadps, blindRadps: 0.3, ...spread }))));

/** Sums of normalised innovations are compared over so many seconds. */
export const EKF_HORIZONS_S = [1, 8, 32, 64] as const;

/** After a gap this long nothing is predicted: the filter begins anew. */
const LOST_S = 10;

/** Squared innovations of one fix, normalised, with their degrees of freedom. */
interface Innovation {
  readonly atS: number;
  readonly squares: number;
  readonly freedom: number;
}

/**
 * The classical baseline: an extended Kalman filter of position, velocity along the course, and course, turned by the
 * gyroscope, and the chi-squared test of its normalised innovations (Bar-Shalom, Li and Kirubarajan 2001, 5.4). What it
 * says of a window: for each horizon the strongest sum, as a standard normal.
 */
export function ekfOf(sketch: Sketch, tuning: EkfTuning): (window: Window) => readonly number[] {
  const innovations = innovationsOf(sketch, tuning);
  return (window) => {
    const [from, to] = stepsIn(sketch.track, window);
    return EKF_HORIZONS_S.map((horizonS) => strongest(innovations.slice(from, to).filter((one) => one !== null), horizonS));
  };
}

/** Less surprising than any window of honest driving: for windows in which the filter could test nothing. */
const NOTHING = -20;

function strongest(innovations: readonly Innovation[], horizonS: number): number {
  let [first, squares, freedom, most] = [0, 0, 0, NOTHING];
  for (const { atS, squares: more, freedom: degrees } of innovations) {
    squares += more;
    freedom += degrees;
    for (; atS - innovations[first]!.atS >= horizonS; first += 1) {
      squares -= innovations[first]!.squares;
      freedom -= innovations[first]!.freedom;
    }
    most = Math.max(most, wilsonHilferty(squares, freedom));
  }
  return most;
}

/** East and north in metres, speed in m/s, course in radians clockwise from north; and the covariance, row by row. */
interface State {
  readonly x: Float64Array;
  readonly p: Float64Array;
}

interface Fix {
  readonly east: number;
  readonly north: number;
  readonly haccM: number;
  readonly reportedEast: number;
  readonly reportedNorth: number;
}

function innovationsOf(sketch: Sketch, tuning: EkfTuning): readonly (Innovation | null)[] {
  const { track, imu } = sketch;
  const yaw = imu === null ? null : levelMotion(imu).yawRadps;
  let state: State | null = null;
  let [east, north] = [0, 0];
  return Array.from(track.stepM, (_, n) => {
    [east, north] = [east + track.stepEastM[n]!, north + track.stepNorthM[n]!];
    const durationS = track.atS[n + 1]! - track.atS[n]!;
    const fix = { east, north, haccM: track.haccM[n + 1]!, reportedEast: track.reportedEastMps[n + 1]!, reportedNorth: track.reportedNorthMps[n + 1]! };
    if (state === null || durationS > LOST_S) {
      state = begun(track.stepEastM[n]! / durationS, track.stepNorthM[n]! / durationS, fix);
      return null;
    }
    predict(state, { durationS, turn: yaw === null ? NaN : meanOf(yaw, Math.floor(track.atS[n]!), Math.ceil(track.atS[n + 1]!)), tuning });
    const placed = correct(state, position(state, fix, tuning));
    const velocity = reported(state, fix, tuning);
    const squares = placed + (velocity === null ? 0 : correct(state, velocity));
    return { atS: track.atS[n + 1]!, squares, freedom: velocity === null ? 2 : 4 };
  });
}

function begun(eastMps: number, northMps: number, { east, north }: Fix): State {
  const p = new Float64Array(SIZE * SIZE);
  for (const [n, variance] of [25, 25, 9, 1].entries()) p[n * SIZE + n] = variance;
  return { x: Float64Array.of(east, north, Math.hypot(eastMps, northMps), Math.atan2(eastMps, northMps)), p };
}

const SIZE = 4;

function predict({ x, p }: State, { durationS, turn, tuning }: { readonly durationS: number; readonly turn: number; readonly tuning: EkfTuning }): void {
  const isSeen = Number.isFinite(turn);
  const turned = isSeen ? turn * durationS : 0;
  const [speed, middle] = [x[2]!, x[3]! + turned / 2];
  const [sin, cos] = [Math.sin(middle) * durationS, Math.cos(middle) * durationS];
  const f = [1, 0, sin, speed * cos, 0, 1, cos, -speed * sin, 0, 0, 1, 0, 0, 0, 0, 1];
  const fp = new Float64Array(SIZE * SIZE);
  for (let i = 0; i < SIZE; i += 1) for (let j = 0; j < SIZE; j += 1) for (let k = 0; k < SIZE; k += 1) fp[i * SIZE + j]! += f[i * SIZE + k]! * p[k * SIZE + j]!;
  p.fill(0);
  for (let i = 0; i < SIZE; i += 1) for (let j = 0; j < SIZE; j += 1) for (let k = 0; k < SIZE; k += 1) p[i * SIZE + j]! += fp[i * SIZE + k]! * f[j * SIZE + k]!;
  p[0]! += 0.1;
  p[5]! += 0.1;
  p[10]! += (tuning.accelMps2 * durationS) ** 2;
  p[15]! += ((isSeen ? tuning.gyroRadps : tuning.blindRadps) * durationS) ** 2;
  // A course that is not known at all is known to half a turn.
  p[15] = Math.min(p[15]!, Math.PI ** 2);
  x[0]! += speed * sin;
  x[1]! += speed * cos;
  x[3]! += turned;
}

/** Two measured values: their innovation, how they depend on the state (two rows), and their variance. */
interface Reading {
  readonly miss: readonly [number, number];
  readonly h: readonly number[];
  readonly variance: number;
}

function position({ x }: State, { east, north, haccM }: Fix, { positionM, haccShare }: EkfTuning): Reading {
  const spread = Math.max(positionM, Number.isFinite(haccM) ? haccShare * haccM : positionM);
  return { miss: [east - x[0]!, north - x[1]!], h: [1, 0, 0, 0, 0, 1, 0, 0], variance: spread ** 2 };
}

function reported({ x }: State, { reportedEast, reportedNorth }: Fix, { velocityMps }: EkfTuning): Reading | null {
  if (!Number.isFinite(reportedEast + reportedNorth)) return null;
  const [speed, sin, cos] = [x[2]!, Math.sin(x[3]!), Math.cos(x[3]!)];
  return { miss: [reportedEast - speed * sin, reportedNorth - speed * cos], h: [0, 0, sin, speed * cos, 0, 0, cos, -speed * sin], variance: velocityMps ** 2 };
}

/** Takes the reading into the state; its innovation squared in units of its spread. */
function correct({ x, p }: State, { miss: [u, v], h, variance }: Reading): number {
  const ph = new Float64Array(SIZE * 2);
  for (let i = 0; i < SIZE; i += 1) for (let r = 0; r < 2; r += 1) for (let k = 0; k < SIZE; k += 1) ph[i * 2 + r]! += p[i * SIZE + k]! * h[r * SIZE + k]!;
  const s = [variance, 0, 0, variance];
  for (let r = 0; r < 2; r += 1) for (let q = 0; q < 2; q += 1) for (let k = 0; k < SIZE; k += 1) s[r * 2 + q]! += h[r * SIZE + k]! * ph[k * 2 + q]!;
  const determinant = s[0]! * s[3]! - s[1]! * s[2]!;
  const [a, b, c, d] = [s[3]! / determinant, -s[1]! / determinant, -s[2]! / determinant, s[0]! / determinant];
  const gain = new Float64Array(SIZE * 2);
  for (let i = 0; i < SIZE; i += 1) {
    gain[i * 2] = ph[i * 2]! * a + ph[i * 2 + 1]! * c;
    gain[i * 2 + 1] = ph[i * 2]! * b + ph[i * 2 + 1]! * d;
    x[i]! += gain[i * 2]! * u + gain[i * 2 + 1]! * v;
  }
  for (let i = 0; i < SIZE; i += 1) for (let j = 0; j < SIZE; j += 1) p[i * SIZE + j]! -= gain[i * 2]! * ph[j * 2]! + gain[i * 2 + 1]! * ph[j * 2 + 1]!;
  steady(p);
  return u * (a * u + b * v) + v * (c * u + d * v);
}

/** Rounding must not make a covariance that is none. */
function steady(p: Float64Array): void {
  for (let i = 0; i < SIZE; i += 1) {
    p[i * SIZE + i] = Math.max(p[i * SIZE + i]!, 1e-6);
    for (let j = 0; j < i; j += 1) {
      const both = (p[i * SIZE + j]! + p[j * SIZE + i]!) / 2;
      p[i * SIZE + j] = both;
      p[j * SIZE + i] = both;
    }
  }
}

function meanOf(values: Float64Array, from: number, to: number): number {
  let [sum, count] = [0, 0];
  for (let k = from; k < to; k += 1) {
    if (!Number.isFinite(values[k])) continue;
    sum += values[k]!;
    count += 1;
  }
  return sum / count;
}
