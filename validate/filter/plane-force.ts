import { centredMean, type LevelMotion, type Piece } from '../imu-level.ts';

/** Acceleration in the road's plane, in the vehicle's own axes. */
export interface PlaneMotion {
  readonly forwardMps2: Float64Array;
  readonly rightMps2: Float64Array;
}

/** The level force in the vehicle's axes beside the track's acceleration, both without what lasts half a minute. */
export interface PlaneForce {
  readonly force: PlaneMotion;
  readonly track: PlaneMotion;
  /** How well the two agree around the second, 0 to 1, at the best angle of mounting. */
  readonly agreement: Float64Array;
}

/** Gravity is estimated over as long, so what is steady has left the force: it must leave the track, too. */
const STEADY_REACH_S = 30;
/** The mounting is judged from this long to either side. */
const REACH_S = 300;
const LEAST_S = 60;

/**
 * Level force turned by the angle that agrees best with the track's acceleration around: the orthogonal Procrustes
 * solution in the plane, the argument of a complex correlation. No gyroscope is used, so that the force is a witness
 * of its own.
 */
export function planeForce(level: LevelMotion, motion: PlaneMotion, pieces: readonly Piece[]): PlaneForce {
  const seconds = motion.forwardMps2.length;
  const none = (): Float64Array => new Float64Array(seconds).fill(NaN);
  const found = { force: { forwardMps2: none(), rightMps2: none() }, track: { forwardMps2: none(), rightMps2: none() }, agreement: none() };
  for (const { from, to } of pieces) {
    const part = (column: Float64Array): Float64Array => column.subarray(from, to);
    const [a, c] = [withoutSteady(part(motion.forwardMps2)), withoutSteady(part(motion.rightMps2))];
    // To the right is clockwise from forward, while second is anticlockwise from first: the plane is mirrored once.
    const [f, s] = [part(level.firstMps2), part(level.secondMps2).map((value) => -value)];
    const sum = (of: (k: number) => number): Around => around(a.map((_, k) => (Number.isFinite(a[k]! + c[k]! + f[k]! + s[k]!) ? of(k) : 0)));
    const [n, real, imaginary] = [sum(() => 1), sum((k) => a[k]! * f[k]! + c[k]! * s[k]!), sum((k) => c[k]! * f[k]! - a[k]! * s[k]!)];
    const [force2, motion2] = [sum((k) => f[k]! ** 2 + s[k]! ** 2), sum((k) => a[k]! ** 2 + c[k]! ** 2)];
    for (let k = 0; k < a.length; k += 1) {
      const length = Math.hypot(real(k), imaginary(k));
      if (n(k) < LEAST_S || length === 0) continue;
      const [cos, sin] = [real(k) / length, imaginary(k) / length];
      found.force.forwardMps2[from + k] = f[k]! * cos - s[k]! * sin;
      found.force.rightMps2[from + k] = f[k]! * sin + s[k]! * cos;
      found.track.forwardMps2[from + k] = a[k]!;
      found.track.rightMps2[from + k] = c[k]!;
      found.agreement[from + k] = length / Math.sqrt(force2(k) * motion2(k));
    }
  }
  return found;
}

function withoutSteady(values: Float64Array): Float64Array {
  const steady = centredMean(values, STEADY_REACH_S);
  return values.map((value, k) => value - steady[k]!);
}

type Around = (k: number) => number;

function around(values: Float64Array): Around {
  const sums = new Float64Array(values.length + 1);
  for (const [k, value] of values.entries()) sums[k + 1] = sums[k]! + value;
  return (k) => sums[Math.min(values.length, k + REACH_S + 1)]! - sums[Math.max(0, k - REACH_S)]!;
}
