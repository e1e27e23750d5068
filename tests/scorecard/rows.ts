import { above, auc, thresholdAt, wilson } from '../training/figures.ts';
import type { Decision } from './decision.ts';

/** A share's 95 % interval (Wilson), which takes draws for independent. */
export type Interval = readonly [number, number];

/** What a judge finds of one attack, against honest windows of the same kind of drives. */
export interface Row {
  readonly auc: number;
  readonly tpr_at_1pct: number;
  readonly tpr_at_0_1pct: number;
  readonly tpr_at_1pct_interval: Interval;
  readonly tpr_at_0_1pct_interval: Interval;
  readonly windows: number;
}

/** A row with what the shipped recipe says of the same windows. */
export interface AttackRow extends Row {
  /** Median seconds from the onset to the end of the first window over the 1 % threshold, of those stretches in which there was one. */
  readonly delay_s: number | null;
  readonly delay_found: number | null;
  readonly shipped_rejected: number;
  readonly shipped_not_accepted: number;
  readonly shipped_rejected_interval: Interval;
  readonly shipped_not_accepted_interval: Interval;
}

/** What a judge or a baseline says of a decision; higher = less plausible. */
export type Saying = (decision: Decision) => number;

export const ours: Saying = ({ score }) => score;

/** The values that a share of honest windows is above. */
export interface Limits {
  readonly at1Pct: number;
  readonly at01Pct: number;
}

export function limitsOf(honest: readonly number[]): Limits {
  return { at1Pct: thresholdAt(0.01, honest), at01Pct: thresholdAt(0.001, honest) };
}

/** Null where either side has no windows. */
export function rowOf(attacked: readonly number[], honest: readonly number[]): Row | null {
  if (attacked.length === 0 || honest.length === 0) return null;
  const { at1Pct, at01Pct } = limitsOf(honest);
  const [often, seldom] = [above(attacked, at1Pct), above(attacked, at01Pct)];
  return {
    auc: auc(attacked, honest), tpr_at_1pct: often.share, tpr_at_0_1pct: seldom.share,
    tpr_at_1pct_interval: [often.low, often.high], tpr_at_0_1pct_interval: [seldom.low, seldom.high], windows: attacked.length,
  };
}

/** Null where the attack was not tried. */
export function attackRow(attacked: readonly Decision[], honest: readonly Decision[]): AttackRow | null {
  const row = rowOf(attacked.map(ours), honest.map(ours));
  if (row === null) return null;
  const { at1Pct } = limitsOf(honest.map(ours));
  const begun = attacked.filter(({ later }) => later.length > 0);
  const delays = begun.flatMap(({ later }) => later.find(({ score }) => score > at1Pct)?.afterS ?? []);
  const [rejected, notAccepted] = [(verdict: string): boolean => verdict === 'rejected', (verdict: string): boolean => verdict !== 'accepted'].map((is) => wilson(attacked.filter(({ verdict }) => is(verdict)).length, attacked.length));
  return {
    ...row,
    delay_s: delays.length === 0 ? null : delays.toSorted((a, b) => a - b)[delays.length >> 1]!,
    delay_found: begun.length === 0 ? null : delays.length / begun.length,
    shipped_rejected: rejected!.share, shipped_not_accepted: notAccepted!.share,
    shipped_rejected_interval: [rejected!.low, rejected!.high], shipped_not_accepted_interval: [notAccepted!.low, notAccepted!.high],
  };
}

export interface Mean {
  readonly auc: number;
  readonly tpr_at_1pct: number;
  readonly tpr_at_0_1pct: number;
}

/** The mean over rows; null where one of them is missing, because a mean over fewer attacks is another figure. */
export function meanOf(rows: readonly (Row | null)[]): Mean | null {
  if (rows.length === 0 || rows.some((row) => row === null)) return null;
  const mean = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row!), 0) / rows.length;
  return { auc: mean(({ auc }) => auc), tpr_at_1pct: mean((row) => row.tpr_at_1pct), tpr_at_0_1pct: mean((row) => row.tpr_at_0_1pct) };
}

/** A row that could not be measured says why; it never holds a made-up figure. */
export interface NotMeasured {
  readonly auc: null;
  readonly tpr_at_1pct: null;
  readonly tpr_at_0_1pct: null;
  readonly reason: string;
}

export function notMeasured(reason: string): NotMeasured {
  return { auc: null, tpr_at_1pct: null, tpr_at_0_1pct: null, reason };
}
