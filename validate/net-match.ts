import { centredMean } from './imu-level.ts';

/** Two series that tell of the same turns, or of the same forces, one from the receiver and one from the motion sensor. */
export interface Match {
  /** Their correlation with no more delay than receivers have, in [-1, 1]; NaN where either is missing. */
  readonly here: Float64Array;
  /** The best one at a delay that no receiver has. */
  readonly elsewhere: Float64Array;
  /** The delay at which they agree best, in seconds, positive where the receiver is late. */
  readonly lagS: Float64Array;
}

/** Complex numbers in columns; `im` is null for real ones. */
export interface Phasors {
  readonly re: Float64Array;
  readonly im: Float64Array | null;
}

/** A correlation is over so many seconds to either side. */
const MATCH_REACH_S = 48;
/** Fewer seconds in which both tell something correlate by chance. */
const LEAST_PAIRS = 20;
/** Delays that are tried, and those that honest receivers have once the drive's own one is taken out. */
const MOST_LAG_S = 16;
const HONEST_LAG_S = 1;
/** Delays that are not told apart from honest ones: turns last longer than a second. */
const DOUBT_S = 2;

/**
 * Correlates what the receiver says with what the motion sensor says at many delays. Of complex numbers the magnitude
 * counts, so a mounting that is not known does not matter. `floor` is the product of powers below which both are noise.
 */
export function matchOf(receiver: Phasors, sensor: Phasors, floor: number): Match {
  const seconds = receiver.re.length;
  const missing = (): Float64Array => new Float64Array(seconds).fill(NaN);
  const match = { here: missing(), elsewhere: missing(), lagS: missing() };
  const best = missing();
  const receiverPower = powerOf(receiver);
  const sensorPower = powerOf(sensor);
  const sums = [new Float64Array(seconds + 1), new Float64Array(seconds + 1), new Float64Array(seconds + 1)] as const;
  for (let lagS = -MOST_LAG_S; lagS <= MOST_LAG_S; lagS += 1) {
    const correlation = correlationAt(receiver, sensor, { lagS, floor, receiverPower, sensorPower, sums });
    const distance = Math.abs(lagS);
    for (let k = 0; k < seconds; k += 1) {
      const value = correlation[k]!;
      if (!Number.isFinite(value)) continue;
      if (!(best[k]! >= value)) {
        best[k] = value;
        match.lagS[k] = lagS;
      }
      if (distance <= HONEST_LAG_S && !(match.here[k]! >= value)) match.here[k] = value;
      if (distance > DOUBT_S && !(match.elsewhere[k]! >= value)) match.elsewhere[k] = value;
    }
  }
  return match;
}

interface At {
  readonly lagS: number;
  readonly floor: number;
  readonly receiverPower: Float64Array;
  readonly sensorPower: Float64Array;
  /** Room for running sums: of real parts, of imaginary parts, and of how many there are. */
  readonly sums: readonly [Float64Array, Float64Array, Float64Array];
}

function correlationAt(receiver: Phasors, sensor: Phasors, { lagS, floor, receiverPower, sensorPower, sums: [real, imaginary, count] }: At): Float64Array {
  const seconds = receiver.re.length;
  for (let k = 0; k < seconds; k += 1) {
    const at = k - lagS;
    let re = NaN;
    let im = 0;
    if (at >= 0 && at < seconds) {
      re = receiver.re[k]! * sensor.re[at]!;
      if (receiver.im !== null && sensor.im !== null) {
        re += receiver.im[k]! * sensor.im[at]!;
        im = receiver.im[k]! * sensor.re[at]! - receiver.re[k]! * sensor.im[at]!;
      }
    }
    // The imaginary part holds what the real one holds: both are there, or neither.
    const isThere = re === re;
    real[k + 1] = real[k]! + (isThere ? re : 0);
    imaginary[k + 1] = imaginary[k]! + (isThere ? im : 0);
    count[k + 1] = count[k]! + (isThere ? 1 : 0);
  }
  const correlation = new Float64Array(seconds).fill(NaN);
  for (let k = Math.max(0, lagS); k < Math.min(seconds, seconds + lagS); k += 1) {
    const from = Math.max(0, k - MATCH_REACH_S);
    const to = Math.min(seconds, k + MATCH_REACH_S + 1);
    const there = count[to]! - count[from]!;
    if (there < LEAST_PAIRS) continue;
    const re = (real[to]! - real[from]!) / there;
    const im = (imaginary[to]! - imaginary[from]!) / there;
    // Powers are of more seconds than pairs where one of the two is silent for a while: a correlation is 1 at most.
    correlation[k] = Math.min(1, (receiver.im === null ? re : Math.hypot(re, im)) / (Math.sqrt(receiverPower[k]! * sensorPower[k - lagS]!) + floor));
  }
  return correlation;
}

function powerOf({ re, im }: Phasors): Float64Array {
  return centredMean(re.map((value, k) => value ** 2 + (im === null ? 0 : im[k]! ** 2)), MATCH_REACH_S);
}

/** Delays of honest receivers, in quarters of a second, and what is expected where turns are too few to say. */
const LAGS_S = [-0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5];
const EXPECTED_LAG_S = 0.4;
/** A turn rate that is off by more is no matter of delay. */
const MOST_MISS_RADPS = 0.1;
const PRIOR_WEIGHT = 0.002;

/**
 * By how much the receiver is later than the motion sensor, over the whole series: the delay within what receivers have
 * at which their turn rates differ least, every second's miss counted up to a bound so that no one turn decides.
 */
export function receiverLagS(receiverTurn: Float64Array, sensorTurn: Float64Array): number {
  const misses = LAGS_S.map((lagS) => {
    const late = delayed(sensorTurn, lagS);
    const sum = receiverTurn.reduce((total, turn, k) => {
      const miss = Math.abs(turn - late[k]!);
      return Number.isFinite(miss) ? total + Math.min(miss, MOST_MISS_RADPS) ** 2 : total;
    }, 0);
    return sum + PRIOR_WEIGHT * (lagS - EXPECTED_LAG_S) ** 2;
  });
  return LAGS_S[misses.indexOf(Math.min(...misses))]!;
}

/** The series so much later, linear between its seconds. */
export function delayed(values: Float64Array, byS: number): Float64Array {
  const whole = Math.floor(byS);
  const share = byS - whole;
  return values.map((_, k) => (share === 0 ? values[k - whole] ?? NaN : (1 - share) * (values[k - whole] ?? NaN) + share * (values[k - whole - 1] ?? NaN)));
}
