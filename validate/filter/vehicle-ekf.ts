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
    if (state === null) state = begun(input, k, way);
    else predict(state, input, way === 1 ? k - 1 : k, way);
    if (state !== null) correct(state, input, k, found);
  }
  return found;
}

/** Changed in place, second by second. */
interface State {
  readonly x: Float64Array;
  /** Covariance, row by row. */
  readonly p: Float64Array;
  /** Room for an update. */
  readonly gain: Float64Array;
}

/** At the first second with a course: a filter that knows no heading would first have to guess one. */
function begun({ eastM, northM }: FilterInput, k: number, way: 1 | -1): State | null {
  const [east, north] = [(eastM[k + way]! - eastM[k]!) * way, (northM[k + way]! - northM[k]!) * way];
  if (!(Math.hypot(east, north) > 3)) return null;
  const p = new Float64Array(SIZE * SIZE);
  for (let n = 0; n < SIZE; n += 1) p[n * SIZE + n] = FIRST[n]! ** 2;
  p[HEADING * SIZE + HEADING] = 0.5 ** 2;
  const x = Float64Array.of(eastM[k]!, northM[k]!, Math.atan2(east, north), Math.hypot(east, north), 0, 0);
  return { x, p, gain: new Float64Array(SIZE) };
}

/** A second on, or back, by what the motion sensor says of it. */
function predict({ x, p }: State, { yawRadps, changeMps2 }: FilterInput, k: number, way: 1 | -1): void {
  const [turn, change] = [yawRadps[k]!, changeMps2[k]!];
  const [hasTurn, hasChange] = [Number.isFinite(turn), Number.isFinite(change)];
  const by = hasTurn ? turn - x[GYRO_BIAS]! : 0;
  const heading = x[HEADING]! + (way * by) / 2;
  const speed = x[SPEED]! + (hasChange ? (way * (change - x[ACCEL_BIAS]!)) / 2 : 0);
  const [sin, cos] = [Math.sin(heading), Math.cos(heading)];
  x[EAST]! += way * speed * sin;
  x[NORTH]! += way * speed * cos;
  x[HEADING]! += way * by;
  x[SPEED]! += hasChange ? way * (change - x[ACCEL_BIAS]!) : 0;
  carry(p, {
    eastByHeading: way * speed * cos, eastBySpeed: way * sin, northByHeading: -way * speed * sin, northBySpeed: way * cos,
    headingByBias: hasTurn ? -way : 0, speedByBias: hasChange ? -way : 0,
  });
  grow(p, EAST, NOISE.slideM);
  grow(p, NORTH, NOISE.slideM);
  grow(p, HEADING, hasTurn ? NOISE.turnRadps + 0.03 * Math.abs(turn) : NOISE.blindTurnRadps);
  grow(p, SPEED, hasChange ? NOISE.changeMps2 : NOISE.blindChangeMps2);
  grow(p, GYRO_BIAS, NOISE.gyroBias);
  grow(p, ACCEL_BIAS, NOISE.accelBias);
}

function grow(p: Float64Array, at: number, sigma: number): void {
  p[at * SIZE + at]! += sigma * sigma;
}

/** The Jacobian of a second: what is not named is the identity's. */
interface Jacobian {
  readonly eastByHeading: number;
  readonly eastBySpeed: number;
  readonly northByHeading: number;
  readonly northBySpeed: number;
  readonly headingByBias: number;
  readonly speedByBias: number;
}

/** J P Jᵀ in place, without the products with zeros and ones. */
function carry(p: Float64Array, jacobian: Jacobian): void {
  addLater(p, jacobian, 1, SIZE);
  addLater(p, jacobian, SIZE, 1);
}

/** Adds to each row, or column, what the Jacobian takes of later ones; `along` a row and `across` rows lie so far apart. */
function addLater(m: Float64Array, { eastByHeading, eastBySpeed, northByHeading, northBySpeed, headingByBias, speedByBias }: Jacobian, along: number, across: number): void {
  for (let n = 0; n < SIZE; n += 1) {
    const at = n * along;
    const [heading, speed] = [m[at + HEADING * across]!, m[at + SPEED * across]!];
    m[at + EAST * across] = m[at + EAST * across]! + eastByHeading * heading + eastBySpeed * speed;
    m[at + NORTH * across] = m[at + NORTH * across]! + northByHeading * heading + northBySpeed * speed;
    m[at + HEADING * across] = heading + headingByBias * m[at + GYRO_BIAS * across]!;
    m[at + SPEED * across] = speed + speedByBias * m[at + ACCEL_BIAS * across]!;
  }
}

/** Readings one after the other, each a row of the observation matrix: first across and along the heading, then the speed. */
function correct(state: State, { eastM, northM, radiusM, speedMps, still, isFound }: FilterInput, k: number, found: Innovations): void {
  const { x, p } = state;
  if (isFound[k] === 1) {
    grow(p, EAST, NOISE.jumpM);
    grow(p, NORTH, NOISE.jumpM);
  }
  if (Number.isFinite(eastM[k]! + northM[k]!)) {
    const [sin, cos] = [Math.sin(x[HEADING]!), Math.cos(x[HEADING]!)];
    const sigma = NOISE.positionM + NOISE.radiusShare * (radiusM[k]! || 0);
    found.across[k] = updated(state, { east: cos, north: -sin, speed: 0 }, (eastM[k]! - x[EAST]!) * cos + (northM[k]! - x[NORTH]!) * -sin, sigma);
    found.along[k] = updated(state, { east: sin, north: cos, speed: 0 }, (eastM[k]! - x[EAST]!) * sin + (northM[k]! - x[NORTH]!) * cos, sigma);
  }
  if (Number.isFinite(speedMps[k]!)) found.speed[k] = updated(state, THE_SPEED, speedMps[k]! - x[SPEED]!, NOISE.speedMps);
  if (still[k] === 1) updated(state, THE_SPEED, -x[SPEED]!, NOISE.standingMps);
}

/** A row of the observation matrix: nothing else is observed. */
interface Observed {
  readonly east: number;
  readonly north: number;
  readonly speed: number;
}

const THE_SPEED: Observed = { east: 0, north: 0, speed: 1 };

/** Kalman's update by one reading, in place: its innovation over its own standard deviation. */
function updated({ x, p, gain }: State, { east, north, speed }: Observed, innovation: number, sigma: number): number {
  for (let n = 0; n < SIZE; n += 1) gain[n] = p[n * SIZE + EAST]! * east + p[n * SIZE + NORTH]! * north + p[n * SIZE + SPEED]! * speed;
  const variance = sigma * sigma + gain[EAST]! * east + gain[NORTH]! * north + gain[SPEED]! * speed;
  for (let n = 0; n < SIZE; n += 1) x[n]! += (gain[n]! / variance) * innovation;
  for (let n = 0; n < SIZE; n += 1) for (let m = 0; m < SIZE; m += 1) p[n * SIZE + m]! -= (gain[n]! * gain[m]!) / variance;
  return innovation / Math.sqrt(variance);
}
