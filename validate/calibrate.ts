import { LEARNED_CONSISTENCY } from './checks/learned-consistency.ts';

/** How often an honest window goes at least so far; a survival function by points, exponential beyond the last. */
export interface Tail {
  /** Windows it was measured on. */
  readonly n: number;
  /** `[p, value]`: a share p of honest windows reached this value or more. p falls, values do not. */
  readonly points: readonly (readonly [number, number])[];
  /** Beyond the last point the share falls by a factor e per this much. */
  readonly scale: number;
}

/** What scores mean: committed beside the code, made by `validate/training/calibrate.ts`. */
export interface Calibration {
  readonly recipe: number;
  readonly seed: number;
  /** `inputSha256` of the drives it was made on, sorted. */
  readonly drives: readonly string[];
  /** Severity (measured to limit) by check. */
  readonly checks: Readonly<Record<string, Tail>>;
  /** The same on simulated honest drives, on more kinds of device than the real drives have; absent where none were measured. */
  readonly simulated?: Readonly<Record<string, Tail>>;
  /** `strongest` of a window. */
  readonly window: Tail;
  /** How much each further driving window adds to the first one's chances: windows overlap, and one event fills several. */
  readonly windowWorth: number;
}

/** The chance that an honest window reaches `value`, in (0, 1]: log-linear between points (as in a survival plot). */
export function chanceOf({ points, scale }: Tail, value: number): number {
  // Among equal values the first one has the largest share: nobody is surprised by what most windows do.
  const next = points.findIndex(([, at]) => at >= value);
  if (next === 0 || points.length === 0) return 1;
  const [pBefore, before] = points.at(next === -1 ? -1 : next - 1)!;
  if (next === -1) return pBefore * Math.exp(-(value - before) / scale);
  const [pAfter, after] = points[next]!;
  return pBefore * (pAfter / pBefore) ** ((value - before) / (after - before));
}

/**
 * For a check that the honest drives at hand cannot exercise (they hold no pictures): exponential, and its limit
 * is taken to be passed once in a thousand windows, which is what limits are set for.
 */
const UNMEASURED: Tail = { n: 0, points: [[1, 0]], scale: 1 / Math.log(1000) };

/** What the chance of a check is worked out from. */
export type CheckTails = Pick<Calibration, 'checks' | 'simulated'>;

/**
 * The chance that a check of an honest window goes so far, on real and on simulated drives in equal parts: a check that
 * errs on devices which the real drives lack is not believed on them. Measured out of fold on 2026-11-24: of attacks on
 * simulated drives 0.90 are found at 1 % for 0.75 with real tails alone, of those on real drives 0.90 for 0.89.
 */
export function chanceOfCheck({ checks, simulated = {} }: CheckTails, name: string, severity: number): number {
  const tails = [checks[name], simulated[name]].filter((tail) => tail !== undefined);
  if (tails.length === 0) return chanceOf(UNMEASURED, severity);
  return tails.reduce((sum, tail) => sum + chanceOf(tail, severity), 0) / tails.length;
}

/** Chances are compared on this scale, where equal steps are equal factors: -ln p. */
export function surprise(chance: number): number {
  return chance >= 1 ? 0 : surpriseOf(chance);
}

function surpriseOf(chance: number): number {
  return -Math.log(Math.max(chance, Number.MIN_VALUE));
}

/** A check of a window and its chance on honest windows. */
export interface CheckChance {
  readonly name: string;
  readonly chance: number;
}

/** The net's share of what honest windows may be suspected by chance; the others have equal parts of the rest. */
const NET_SHARE = 0.9;

/**
 * How surprising the strongest check of a window is, -ln of its chance over its share (weighted Bonferroni: Genovese,
 * Roeder and Wasserman 2006): a judge that finds more may err more often, and many that find little do not drown it.
 * Null where no check could be made.
 */
export function strongest({ checks }: Pick<Calibration, 'checks'>, chances: readonly CheckChance[]): number | null {
  if (chances.length === 0) return null;
  const others = Math.max(1, Object.keys(checks).filter((name) => name !== LEARNED_CONSISTENCY).length);
  const fraction = ({ name, chance }: CheckChance): number => chance / (name === LEARNED_CONSISTENCY ? NET_SHARE : (1 - NET_SHARE) / others);
  // A chance that is larger than its share is no surprise, but still one more or less than another.
  return Math.log(others / (1 - NET_SHARE)) + surpriseOf(chances.map(fraction).reduce((a, b) => Math.min(a, b)));
}

/** The chance of a window in which each check has its chance; null where none could be made. */
export function chanceOfWindow(calibration: Calibration, chances: readonly CheckChance[]): number | null {
  const value = strongest(calibration, chances);
  return value === null ? null : chanceOf(calibration.window, value);
}

/**
 * 1 - the chance that the most surprising of so many honest driving windows is at least this surprising: F^m with
 * m = 1 + worth (n - 1) independent windows in n (the extremal index of Leadbetter 1983, exact for one window).
 */
export function driveScore(windowWorth: number, windowChances: readonly number[], drivingWindows: number): number {
  if (windowChances.length === 0) return 0;
  const rarest = windowChances.reduce((a, b) => Math.min(a, b));
  // log1p keeps chances that 1 - p would round away.
  return Math.exp((1 + windowWorth * Math.max(0, drivingWindows - 1)) * Math.log1p(-rarest));
}

/** Shares at which a tail is kept; beyond 1 % the shared drives hold too few independent windows to count. */
const SHARES = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01];

/** The tail of observed values, or null where there are none. */
export function tailOf(values: readonly number[]): Tail | null {
  const sorted = values.toSorted((a, b) => b - a);
  if (sorted.length === 0) return null;
  const points = SHARES.map((share) => [share, rounded(sorted[Math.min(sorted.length, Math.max(1, Math.round(share * sorted.length))) - 1]!)] as const);
  const [, last] = points.at(-1)!;
  const beyond = sorted.filter((value) => value > last);
  const excess = beyond.reduce((sum, value) => sum + value - last, 0) / Math.max(1, beyond.length);
  // A tail without spread would make certainty of a hair's breadth.
  return { n: sorted.length, points, scale: rounded(Math.max(excess, 0.05 * last, 1e-3)) };
}

/** Six decimals: what is committed is what is used. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
