import type { WindowVerdict } from '../shared/model/verdict.ts';
import type { CheckAnswer } from './answers.ts';
import { nearnessOf, shareOfLimit } from './nearness.ts';

/** A stretch in which a check went over its limit, with the value where it did so most. */
export interface Finding {
  readonly check: CheckAnswer;
  /** Unix seconds. */
  readonly fromS: number;
  readonly toS: number;
  /** When the worst value was measured. */
  readonly worstS: number;
}

/** Every stretch of a drive in which a check stayed over its limit, in the order of time. */
export function findingsOf(windows: readonly WindowVerdict[]): readonly Finding[] {
  const open = new Map<string, Finding>();
  const done: Finding[] = [];
  for (const { fromS, toS, checks } of windows) {
    for (const [name, { measured, limit, unit, bound, score, atS }] of Object.entries(checks)) {
      const check = { name, measured, limit, unit, bound, score };
      const before = open.get(name);
      if (nearnessOf(check) !== 'over') continue;
      if (before === undefined || before.toS < fromS) {
        if (before !== undefined) done.push(before);
        open.set(name, { check, fromS, toS, worstS: atS });
        continue;
      }
      const isWorse = shareOfLimit(check) > shareOfLimit(before.check);
      open.set(name, { ...(isWorse ? { check, worstS: atS } : { check: before.check, worstS: before.worstS }), fromS: before.fromS, toS });
    }
  }
  return [...done, ...open.values()].toSorted((a, b) => a.fromS - b.fromS);
}
