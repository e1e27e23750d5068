import { centredMean, type LevelMotion, type Piece } from '../imu-level.ts';

/** Which way forward is, second by second, from how the reported speed changes with the level specific force. */
export interface ForwardForce {
  /** Change of speed, m/s each second, that the force explains; NaN where no direction could be found. */
  readonly explainedMps2: Float64Array;
  /** Share of the speed's changes that the force explains around the second: the squared multiple correlation, 0 to 1. */
  readonly quality: Float64Array;
}

/** Gravity is estimated over as long, so a steady acceleration has left the force: it must leave the speed, too. */
const STEADY_REACH_S = 30;
/** The mounting is judged from this long to either side. */
const REACH_S = 300;
/** Seconds with a change of speed and a force below which there is no direction. */
const LEAST_S = 60;
/** A regression on a noisy force finds too small a share of it; a force is never more than half wrong in scale. */
const GAIN: readonly [number, number] = [0.4, 1.3];

/** Changes of speed without what lasts as long as gravity's estimate. */
export function quickChanges(speedChangeMps2: Float64Array): Float64Array {
  const steady = centredMean(speedChangeMps2, STEADY_REACH_S);
  return speedChangeMps2.map((value, k) => value - steady[k]!);
}

/**
 * Least squares of the speed's quick changes on both level axes, within a piece and around each second. No course and
 * no gyroscope is used, so that the force remains a witness of its own.
 */
export function forwardForce(level: LevelMotion, changesMps2: Float64Array, pieces: readonly Piece[]): ForwardForce {
  const none = (): Float64Array => new Float64Array(changesMps2.length).fill(NaN);
  const found = { explainedMps2: none(), quality: none() };
  for (const { from, to } of pieces) {
    const [a, f, s] = [changesMps2, level.firstMps2, level.secondMps2].map((column) => column.subarray(from, to)) as [Float64Array, Float64Array, Float64Array];
    const sum = (of: (k: number) => number): Around => around(a.map((_, k) => (Number.isFinite(a[k]! + f[k]! + s[k]!) ? of(k) : 0)));
    const [n, ff, fs, ss, af, as, aa] = [sum(() => 1), sum((k) => f[k]! ** 2), sum((k) => f[k]! * s[k]!), sum((k) => s[k]! ** 2), sum((k) => a[k]! * f[k]!), sum((k) => a[k]! * s[k]!), sum((k) => a[k]! ** 2)];
    for (let k = 0; k < a.length; k += 1) {
      if (n(k) < LEAST_S) continue;
      // A hair of noise keeps a perfectly still device from having every direction.
      const [p, q, r] = [ff(k) + n(k) * 1e-6, fs(k), ss(k) + n(k) * 1e-6];
      const determinant = p * r - q * q;
      const [first, second] = [(af(k) * r - as(k) * q) / determinant, (as(k) * p - af(k) * q) / determinant];
      const gain = Math.hypot(first, second);
      const scale = gain === 0 ? 0 : Math.min(GAIN[1], Math.max(GAIN[0], gain)) / gain;
      found.explainedMps2[from + k] = scale * (first * f[k]! + second * s[k]!);
      found.quality[from + k] = aa(k) > 0 ? (first * af(k) + second * as(k)) / aa(k) : 0;
    }
  }
  return found;
}

type Around = (k: number) => number;

function around(values: Float64Array): Around {
  const sums = new Float64Array(values.length + 1);
  for (const [k, value] of values.entries()) sums[k + 1] = sums[k]! + value;
  return (k) => sums[Math.min(values.length, k + REACH_S + 1)]! - sums[Math.max(0, k - REACH_S)]!;
}
