import type { ValidateRules } from '../shared/model/recipe.ts';
import type { Window } from './checks/check.ts';
import { coveredShare } from './checks/coverage.ts';
import { centredMean, levelMotion } from './imu-level.ts';
import type { Sketch, Track } from './sketch.ts';
import { windowsOf } from './windows.ts';

/** What a column is made from; where one of them is missing the column is zero and the net is told so by its mask. */
export const NET_GROUPS = ['position', 'doppler', 'course', 'force', 'gyro'] as const;
type Group = (typeof NET_GROUPS)[number];

/** The net's columns in their order: scale in the column's own unit (1 after it), and what the column needs. */
export const NET_COLUMNS = [
  { name: 'position_speed', scale: 10, needs: ['position'] },
  { name: 'reported_speed', scale: 10, needs: ['doppler'] },
  { name: 'accuracy', scale: 10, needs: ['position'] },
  { name: 'gap', scale: 5, needs: ['position'] },
  { name: 'along_residual', scale: 0.5, needs: ['position', 'course'] },
  { name: 'across_residual', scale: 0.5, needs: ['position', 'course'] },
  { name: 'position_acceleration', scale: 1, needs: ['position'] },
  { name: 'reported_acceleration', scale: 1, needs: ['doppler'] },
  { name: 'position_turn', scale: 0.1, needs: ['position'] },
  { name: 'reported_turn', scale: 0.1, needs: ['course'] },
  { name: 'sensor_turn', scale: 0.1, needs: ['gyro'] },
  { name: 'turn_residual', scale: 0.1, needs: ['course', 'gyro'] },
  { name: 'position_turn_residual', scale: 0.1, needs: ['position', 'gyro'] },
  { name: 'forward_force', scale: 1, needs: ['force', 'gyro', 'doppler'] },
  { name: 'right_force', scale: 1, needs: ['force', 'gyro', 'doppler'] },
  { name: 'forward_residual', scale: 1, needs: ['force', 'gyro', 'doppler'] },
  { name: 'right_residual', scale: 1, needs: ['force', 'gyro', 'doppler'] },
  { name: 'level_force', scale: 1, needs: ['force'] },
  { name: 'mounting_agreement', scale: 0.5, needs: ['force', 'gyro', 'doppler'] },
  { name: 'vibration', scale: 0.1, needs: ['force'] },
  { name: 'turn_spread', scale: 0.02, needs: ['gyro'] },
  { name: 'up_force', scale: 0.5, needs: ['force'] },
  { name: 'averaged', scale: 1, needs: ['force'] },
] as const satisfies readonly { readonly name: string; readonly scale: number; readonly needs: readonly Group[] }[];

type ColumnName = (typeof NET_COLUMNS)[number]['name'];

/** Columns and, after them, a mask for each group. */
export const NET_CHANNELS = NET_COLUMNS.length + NET_GROUPS.length;
/** Seconds of a window as the net sees it; a shorter one is filled with missing seconds. */
export const NET_SECONDS = 64;
/** Beyond this a value says only that it is absurd. */
const MOST = 5;
/** Which way the device is mounted is judged from this long to either side. */
const MOUNTING_REACH_S = 120;
/** Turns of a track below this speed are noise of the receiver. */
const TURNING_MPS = 2;

/** A drive's part as the net sees it: `NET_CHANNELS` columns of so many seconds. */
export interface NetColumns {
  readonly seconds: number;
  readonly columns: readonly Float32Array[];
}

/** The one place where a sketch becomes numbers for the net, in training as in serving. */
export function netColumns(sketch: Sketch): NetColumns {
  const seconds = sketch.positionMps.length;
  const values = columnsOf(sketch);
  const present: Readonly<Record<Group, Float64Array>> = {
    position: values.position_speed, doppler: values.reported_speed, course: values.along_residual, force: values.level_force, gyro: values.sensor_turn,
  };
  const squashed = NET_COLUMNS.map(({ name, scale }) => Float32Array.from(values[name], (value) => (Number.isFinite(value) ? bounded(Math.asinh(value / scale)) : 0)));
  const masks = NET_GROUPS.map((group) => Float32Array.from(present[group], (value) => (Number.isFinite(value) ? 1 : 0)));
  return { seconds, columns: [...squashed, ...masks] };
}

/** The windows of a sketch that are covered well enough for the net to speak of them, by their number. */
export function netWindows(sketch: Sketch, rules: ValidateRules): readonly { readonly n: number; readonly window: Window }[] {
  return windowsOf(sketch, rules).flatMap((window, n) => (coveredShare(sketch, window, rules.maxStepS) < 0.5 ? [] : [{ n, window }]));
}

/** Writes one window into a batch, channel after channel, from `offset` on. */
export function fillWindow(into: Float32Array, offset: number, { columns, seconds }: NetColumns, { fromS, toS }: Window): void {
  const from = Math.floor(fromS);
  const to = Math.min(Math.ceil(toS), seconds, from + NET_SECONDS);
  for (const [channel, column] of columns.entries()) into.set(column.subarray(from, to), offset + channel * NET_SECONDS);
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, k) => value - b[k]!);
}

function bounded(value: number): number {
  return Math.min(MOST, Math.max(-MOST, value));
}

function columnsOf(sketch: Sketch): Readonly<Record<ColumnName, Float64Array>> {
  const seconds = sketch.positionMps.length;
  const none = (): Float64Array => new Float64Array(seconds).fill(NaN);
  const steps = stepColumns(sketch.track, seconds);
  const positionTurn = sketch.courseRateDegps.map((rate) => (rate * Math.PI) / 180);
  const own = {
    position_speed: sketch.positionMps, reported_speed: sketch.reportedMps, accuracy: sketch.haccM, gap: sketch.gapS,
    along_residual: steps.along, across_residual: steps.across, reported_turn: steps.turn, position_turn: positionTurn,
    position_acceleration: slope(sketch.positionMps), reported_acceleration: slope(sketch.reportedMps),
  };
  const { imu } = sketch;
  if (imu === null) {
    return {
      ...own, sensor_turn: none(), turn_residual: none(), position_turn_residual: none(), forward_force: none(), right_force: none(), forward_residual: none(),
      right_residual: none(), level_force: none(), mounting_agreement: none(), vibration: none(), turn_spread: none(), up_force: none(), averaged: none(),
    };
  }
  const level = levelMotion(imu);
  const mounted = mountedForce(level, sketch.reportedMps, own.reported_acceleration);
  return {
    ...own,
    sensor_turn: level.yawRadps,
    turn_residual: difference(steps.turn, level.yawRadps),
    position_turn_residual: difference(positionTurn, level.yawRadps),
    ...mounted,
    level_force: level.firstMps2.map((first, k) => Math.hypot(first, level.secondMps2[k]!)),
    vibration: imu.vibrationMps2,
    turn_spread: imu.gyroSpreadRadps,
    up_force: level.upMps2,
    averaged: level.upMps2.map((value) => (Number.isFinite(value) ? (imu.averaged ? 1 : 0) : NaN)),
  };
}

/** Steps as seconds: how positions part from the reported motion, along it and to its right, and how the reported course turns. */
function stepColumns(track: Track, seconds: number): { readonly along: Float64Array; readonly across: Float64Array; readonly turn: Float64Array } {
  const columns = { along: new Float64Array(seconds).fill(NaN), across: new Float64Array(seconds).fill(NaN), turn: new Float64Array(seconds).fill(NaN) };
  for (let n = 0; n < track.stepM.length; n += 1) {
    const gapS = track.atS[n + 1]! - track.atS[n]!;
    const [eastMps, northMps] = [(track.reportedEastMps[n]! + track.reportedEastMps[n + 1]!) / 2, (track.reportedNorthMps[n]! + track.reportedNorthMps[n + 1]!) / 2];
    const [missEastMps, missNorthMps] = [track.stepEastM[n]! / gapS - eastMps, track.stepNorthM[n]! / gapS - northMps];
    const speedMps = Math.hypot(eastMps, northMps);
    const [east, north] = speedMps > 0.1 ? [eastMps / speedMps, northMps / speedMps] : [0, 1];
    const turnRad = turnBetween(track, n);
    for (let second = Math.floor(track.atS[n]!); second < track.atS[n + 1]!; second += 1) {
      columns.along[second] = missEastMps * east + missNorthMps * north;
      columns.across[second] = missEastMps * north - missNorthMps * east;
      columns.turn[second] = turnRad / gapS;
    }
  }
  return columns;
}

/** Clockwise turn of the reported motion from one point to the next, in radians; NaN while nearly still. */
function turnBetween(track: Track, n: number): number {
  const [e1, n1, e2, n2] = [track.reportedEastMps[n]!, track.reportedNorthMps[n]!, track.reportedEastMps[n + 1]!, track.reportedNorthMps[n + 1]!];
  if (!(Math.min(Math.hypot(e1, n1), Math.hypot(e2, n2)) >= TURNING_MPS)) return NaN;
  return Math.atan2(e2 * n1 - n2 * e1, e1 * e2 + n1 * n2);
}

/** Central difference over two seconds, one-sided where one neighbour is missing. */
function slope(values: Float64Array): Float64Array {
  return values.map((value, k) => {
    const [before, after] = [values[k - 1] ?? NaN, values[k + 1] ?? NaN];
    return Number.isFinite(before) && Number.isFinite(after) ? (after - before) / 2 : Number.isFinite(after) ? after - value : value - before;
  });
}

type Mounted = Pick<Record<ColumnName, Float64Array>, 'forward_force' | 'right_force' | 'forward_residual' | 'right_residual' | 'mounting_agreement'>;

/**
 * Level force turned forward and right by the angle that agrees best with the vehicle's own acceleration and cornering
 * (speed times turn rate) around: the orthogonal Procrustes solution in the plane, the argument of a complex correlation.
 */
function mountedForce(level: ReturnType<typeof levelMotion>, speedMps: Float64Array, accelMps2: Float64Array): Mounted {
  const cornering = speedMps.map((speed, k) => speed * level.yawRadps[k]!);
  // To the right is clockwise from forward, while second is anticlockwise from first: the plane is mirrored once.
  const [f, s] = [level.firstMps2, level.secondMps2.map((value) => -value)];
  const mean = (of: (k: number) => number): Float64Array => centredMean(Float64Array.from(f, (_, k) => of(k)), MOUNTING_REACH_S);
  const real = mean((k) => accelMps2[k]! * f[k]! + cornering[k]! * s[k]!);
  const imaginary = mean((k) => cornering[k]! * f[k]! - accelMps2[k]! * s[k]!);
  const force2 = mean((k) => f[k]! ** 2 + s[k]! ** 2 + 0 * (accelMps2[k]! + cornering[k]!));
  const motion2 = mean((k) => accelMps2[k]! ** 2 + cornering[k]! ** 2 + 0 * f[k]!);
  const turned = (part: (cos: number, sin: number, k: number) => number): Float64Array => f.map((_, k) => {
    const length = Math.hypot(real[k]!, imaginary[k]!);
    return length > 0 ? part(real[k]! / length, imaginary[k]! / length, k) : NaN;
  });
  const forward_force = turned((cos, sin, k) => f[k]! * cos - s[k]! * sin);
  const right_force = turned((cos, sin, k) => f[k]! * sin + s[k]! * cos);
  return {
    forward_force, right_force,
    forward_residual: forward_force.map((force, k) => force - accelMps2[k]!),
    right_residual: right_force.map((force, k) => force - cornering[k]!),
    mounting_agreement: f.map((_, k) => Math.hypot(real[k]!, imaginary[k]!) / Math.sqrt(force2[k]! * motion2[k]! + 1e-12)),
  };
}
