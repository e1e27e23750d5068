import type { ValidateRules } from '../shared/model/validate-rules.ts';
import type { Window } from './checks/check.ts';
import { coveredShare } from './checks/coverage.ts';
import { handledSeconds } from './filter/handled.ts';
import { centredMean, levelMotion } from './imu-level.ts';
import { difference, forceColumns } from './net-force.ts';
import { gyroBias, headingColumns } from './net-heading.ts';
import { delayed, matchOf, receiverLagS } from './net-match.ts';
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
  { name: 'handled', scale: 0.3, needs: ['force', 'gyro'] },
  { name: 'forward_drift', scale: 2, needs: ['force', 'gyro', 'doppler'] },
  { name: 'right_drift', scale: 2, needs: ['force', 'gyro', 'doppler'] },
  { name: 'forward_gain', scale: 0.3, needs: ['force', 'gyro', 'doppler'] },
  { name: 'forward_gain_long', scale: 0.3, needs: ['force', 'gyro', 'doppler'] },
  { name: 'right_gain', scale: 0.3, needs: ['force', 'gyro', 'doppler'] },
  { name: 'right_gain_long', scale: 0.3, needs: ['force', 'gyro', 'doppler'] },
  { name: 'forward_gain_doubt', scale: 3, needs: ['force', 'gyro', 'doppler'] },
  { name: 'forward_gain_doubt_long', scale: 3, needs: ['force', 'gyro', 'doppler'] },
  { name: 'right_gain_doubt', scale: 3, needs: ['force', 'gyro', 'doppler'] },
  { name: 'right_gain_doubt_long', scale: 3, needs: ['force', 'gyro', 'doppler'] },
  { name: 'side_speed_short', scale: 0.3, needs: ['course', 'gyro'] },
  { name: 'side_speed_long', scale: 0.5, needs: ['course', 'gyro'] },
  { name: 'side_angle_short', scale: 0.03, needs: ['course', 'gyro'] },
  { name: 'side_angle_long', scale: 0.05, needs: ['course', 'gyro'] },
  { name: 'drag_speed_short', scale: 0.3, needs: ['course', 'gyro'] },
  { name: 'drag_speed_long', scale: 0.3, needs: ['course', 'gyro'] },
  { name: 'drag_gain_short', scale: 5, needs: ['course', 'gyro'] },
  { name: 'drag_gain_long', scale: 5, needs: ['course', 'gyro'] },
  { name: 'side_rest', scale: 0.5, needs: ['course', 'gyro'] },
  { name: 'turn_match', scale: 0.3, needs: ['course', 'gyro'] },
  { name: 'turn_match_elsewhere', scale: 0.3, needs: ['course', 'gyro'] },
  { name: 'turn_match_lag', scale: 4, needs: ['course', 'gyro'] },
  { name: 'force_match', scale: 0.3, needs: ['force', 'course'] },
  { name: 'force_match_elsewhere', scale: 0.3, needs: ['force', 'course'] },
  { name: 'force_match_lag', scale: 4, needs: ['force', 'course'] },
  { name: 'quiet', scale: 0.5, needs: ['force'] },
  { name: 'turn_quiet', scale: 0.5, needs: ['gyro'] },
  { name: 'position_roughness', scale: 1, needs: ['position'] },
  { name: 'reported_roughness', scale: 1, needs: ['doppler'] },
  { name: 'course_roughness', scale: 1, needs: ['course'] },
] as const satisfies readonly { readonly name: string; readonly scale: number; readonly needs: readonly Group[] }[];

type ColumnName = (typeof NET_COLUMNS)[number]['name'];

/** Columns and, after them, a mask for each group. */
export const NET_CHANNELS = NET_COLUMNS.length + NET_GROUPS.length;
/** What the net sees before and after a window, to know the drive's own ways; where there is none, missing seconds. */
export const NET_CONTEXT_S = 64;
/** Seconds of a window and its context as the net sees them; a shorter one is filled with missing seconds. */
export const NET_SECONDS = 64 + 2 * NET_CONTEXT_S;
/** Beyond this a value says only that it is absurd. */
const MOST = 5;
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
  const masks = new Map(NET_GROUPS.map((group) => [group, filled(present[group], (value) => (Number.isFinite(value) ? 1 : 0))] as const));
  const squashed = NET_COLUMNS.map(({ name, scale, needs }) => {
    const column = filled(values[name], (value) => (Number.isFinite(value) ? bounded(Math.asinh(value / scale)) : 0));
    // What was worked out from the seconds around says nothing of one in which the sensor is silent.
    for (const group of needs) if (group !== 'course') blankWhere(column, masks.get(group)!);
    return column;
  });
  return { seconds, columns: [...squashed, ...masks.values()] };
}

/** The windows of a sketch that are covered well enough for the net to speak of them, by their number. */
export function netWindows(sketch: Sketch, rules: ValidateRules): readonly { readonly n: number; readonly window: Window }[] {
  return windowsOf(sketch, rules).flatMap((window, n) => (coveredShare(sketch, window, rules.maxStepS) < 0.5 ? [] : [{ n, window }]));
}

/** Writes one window into a batch, channel after channel, from `offset` on. */
export function fillWindow(into: Float32Array, offset: number, { columns, seconds }: NetColumns, { fromS, toS }: Window): void {
  const begin = Math.floor(fromS) - NET_CONTEXT_S;
  const from = Math.max(0, begin);
  const to = Math.min(Math.ceil(toS) + NET_CONTEXT_S, seconds, begin + NET_SECONDS);
  for (const [channel, column] of columns.entries()) into.set(column.subarray(from, to), offset + channel * NET_SECONDS + from - begin);
}

function blankWhere(column: Float32Array, mask: Float32Array): void {
  for (let k = 0; k < column.length; k += 1) if (mask[k] === 0) column[k] = 0;
}

/** A loop: `Float32Array.from` goes through an iterator, which is ten times slower. */
function filled(values: Float64Array, of: (value: number) => number): Float32Array {
  const column = new Float32Array(values.length);
  for (let k = 0; k < values.length; k += 1) column[k] = of(values[k]!);
  return column;
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
    position_roughness: roughness(sketch.positionMps, 1e-3), reported_roughness: roughness(sketch.reportedMps, 1e-3), course_roughness: roughness(steps.turn, 1e-4),
  };
  const { imu } = sketch;
  if (imu === null) return { ...own, ...Object.fromEntries(SENSOR_COLUMNS.map((name) => [name, none()])) as Record<(typeof SENSOR_COLUMNS)[number], Float64Array> };
  const level = levelMotion(imu);
  const lagS = receiverLagS(steps.turn, level.yawRadps);
  const biased = delayed(level.yawRadps, lagS);
  const bias = gyroBias(steps.turn, biased);
  const turn = difference(biased, bias);
  const force = { firstMps2: delayed(level.firstMps2, lagS), secondMps2: delayed(level.secondMps2, lagS) };
  const reportedCornering = sketch.reportedMps.map((speed, k) => speed * steps.turn[k]!);
  const turns = matchOf({ re: steps.turn, im: null }, { re: turn, im: null }, TURN_FLOOR);
  const forces = matchOf({ re: own.reported_acceleration, im: reportedCornering }, { re: force.firstMps2, im: force.secondMps2.map((value) => -value) }, FORCE_FLOOR);
  return {
    ...own,
    sensor_turn: turn,
    turn_residual: difference(steps.turn, turn),
    position_turn_residual: difference(positionTurn, turn),
    ...forceColumns(force, { accelMps2: own.reported_acceleration, corneringMps2: sketch.reportedMps.map((speed, k) => speed * turn[k]!), speedMps: sketch.reportedMps }),
    ...headingColumns(motionColumns(sketch.track, seconds), turn),
    turn_match: turns.here, turn_match_elsewhere: turns.elsewhere, turn_match_lag: turns.lagS,
    force_match: forces.here, force_match_elsewhere: forces.elsewhere, force_match_lag: forces.lagS,
    level_force: level.firstMps2.map((first, k) => Math.hypot(first, level.secondMps2[k]!)),
    vibration: imu.vibrationMps2, quiet: loudness(imu.vibrationMps2, QUIET_MPS2),
    turn_spread: imu.gyroSpreadRadps, turn_quiet: loudness(imu.gyroSpreadRadps, QUIET_RADPS),
    up_force: level.upMps2,
    averaged: level.upMps2.map((value) => (Number.isFinite(value) ? (imu.averaged ? 1 : 0) : NaN)),
    handled: centredMean(Float64Array.from(handledSeconds(imu)), HANDLED_REACH_S),
  };
}

const SENSOR_COLUMNS = [
  'sensor_turn', 'turn_residual', 'position_turn_residual', 'forward_force', 'right_force', 'forward_residual', 'right_residual', 'mounting_agreement', 'forward_drift', 'right_drift',
  'forward_gain', 'forward_gain_long', 'right_gain', 'right_gain_long', 'forward_gain_doubt', 'forward_gain_doubt_long', 'right_gain_doubt', 'right_gain_doubt_long', 'side_speed_short', 'side_speed_long', 'side_angle_short', 'side_angle_long', 'drag_speed_short', 'drag_speed_long', 'drag_gain_short',
  'drag_gain_long', 'side_rest', 'turn_match', 'turn_match_elsewhere', 'turn_match_lag', 'force_match', 'force_match_elsewhere', 'force_match_lag', 'level_force', 'vibration', 'quiet',
  'turn_spread', 'turn_quiet', 'up_force', 'averaged', 'handled',
] as const satisfies readonly ColumnName[];

/** Products of the powers of two series below which both are taken for noise: (rad/s)² and (m/s²)². */
const TURN_FLOOR = 2.5e-5;
const FORCE_FLOOR = 0.05;
/** A sensor that lies still shows about so much. */
const QUIET_MPS2 = 0.01;
const QUIET_RADPS = 0.001;
/** A device that is handled is mounted otherwise afterwards: gravity and forward are looked for again for so long. */
const HANDLED_REACH_S = 30;
/** The share of a drive's seconds that are taken for its quiet ones. */
const QUIET_SHARE = 0.05;

/** How much more than in the drive's own quiet seconds, as a logarithm. */
function loudness(spread: Float64Array, floor: number): Float64Array {
  const sorted = spread.filter((value) => Number.isFinite(value)).toSorted();
  const quiet = sorted[Math.floor(QUIET_SHARE * sorted.length)] ?? 0;
  return spread.map((value) => Math.log((value + floor) / (quiet + floor)));
}

/** Reported motion at the fix of each second. */
function motionColumns(track: Track, seconds: number): { readonly northMps: Float64Array; readonly eastMps: Float64Array } {
  const columns = { northMps: new Float64Array(seconds).fill(NaN), eastMps: new Float64Array(seconds).fill(NaN) };
  for (let n = 0; n < track.atS.length; n += 1) {
    const k = Math.floor(track.atS[n]!);
    columns.northMps[k] = track.reportedNorthMps[n]!;
    columns.eastMps[k] = track.reportedEastMps[n]!;
  }
  return columns;
}

/** Size of the second difference, as a logarithm to the base ten: made tracks are smoother than any receiver's. */
function roughness(values: Float64Array, floor: number): Float64Array {
  return values.map((value, k) => Math.log10(Math.abs(value - 2 * (values[k - 1] ?? NaN) + (values[k - 2] ?? NaN)) + floor) + 1);
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
