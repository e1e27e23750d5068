import { type Calibration, chanceOfCheck, strongest } from '../../validate/calibrate.ts';
import { LEARNED_CONSISTENCY } from '../../validate/checks/learned-consistency.ts';
import { benchOf } from '../scorecard/ablation.ts';
import type { Journey } from './journeys.ts';

/** A window of the training set with what the net of its fold said of it. */
export interface Scored {
  readonly kind: string;
  readonly journey: Journey;
  readonly severities: Readonly<Record<string, number>>;
  /** Odds in nats, by the net that has not seen the journey. */
  readonly odds: number;
}

/** The judges that are compared: each gives a window a value, higher = less plausible. */
export const JUDGES = ['rules', 'filter', 'rules and filter', 'net', 'together'] as const;
export type Judge = (typeof JUDGES)[number];

const IS_OF: Readonly<Record<Judge, (check: string) => boolean>> = {
  rules: (check) => benchOf(check) === 'rules',
  filter: (check) => benchOf(check) === 'filter',
  'rules and filter': (check) => benchOf(check) !== 'net',
  net: (check) => benchOf(check) === 'net',
  together: () => true,
};

/** What a judge says of a window, with the calibration that has not seen its journey either. */
export function valueOf(judge: Judge, { severities, odds }: Scored, calibration: Calibration, limit: number): number {
  const all = { ...severities, [LEARNED_CONSISTENCY]: odds / limit };
  const chances = Object.entries(all).filter(([name]) => IS_OF[judge](name)).map(([name, severity]) => ({ name, chance: chanceOfCheck(calibration, name, severity) }));
  return strongest(calibration, chances) ?? -Infinity;
}

/** A share with its 95 % interval. */
export interface Share {
  readonly of: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Wilson's interval (1927) for `hits` of `of`. */
export function wilson(hits: number, of: number): Share {
  const [z, n] = [1.959964, Math.max(1, of)];
  const share = hits / n;
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const reach = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return { of, share, low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) };
}

/** The value that a share `fpr` of honest windows is above. */
export function thresholdAt(fpr: number, honest: readonly number[]): number {
  const sorted = honest.toSorted((a, b) => b - a);
  return sorted[Math.floor(fpr * sorted.length)] ?? Infinity;
}

/** Windows above the threshold. */
export function above(values: readonly number[], threshold: number): Share {
  return wilson(values.filter((value) => value > threshold).length, values.length);
}

/** The chance that an attacked window has a higher value than an honest one (Mann-Whitney), ties counting half. */
export function auc(attacked: readonly number[], honest: readonly number[]): number {
  const sorted = honest.toSorted((a, b) => a - b);
  const count = (isBelow: (value: number) => boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBelow(sorted[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const wins = attacked.reduce((sum, value) => sum + count((other) => other < value) / 2 + count((other) => other <= value) / 2, 0);
  return wins / Math.max(1, attacked.length * sorted.length);
}
