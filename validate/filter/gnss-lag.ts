/** How much later than the motion sensor the receiver tells of the same motion. */
export interface Lag {
  readonly lagS: number;
  /** Correlation of the two at that lag, -1 to 1. */
  readonly correlation: number;
}

/** Two series at 1 Hz: `told(lagS)` is the receiver's, read so much later. */
export interface LagSearch {
  readonly felt: Float64Array;
  readonly told: (lagS: number) => Float64Array;
  readonly lagsS: readonly number[];
}

/** Seconds in common below which a correlation says nothing. */
const LEAST_S = 20;

/** The lag at which both agree best; null where too few seconds have both. */
export function lagOf({ felt, told, lagsS }: LagSearch): Lag | null {
  let best: Lag | null = null;
  for (const lagS of lagsS) {
    const correlation = correlationOf(felt, told(lagS));
    if (correlation !== null && (best === null || correlation > best.correlation)) best = { lagS, correlation };
  }
  return best;
}

/** About zero, not about the means: straight on is straight on for both. Null where too few are there, or nothing moves. */
export function correlationOf(a: Float64Array, b: Float64Array): number | null {
  let [ab, aa, bb, count] = [0, 0, 0, 0];
  for (let k = 0; k < a.length; k += 1) {
    const [one, other] = [a[k]!, b[k]!];
    if (!Number.isFinite(one + other)) continue;
    ab += one * other;
    aa += one * one;
    bb += other * other;
    count += 1;
  }
  return count < LEAST_S || aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb);
}
