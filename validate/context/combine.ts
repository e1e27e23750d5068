import type { Span } from '../../shared/model/context-verdict.ts';
import type { Drive } from '../../shared/model/drive.ts';
import type { ReasonCode } from '../../shared/model/reason.ts';
import type { Recipe } from '../../shared/model/recipe.ts';
import { areIndependent, type Channel, type DriveVerdict, type FrameVerdict, severity, type Verdict, type WindowVerdict } from '../../shared/model/verdict.ts';
import { CHECKS } from '../checks/all.ts';
import { sketchDrive, type SketchedPart } from '../judge.ts';
import type { Sketch } from '../sketch.ts';
import { stretchesOf } from '../stretches.ts';
import { drivingSeconds } from '../windows.ts';
import { type ContextFinding, overlaps } from './finding.ts';

/** What the intrinsic verdict and the context say together. */
export interface Combined {
  readonly verdict: Verdict;
  readonly frames: readonly FrameVerdict[];
}

/** The verdict rule of the windows once more, with the context among the witnesses (design.md, Verdicts). */
export function combine(drive: Drive, intrinsic: DriveVerdict, findings: readonly ContextFinding[], recipe: Recipe): Combined {
  const beyond = findings.filter(({ spans }) => spans.length > 0);
  if (beyond.length === 0) return { verdict: intrinsic.verdict, frames: intrinsic.frames };
  const parts = sketchDrive(drive, recipe).sketched.flatMap((part) => (part.sketch === null ? [] : [partOf({ ...part, sketch: part.sketch }, intrinsic, beyond, recipe)]));
  return { verdict: overall(parts, intrinsic, recipe), frames: intrinsic.frames.map((frame) => frameWith(frame, parts, beyond)) };
}

/** A part with what holds of each of its stretches. */
interface CombinedPart extends Span {
  readonly sketch: Sketch;
  readonly stretches: readonly { readonly verdict: Verdict; readonly accusers: readonly (readonly Channel[])[] }[];
  readonly stretchS: number;
}

function partOf(part: SketchedPart & { readonly sketch: Sketch }, { windows }: DriveVerdict, findings: readonly ContextFinding[], { validate }: Recipe): CombinedPart {
  const { sketch, fromS, toS } = part;
  const own = windows.filter((window) => window.fromS >= fromS - 1 && window.toS <= toS + 1);
  const stretches = stretchesOf(sketch, own, validate).map((stretch, n) => {
    const start = sketch.startS + n * validate.flagStretchS;
    const over = own.filter((window) => overlaps(window, { fromS: start, toS: start + validate.flagStretchS }));
    const accusers = accusersOf(over, sketch, validate.rejectScore);
    const here = findings.filter(({ spans }) => spans.some((span) => overlaps(span, { fromS: start, toS: start + validate.flagStretchS })));
    return { verdict: worse(stretch.verdict, said(here, accusers)), accusers };
  });
  return { fromS, toS, sketch, stretches, stretchS: validate.flagStretchS };
}

/** What the checks read that are surely beyond their limits in most windows here; the net reads all there is, and is nobody's second witness. */
function accusersOf(windows: readonly WindowVerdict[], sketch: Sketch, rejectScore: number): readonly (readonly Channel[])[] {
  const isSure = ({ checks }: WindowVerdict, name: string): boolean => {
    const result = checks[name];
    return result !== undefined && severity(result) > 1 && result.score >= rejectScore;
  };
  return CHECKS.filter(({ name }) => windows.filter((window) => isSure(window, name)).length * 2 > windows.length).map((check) => check.channels(sketch));
}

/** Null where nothing of the context speaks against it. */
function said(findings: readonly ContextFinding[], accusers: readonly (readonly Channel[])[]): Verdict | null {
  if (findings.length === 0) return null;
  if (findings.some(({ isCertain }) => isCertain)) return 'rejected';
  const witnesses = findings.map(({ channels }) => channels);
  const isAgreed = witnesses.some((one, n) => [...witnesses.slice(n + 1), ...accusers].some((other) => areIndependent(one, other)));
  return isAgreed ? 'rejected' : 'flagged';
}

/** The stretch of the frame speaks for it; outside of all stretches its own moment does. */
function frameWith(frame: FrameVerdict, parts: readonly CombinedPart[], findings: readonly ContextFinding[]): FrameVerdict {
  const part = parts.find(({ fromS, toS }) => frame.tS >= fromS - 1 && frame.tS <= toS + 1);
  const n = part === undefined ? -1 : Math.min(part.stretches.length - 1, Math.max(0, Math.floor((frame.tS - part.sketch.startS + 0.001) / part.stretchS)));
  const span = part === undefined ? { fromS: frame.tS, toS: frame.tS } : { fromS: part.sketch.startS + n * part.stretchS, toS: part.sketch.startS + (n + 1) * part.stretchS };
  const here = findings.filter(({ spans }) => spans.some((one) => overlaps(one, span)));
  if (here.length === 0) return frame;
  const verdict = worse(frame.verdict, said(here, part?.stretches[n]?.accusers ?? []));
  const alone: readonly ReasonCode[] = verdict === 'flagged' && frame.verdict !== 'flagged' && here.length === 1 ? ['one_check_alone'] : [];
  return { ...frame, verdict, reasons: [...new Set([...frame.reasons, ...here.map(({ reason }) => reason), ...alone])].filter((reason) => verdict !== 'rejected' || reason !== 'one_check_alone').toSorted() };
}

const SEVERITY: readonly Verdict[] = ['accepted', 'unverified', 'flagged', 'rejected'];

function worse(one: Verdict, other: Verdict | null): Verdict {
  return other === null || SEVERITY.indexOf(other) <= SEVERITY.indexOf(one) ? one : other;
}

/** As the intrinsic one: rejected where half of the driving is, flagged where any stretch is. A drive that was not sketched is known by its frames. */
function overall(parts: readonly CombinedPart[], intrinsic: DriveVerdict, { validate }: Recipe): Verdict {
  if (parts.length === 0) return worse(intrinsic.verdict, 'flagged');
  const driving = parts.flatMap(({ sketch, stretches }) => drivingSeconds(sketch, validate).flatMap((isDriving, k) => (isDriving ? [stretches[Math.floor(k / validate.flagStretchS)]!.verdict] : [])));
  const verdicts = parts.flatMap(({ stretches }) => stretches.map(({ verdict }) => verdict));
  if (driving.length > 0 && driving.filter((verdict) => verdict === 'rejected').length >= driving.length / 2) return 'rejected';
  return worse(intrinsic.verdict, verdicts.some((verdict) => verdict === 'flagged' || verdict === 'rejected') ? 'flagged' : null);
}
