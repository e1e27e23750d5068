/** What the motion sensor and the receiver say in each second; NaN = missing. */
export interface FilterInput {
  /** Clockwise turn and change of speed within the second, by the motion sensor. */
  readonly yawRadps: Float64Array;
  readonly changeMps2: Float64Array;
  /** 1 where the motion sensor says that the vehicle stands. */
  readonly still: Uint8Array;
  /** By the receiver at the beginning of the second: place in metres, how well it is known, reported speed. */
  readonly eastM: Float64Array;
  readonly northM: Float64Array;
  readonly radiusM: Float64Array;
  readonly speedMps: Float64Array;
  /** 1 where a receiver finds itself again: one jump is allowed. */
  readonly isFound: Uint8Array;
}

/** Innovations of each second, whitened: independent and of unit variance where the model holds. NaN = none. */
export interface Innovations {
  readonly along: Float64Array;
  readonly across: Float64Array;
  readonly speed: Float64Array;
}

const [EAST, NORTH, HEADING, SPEED, GYRO_BIAS, ACCEL_BIAS] = [0, 1, 2, 3, 4, 5] as const;
const SIZE = 6;

/** Standard deviations: what a second adds by the sensor, what it adds without one, and what a reading is off by. */
const NOISE = {
  turnRadps: 0.01, blindTurnRadps: 0.25, changeMps2: 0.5, blindChangeMps2: 1.5, slideM: 0.15, gyroBias: 1e-5, accelBias: 0.01,
  positionM: 1.5, radiusShare: 0.4, speedMps: 0.3, standingMps: 0.1, jumpM: 80,
} as const;
/** What is not known at first. */
const FIRST = [10, 10, Math.PI, 10, 0.002, 0.2] as const;

/**
 * Extended Kalman filter of a vehicle that goes where it heads (unicycle: place, heading, speed, and the biases of
 * gyroscope and accelerometer): the motion sensor predicts, positions, reported speed and standstills correct.
 * `way` -1 runs it from the end to the beginning, where what comes later is what is known.
 */
export function runFilter(input: FilterInput, way: 1 | -1): Innovations {
  const seconds = input.eastM.length;
  const none = (): Float64Array => new Float64Array(seconds).fill(NaN);
  const found: Innovations = { along: none(), across: none(), speed: none() };
  let state: State | null = null;
  for (let n = 0; n < seconds; n += 1) {
    const k = way === 1 ? n : seconds - 1 - n;
    state = state === null ? begun(input, k, way) : predicted(state, input, way === 1 ? k - 1 : k, way);
    if (state !== null) correct(state, input, k, found);
  }
  return found;
}

interface State {
  readonly x: Float64Array;
  /** Covariance, row by row. */
  readonly p: Float64Array;
}

/** At the first second with a course: a filter that knows no heading would first have to guess one. */
function begun({ eastM, northM }: FilterInput, k: number, way: 1 | -1): State | null {
  const [east, north] = [(eastM[k + way]! - eastM[k]!) * way, (northM[k + way]! - northM[k]!) * way];
  if (!(Math.hypot(east, north) > 3)) return null;
  const p = new Float64Array(SIZE * SIZE);
  for (let n = 0; n < SIZE; n += 1) p[n * SIZE + n] = FIRST[n]! ** 2;
  p[HEADING * SIZE + HEADING] = 0.5 ** 2;
  return { x: Float64Array.of(eastM[k]!, northM[k]!, Math.atan2(east, north), Math.hypot(east, north), 0, 0), p };
}

/** A second on, or back, by what the motion sensor says of it. */
function predicted({ x, p }: State, { yawRadps, changeMps2 }: FilterInput, k: number, way: 1 | -1): State {
  const [turn, change] = [yawRadps[k]!, changeMps2[k]!];
  const [hasTurn, hasChange] = [Number.isFinite(turn), Number.isFinite(change)];
  const by = hasTurn ? turn - x[GYRO_BIAS]! : 0;
  const heading = x[HEADING]! + (way * by) / 2;
  const speed = x[SPEED]! + (hasChange ? (way * (change - x[ACCEL_BIAS]!)) / 2 : 0);
  const [sin, cos] = [Math.sin(heading), Math.cos(heading)];
  const next = Float64Array.from(x);
  next[EAST]! += way * speed * sin;
  next[NORTH]! += way * speed * cos;
  next[HEADING]! += way * by;
  next[SPEED]! += hasChange ? way * (change - x[ACCEL_BIAS]!) : 0;
  const jacobian = new Float64Array(SIZE * SIZE);
  for (let n = 0; n < SIZE; n += 1) jacobian[n * SIZE + n] = 1;
  jacobian[EAST * SIZE + HEADING] = way * speed * cos;
  jacobian[EAST * SIZE + SPEED] = way * sin;
  jacobian[NORTH * SIZE + HEADING] = -way * speed * sin;
  jacobian[NORTH * SIZE + SPEED] = way * cos;
  if (hasTurn) jacobian[HEADING * SIZE + GYRO_BIAS] = -way;
  if (hasChange) jacobian[SPEED * SIZE + ACCEL_BIAS] = -way;
  const grown = carried(jacobian, p);
  const add = (at: number, sigma: number): void => {
    grown[at * SIZE + at]! += sigma ** 2;
  };
  add(EAST, NOISE.slideM);
  add(NORTH, NOISE.slideM);
  add(HEADING, hasTurn ? NOISE.turnRadps + 0.03 * Math.abs(turn) : NOISE.blindTurnRadps);
  add(SPEED, hasChange ? NOISE.changeMps2 : NOISE.blindChangeMps2);
  add(GYRO_BIAS, NOISE.gyroBias);
  add(ACCEL_BIAS, NOISE.accelBias);
  return { x: next, p: grown };
}

function carried(jacobian: Float64Array, p: Float64Array): Float64Array {
  const half = new Float64Array(SIZE * SIZE);
  const whole = new Float64Array(SIZE * SIZE);
  for (let n = 0; n < SIZE; n += 1) for (let m = 0; m < SIZE; m += 1) for (let l = 0; l < SIZE; l += 1) half[n * SIZE + m]! += jacobian[n * SIZE + l]! * p[l * SIZE + m]!;
  for (let n = 0; n < SIZE; n += 1) for (let m = 0; m < SIZE; m += 1) for (let l = 0; l < SIZE; l += 1) whole[n * SIZE + m]! += half[n * SIZE + l]! * jacobian[m * SIZE + l]!;
  return whole;
}

/** Readings one after the other, each a row of the observation matrix: first across and along the heading, then the speed. */
function correct(state: State, { eastM, northM, radiusM, speedMps, still, isFound }: FilterInput, k: number, found: Innovations): void {
  if (isFound[k] === 1) for (const at of [EAST, NORTH]) state.p[at * SIZE + at]! += NOISE.jumpM ** 2;
  if (Number.isFinite(eastM[k]! + northM[k]!)) {
    const [sin, cos] = [Math.sin(state.x[HEADING]!), Math.cos(state.x[HEADING]!)];
    const sigma = NOISE.positionM + NOISE.radiusShare * (radiusM[k]! || 0);
    const miss = (east: number, north: number): number => (eastM[k]! - state.x[EAST]!) * east + (northM[k]! - state.x[NORTH]!) * north;
    found.across[k] = updated(state, [[EAST, cos], [NORTH, -sin]], miss(cos, -sin), sigma);
    found.along[k] = updated(state, [[EAST, sin], [NORTH, cos]], miss(sin, cos), sigma);
  }
  if (Number.isFinite(speedMps[k]!)) found.speed[k] = updated(state, [[SPEED, 1]], speedMps[k]! - state.x[SPEED]!, NOISE.speedMps);
  if (still[k] === 1) updated(state, [[SPEED, 1]], -state.x[SPEED]!, NOISE.standingMps);
}

/** Kalman's update by one reading, in place: its innovation over its own standard deviation. */
function updated({ x, p }: State, row: readonly (readonly [number, number])[], innovation: number, sigma: number): number {
  const gain = new Float64Array(SIZE);
  for (let n = 0; n < SIZE; n += 1) for (const [m, weight] of row) gain[n]! += p[n * SIZE + m]! * weight;
  const variance = row.reduce((sum, [m, weight]) => sum + gain[m]! * weight, sigma ** 2);
  for (let n = 0; n < SIZE; n += 1) x[n]! += (gain[n]! / variance) * innovation;
  for (let n = 0; n < SIZE; n += 1) for (let m = 0; m < SIZE; m += 1) p[n * SIZE + m]! -= (gain[n]! * gain[m]!) / variance;
  return innovation / Math.sqrt(variance);
}
