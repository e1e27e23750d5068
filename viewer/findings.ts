import type { WindowVerdict } from '../shared/model/verdict.ts';
import type { CaseAnswer, EvidenceAnswer, MeasuredCheck } from './answers.ts';
import { heldBack, type Span } from './evidence.ts';
import { nearnessOf, shareOfLimit } from './nearness.ts';

/** A stretch in which a check went over its limit, with the value where it did so most. */
export interface Finding {
  readonly check: MeasuredCheck;
  /** Unix seconds. */
  readonly fromS: number;
  readonly toS: number;
  /** When the worst value was measured. */
  readonly worstS: number;
}

/** The seconds that a finding's value was measured over; around its worst second where the check does not say. */
export function secondsOver({ check: { span }, worstS }: Finding): Span {
  return span ?? { fromS: worstS - 0.5, toS: worstS + 0.5 };
}

/** Every stretch of a drive in which a check stayed over its limit, in the order of time. */
export function findingsOf(windows: readonly WindowVerdict[]): readonly Finding[] {
  const open = new Map<string, Finding>();
  const done: Finding[] = [];
  for (const { fromS, toS, checks } of windows) {
    for (const [name, { atS, score: _, ...measured }] of Object.entries(checks)) {
      const check = { name, ...measured };
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

/** The same of a case, whose checks are given with the second of their worst value. */
export function findingsOfCase({ checks, fromS, toS }: CaseAnswer, windows: EvidenceAnswer['windows']): readonly Finding[] {
  const spans = heldBack(windows);
  return checks.filter(({ isOver }) => isOver).map((check) => {
    const { atS } = check;
    const span = spans.find((one) => one.fromS <= atS && atS <= one.toS) ?? { fromS, toS };
    return { check, fromS: span.fromS, toS: span.toS, worstS: atS };
  }).toSorted((a, b) => a.worstS - b.worstS);
}
