import type { Measurement } from '../../shared/model/verdict.ts';
import type { MeasureWindow } from './check.ts';

/** Squares second by second, m²/s⁴: missed, claimed, and what the sensors' own noise may miss. */
export interface Squares {
  readonly missed2: Float64Array;
  readonly claimed2: Float64Array;
  readonly floor2: Float64Array;
}

export interface UnexplainedRules {
  /** The window is seen with so many seconds to either side. */
  readonly aroundS: number;
  /** Of an honest drive's accelerations the force explains at least the rest of this share. */
  readonly share: number;
  readonly leastS: number;
}

/** The rms of what is missed against that of what is claimed and the floor, in the window and around it. */
export function unexplained({ missed2, claimed2, floor2 }: Squares, { aroundS, share, leastS }: UnexplainedRules): MeasureWindow {
  const seconds = missed2.length;
  const isTold = missed2.map((value) => (Number.isFinite(value) ? 1 : 0));
  const [count, missed, claimed, floor] = [isTold, missed2, claimed2, floor2].map((values) => summed(values, isTold)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  return ({ fromS, toS }): Measurement | null => {
    const [from, to] = [Math.max(0, Math.floor(fromS) - aroundS), Math.min(seconds, Math.ceil(toS) + aroundS)];
    const told = count[to]! - count[from]!;
    if (told < leastS) return null;
    const mean = (sums: Float64Array): number => Math.max(0, sums[to]! - sums[from]!) / told;
    return { measured: Math.sqrt(mean(missed)), limit: Math.sqrt(share * mean(claimed) + mean(floor)), unit: 'm/s²', bound: 'upper', atS: (fromS + toS) / 2 };
  };
}

function summed(values: Float64Array, isTold: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let k = 0; k < values.length; k += 1) sums[k + 1] = sums[k]! + (isTold[k] === 1 ? values[k]! : 0);
  return sums;
}
