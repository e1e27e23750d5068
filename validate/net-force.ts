import { centredMean } from './imu-level.ts';

/** Level specific force as two columns, first and second axis of a frame that is fixed to the device, right-handed with up. */
export interface LevelForce {
  readonly firstMps2: Float64Array;
  readonly secondMps2: Float64Array;
}

/** The vehicle's motion as the receiver and the gyroscope tell it. */
export interface VehicleMotion {
  readonly accelMps2: Float64Array;
  /** Speed times turn rate. */
  readonly corneringMps2: Float64Array;
  readonly speedMps: Float64Array;
}

/** Level force turned into the vehicle's axes, and how it agrees with the vehicle's motion; NaN = missing. */
export interface ForceColumns {
  readonly forward_force: Float64Array;
  readonly right_force: Float64Array;
  readonly forward_residual: Float64Array;
  readonly right_residual: Float64Array;
  readonly mounting_agreement: Float64Array;
  /** Residuals summed up over ten seconds, the mean around taken out: changes of speed that nothing pushed. */
  readonly forward_drift: Float64Array;
  readonly right_drift: Float64Array;
  /** Force over acceleration and over cornering: 1 where speeds are true; towards 1 where there is little of either. */
  readonly forward_gain: Float64Array;
  readonly forward_gain_long: Float64Array;
  readonly right_gain: Float64Array;
  readonly right_gain_long: Float64Array;
  /** How surely the slope is not 1, in standard errors, positive where the force is the larger one: 0.6 on a quiet road may be noise, and on a winding one a lie. */
  readonly forward_gain_doubt: Float64Array;
  readonly forward_gain_doubt_long: Float64Array;
  readonly right_gain_doubt: Float64Array;
  readonly right_gain_doubt_long: Float64Array;
}

/** Which way the device is mounted is judged from this long to either side. */
const MOUNTING_REACH_S = 120;
const DRIFT_REACH_S = 5;
const LEVEL_REACH_S = 40;
const GAIN_SHORT_S = 28;
const GAIN_LONG_S = 84;
/** Mean squared acceleration (m/s²)² below which a gain says nothing. */
const GAIN_FLOOR = 0.05;
/** No faster than this within so many seconds is crawling. */
const CRAWL_MPS = 4;
const CRAWL_REACH_S = 5;
/** Mean squared residual (m/s²)² that any road leaves. */
const RESIDUAL_FLOOR = 0.01;

/**
 * Level force turned forward and right by the angle that agrees best with the vehicle's own acceleration and cornering
 * (speed times turn rate) around: the orthogonal Procrustes solution in the plane, the argument of a complex correlation.
 */
export function forceColumns(level: LevelForce, { accelMps2, corneringMps2, speedMps }: VehicleMotion): ForceColumns {
  // To the right is clockwise from forward, while second is anticlockwise from first: the plane is mirrored once.
  const [f, s] = [level.firstMps2, level.secondMps2.map((value) => -value)];
  const mean = (of: (k: number) => number): Float64Array => centredMean(f.map((_, k) => of(k)), MOUNTING_REACH_S);
  const real = mean((k) => accelMps2[k]! * f[k]! + corneringMps2[k]! * s[k]!);
  const imaginary = mean((k) => corneringMps2[k]! * f[k]! - accelMps2[k]! * s[k]!);
  const force2 = mean((k) => f[k]! ** 2 + s[k]! ** 2 + 0 * (accelMps2[k]! + corneringMps2[k]!));
  const motion2 = mean((k) => accelMps2[k]! ** 2 + corneringMps2[k]! ** 2 + 0 * f[k]!);
  const turned = (part: (cos: number, sin: number, k: number) => number): Float64Array => f.map((_, k) => {
    const length = Math.hypot(real[k]!, imaginary[k]!);
    return length > 0 ? part(real[k]! / length, imaginary[k]! / length, k) : NaN;
  });
  const forward = turned((cos, sin, k) => f[k]! * cos - s[k]! * sin);
  const right = turned((cos, sin, k) => f[k]! * sin + s[k]! * cos);
  const [forwardResidual, rightResidual] = [difference(forward, accelMps2), difference(right, corneringMps2)];
  const [going, cornering] = [underWay(accelMps2, speedMps), underWay(corneringMps2, speedMps)];
  return {
    forward_force: forward, right_force: right, forward_residual: forwardResidual, right_residual: rightResidual,
    mounting_agreement: f.map((_, k) => Math.hypot(real[k]!, imaginary[k]!) / Math.sqrt(force2[k]! * motion2[k]! + 1e-12)),
    forward_drift: drift(forwardResidual), right_drift: drift(rightResidual),
    forward_gain: gain(forward, going, GAIN_SHORT_S), forward_gain_long: gain(forward, going, GAIN_LONG_S),
    right_gain: gain(right, cornering, GAIN_SHORT_S), right_gain_long: gain(right, cornering, GAIN_LONG_S),
    forward_gain_doubt: gainDoubt(forward, going, GAIN_SHORT_S), forward_gain_doubt_long: gainDoubt(forward, going, GAIN_LONG_S),
    right_gain_doubt: gainDoubt(right, cornering, GAIN_SHORT_S), right_gain_doubt_long: gainDoubt(right, cornering, GAIN_LONG_S),
  };
}

export function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, k) => value - b[k]!);
}

/** What crawls changes its speed by less than a receiver's noise, so that its forces seem too small: it tells no gain. */
function underWay(motionMps2: Float64Array, speedMps: Float64Array): Float64Array {
  return motionMps2.map((value, k) => {
    for (let at = k - CRAWL_REACH_S; at <= k + CRAWL_REACH_S; at += 1) if (speedMps[at]! >= CRAWL_MPS) return value;
    return NaN;
  });
}

function drift(residual: Float64Array): Float64Array {
  const [near, around] = [centredMean(residual, DRIFT_REACH_S), centredMean(residual, LEVEL_REACH_S)];
  return near.map((value, k) => (2 * DRIFT_REACH_S + 1) * (value - around[k]!));
}

/** Slope through the origin, with a prior of 1 (ridge), as a logarithm; forces against the motion say 1/4 and less. */
function gain(force: Float64Array, motion: Float64Array, reachS: number): Float64Array {
  const product = centredMean(force.map((value, k) => value * motion[k]!), reachS);
  const square = centredMean(motion.map((value, k) => value ** 2 + 0 * force[k]!), reachS);
  return product.map((value, k) => Math.log(Math.max(0.25, (value + GAIN_FLOOR) / (square[k]! + GAIN_FLOOR))));
}

/** Student's t of the slope through the origin against 1, seconds taken for independent. */
function gainDoubt(force: Float64Array, motion: Float64Array, reachS: number): Float64Array {
  const mean = (of: (k: number) => number): Float64Array => centredMean(force.map((_, k) => of(k)), reachS);
  const product = mean((k) => force[k]! * motion[k]!);
  const motion2 = mean((k) => motion[k]! ** 2 + 0 * force[k]!);
  const force2 = mean((k) => force[k]! ** 2 + 0 * motion[k]!);
  return product.map((value, k) => {
    const residual = Math.max(0, force2[k]! - (value * value) / (motion2[k]! + 1e-9)) + RESIDUAL_FLOOR;
    return ((value - motion2[k]!) * Math.sqrt(2 * reachS + 1)) / Math.sqrt(residual * (motion2[k]! + 1e-9));
  });
}
