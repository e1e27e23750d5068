import type { Drive } from '../../shared/model/drive.ts';
import type { Verdict } from '../../shared/model/verdict.ts';

/** What is said of one window, by the judge and by everything it is compared with. */
export interface ScoredWindow {
  readonly fromS: number;
  readonly toS: number;
  /** The receipt's. */
  readonly score: number;
  readonly verdict: Verdict;
  /** Whether any check could be made. */
  readonly isChecked: boolean;
  /** Higher = less plausible, each on a scale of its own: ablations, thresholds, the filter with each tuning. */
  readonly others: Readonly<Record<string, number>>;
  /** For the logistic fusion; NaN = missing. */
  readonly features: readonly number[];
}

/** One decision: a window that is honest or holds half a window of an attack, or the windows of a longer span together. */
export interface Decision extends ScoredWindow {
  /** `honest`, `identity`, or the attack's name. */
  readonly attack: string;
  /** The sensor that was taken away; null = none. */
  readonly dropOut: string | null;
  readonly drive: string;
  readonly device: DeviceKind;
  readonly source: 'real' | 'simulated';
  /** The judge's fold; null = the shipped one. */
  readonly fold: number | null;
  /** Windows of the stretch that end after the onset: how long after, and their score; empty where nothing begins. */
  readonly later: readonly { readonly afterS: number; readonly score: number }[];
}

export const DEVICE_KINDS = ['phones', 'iphone', 'comma', 'logger', 'simulated', 'other'] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** The device folds of threats.md; receivers without a motion sensor are a kind of their own. */
export function deviceKind({ device: { make, model }, imu }: Pick<Drive, 'device' | 'imu'>): DeviceKind {
  const name = `${make ?? ''} ${model ?? ''}`.toLowerCase();
  if (name.includes('simulator')) return 'simulated';
  if (imu === null) return 'logger';
  if (name.includes('iphone')) return 'iphone';
  if (name.includes('comma')) return 'comma';
  return name.includes('phone') ? 'phones' : 'other';
}

/** Several windows as one decision: the strongest of each. */
export function strongestOf(windows: readonly ScoredWindow[]): ScoredWindow {
  const [first] = windows;
  if (first === undefined) throw new RangeError('there is no window to decide about');
  const most = (of: (window: ScoredWindow) => number): number => windows.reduce((max, window) => Math.max(max, of(window)), -Infinity);
  const severest = (['rejected', 'flagged', 'unverified'] as const).find((verdict) => windows.some((window) => window.verdict === verdict)) ?? 'accepted';
  return {
    fromS: first.fromS, toS: windows.at(-1)!.toS, score: most(({ score }) => score), verdict: severest, isChecked: windows.some(({ isChecked }) => isChecked),
    others: Object.fromEntries(Object.keys(first.others).map((name) => [name, most(({ others }) => others[name] ?? 0)])),
    features: first.features.map((_, n) => most(({ features }) => (Number.isFinite(features[n]) ? features[n]! : -Infinity))).map((value) => (Number.isFinite(value) ? value : NaN)),
  };
}
