import { makeRandom } from '../../fixtures/random.ts';
import { above } from '../training/figures.ts';
import { MACRO } from './attacks.ts';
import type { Decision } from './decision.ts';
import { type Interval, limitsOf, type Mean, meanOf, type Row, rowOf, type Saying } from './rows.ts';

/** Rows of the nine attacks and their mean. */
export interface MacroRows {
  readonly mean: Mean | null;
  readonly rows: Readonly<Record<string, Row | null>>;
}

export function macroRows(decisions: readonly Decision[], saying: Saying): MacroRows {
  const honest = valuesOf(decisions, 'honest', saying);
  const rows = Object.fromEntries(MACRO.map((attack) => [attack, rowOf(valuesOf(decisions, attack, saying), honest)]));
  return { rows, mean: meanOf(Object.values(rows)) };
}

export function valuesOf(decisions: readonly Decision[], attack: string, saying: Saying): readonly number[] {
  return decisions.filter((decision) => decision.attack === attack).map(saying);
}

const RESAMPLES = 200;
const SEED = 20_261_101;

/** Intervals of the mean, 95 %. */
export interface MacroIntervals {
  readonly tpr_at_1pct_interval: Interval;
  readonly tpr_at_0_1pct_interval: Interval;
}

/**
 * The mean's intervals by drawing whole drives anew (percentile bootstrap): windows of one drive are alike, so drawing
 * windows would make the interval too small. The threshold is drawn with them.
 */
export function macroIntervals(decisions: readonly Decision[], saying: Saying): MacroIntervals | null {
  const drives = [...new Set(decisions.map(({ drive }) => drive))];
  const values = new Map(drives.map((drive) => [drive, new Map<string, number[]>(['honest', ...MACRO].map((attack) => [attack, []]))]));
  for (const decision of decisions) values.get(decision.drive)!.get(decision.attack)?.push(saying(decision));
  const random = makeRandom(SEED, 'bootstrap');
  const means: { readonly often: number; readonly seldom: number }[] = [];
  for (let n = 0; n < RESAMPLES; n += 1) {
    const drawn = drives.map(() => values.get(random.pick(drives))!);
    const of = (attack: string): readonly number[] => drawn.flatMap((drive) => drive.get(attack)!);
    const { at1Pct, at01Pct } = limitsOf(of('honest'));
    const shares = MACRO.map((attack) => ({ often: above(of(attack), at1Pct), seldom: above(of(attack), at01Pct) }));
    if (shares.some(({ often }) => often.of === 0)) continue;
    const mean = (share: (one: (typeof shares)[number]) => number): number => shares.reduce((sum, one) => sum + share(one), 0) / shares.length;
    means.push({ often: mean(({ often }) => often.share), seldom: mean(({ seldom }) => seldom.share) });
  }
  if (means.length < RESAMPLES / 2) return null;
  const interval = (of: (mean: (typeof means)[number]) => number): Interval => {
    const sorted = means.map(of).toSorted((a, b) => a - b);
    return [sorted[Math.floor(0.025 * sorted.length)]!, sorted[Math.ceil(0.975 * sorted.length) - 1]!];
  };
  return { tpr_at_1pct_interval: interval(({ often }) => often), tpr_at_0_1pct_interval: interval(({ seldom }) => seldom) };
}
