import type { ReasonCode } from '../shared/model/reason.ts';
import type { ValidateRules } from '../shared/model/validate-rules.ts';
import type { Verdict, WindowVerdict } from '../shared/model/verdict.ts';
import { coveredShare } from './checks/coverage.ts';
import type { Sketch } from './sketch.ts';

/** The smallest piece that gets a verdict, from the windows over it. */
export interface Stretch {
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
/** Times are read to a millisecond; a difference of doubles may fall just short of it. */
const TICK_S = 0.001;

/** Cuts a part into stretches; each is what more than half of the windows over it are. */
export function stretchesOf(sketch: Sketch, windows: readonly WindowVerdict[], rules: ValidateRules): readonly Stretch[] {
  const { flagStretchS, windowS, strideS, maxStepS } = rules;
  return Array.from({ length: Math.floor(sketch.lengthS / flagStretchS) + 1 }, (_, n) => {
    const fromS = n * flagStretchS;
    const toS = Math.max(fromS, Math.min(fromS + flagStretchS, sketch.lengthS));
    // The last window ends with the part, so the last stretches have no window that begins with them.
    const first = Math.min(windows.length - 1, Math.max(0, Math.ceil((toS - windowS) / strideS)));
    return {
      ...said(windows.slice(first, Math.floor(fromS / strideS) + 1)),
      coveredS: coveredShare(sketch, { fromS, toS }, maxStepS) * (toS - fromS),
      covers: (atS) => coveredShare(sketch, { fromS: Math.max(0, atS - SLACK_S), toS: Math.min(sketch.lengthS, atS + SLACK_S) }, maxStepS) > 0,
    };
  });
}

/** The stretch at a time, with whether fixes lie around that very moment. */
export function stretchAt(stretches: readonly Stretch[], atS: number, { flagStretchS }: ValidateRules): Stretch & { readonly isCovered: boolean } {
  const stretch = stretches[Math.min(stretches.length - 1, Math.max(0, Math.floor((atS + TICK_S) / flagStretchS)))]!;
  return { ...stretch, isCovered: stretch.covers(atS) };
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
