import type { ReasonCode } from '../shared/model/reason.ts';
import type { ValidateRules } from '../shared/model/recipe.ts';
import type { Verdict, WindowVerdict } from '../shared/model/verdict.ts';
import { coveredShare } from './checks/coverage.ts';
import { type Sketch } from './sketch.ts';
import { windowsOf } from './windows.ts';

/** The smallest piece that gets a verdict, from the windows over it. Seconds since the sketch's start. */
export interface Stretch {
  readonly fromS: number;
  readonly toS: number;
  readonly verdict: Verdict;
  readonly score: number;
  readonly reasons: readonly ReasonCode[];
  /** Seconds between fixes close enough in time to say where the vehicle was. */
  readonly coveredS: number;
  /** Whether a moment lies between (or within a second of) such fixes. */
  readonly covers: (atS: number) => boolean;
}

/** A frame may lie this far outside the fixes around it: clocks are whole-second in many pictures. */
const SLACK_S = 1;

/** Cuts the drive into stretches; each is what more than half of the windows over it are. */
export function stretchesOf(sketch: Sketch, windows: readonly WindowVerdict[], rules: ValidateRules): readonly Stretch[] {
  const spans = windowsOf(sketch, rules);
  const count = Math.max(1, Math.ceil(sketch.lengthS / rules.flagStretchS), Math.floor(sketch.lengthS / rules.flagStretchS) + 1);
  return Array.from({ length: count }, (_, n) => {
    const fromS = n * rules.flagStretchS;
    const toS = Math.min(fromS + rules.flagStretchS, Math.max(sketch.lengthS, fromS));
    const over = windows.filter((_, w) => spans[w]!.fromS <= fromS && (spans[w]!.toS >= toS || w === windows.length - 1));
    return {
      fromS,
      toS,
      ...said(over),
      coveredS: coveredShare(sketch, { fromS, toS }, rules.maxStepS) * (toS - fromS),
      covers: (atS) => coveredShare(sketch, { fromS: Math.max(0, atS - SLACK_S), toS: Math.min(sketch.lengthS, atS + SLACK_S) }, rules.maxStepS) > 0,
    };
  });
}

/** One window in four sees what happened next door; more than half of them see what happened here. */
function said(over: readonly WindowVerdict[]): Pick<Stretch, 'verdict' | 'score' | 'reasons'> {
  const most = (verdicts: readonly Verdict[]): readonly WindowVerdict[] | null => {
    const those = over.filter(({ verdict }) => verdicts.includes(verdict));
    return those.length * 2 > over.length ? those : null;
  };
  const score = over.map(({ score }) => score).toSorted((a, b) => a - b)[(over.length - 1) >> 1] ?? 0;
  const rejected = most(['rejected']);
  if (rejected !== null) return { verdict: 'rejected', score, reasons: reasonsOf(rejected) };
  const flagged = most(['rejected', 'flagged']);
  if (flagged !== null) return { verdict: 'flagged', score, reasons: reasonsOf(flagged) };
  const unverified = most(['unverified']);
  if (unverified !== null) return { verdict: 'unverified', score, reasons: reasonsOf(unverified) };
  return { verdict: 'accepted', score, reasons: [] };
}

function reasonsOf(windows: readonly WindowVerdict[]): readonly ReasonCode[] {
  return [...new Set(windows.flatMap(({ reasons }) => reasons))].toSorted();
}
