import type { Drive, Frame } from '../shared/model/drive.ts';
import type { Recipe } from '../shared/model/recipe.ts';
import type { ValidateRules } from '../shared/model/validate-rules.ts';
import type { DriveVerdict, FrameVerdict, Verdict } from '../shared/model/verdict.ts';
import { driveScore } from './calibrate.ts';
import { movedPairs, pairChecks } from './camera/pair-checks.ts';
import type { Check } from './checks/check.ts';
import { learnedConsistency } from './checks/learned-consistency.ts';
import type { Testimony } from './testimony.ts';
import { type JudgedWindow, type JudgeRules, judgeWindow } from './judge-window.ts';
import { type Part, partsOf } from './parts.ts';
import { roundedScore, roundedTime } from './rounding.ts';
import { type Sketch, sketchOf } from './sketch.ts';
import { type Stretch, stretchAt, stretchesOf } from './stretches.ts';
import { forTier, tierOf } from './tier.ts';
import { drivingSeconds, measureEach, type MeasuredWindow } from './windows.ts';

export type { JudgeRules } from './judge-window.ts';

/** A part with its channels; null where it has no usable position. */
export interface SketchedPart extends Part {
  readonly sketch: Sketch | null;
}

/** A drive cut into parts and sketched: what the checks measure in and what the net is shown. */
export interface SketchedDrive {
  readonly drive: Drive;
  readonly parts: readonly Part[];
  /** None where the drive is longer than anybody drives. */
  readonly sketched: readonly SketchedPart[];
}

/** The first half of judging, before the net is asked. */
export function sketchDrive(drive: Drive, { validate }: Recipe): SketchedDrive {
  const parts = partsOf(drive, validate);
  const isEndless = parts.reduce((sum, part) => sum + lengthOf(part), 0) > validate.longestS;
  return { drive, parts, sketched: isEndless ? [] : parts.map((part) => ({ ...part, sketch: sketchOf(part.drive, validate) })) };
}

/** The intrinsic verdict: a pure function of the drive, the recipe with its calibration, and what the net said (design.md, law 3). */
export function judgeDrive(drive: Drive, rules: JudgeRules, testimony: Testimony): DriveVerdict {
  return judgeSketched(sketchDrive(drive, rules.recipe), rules, testimony);
}

/** The second half: checks, windows, stretches, frames and the drive. */
export function judgeSketched({ drive, parts, sketched }: SketchedDrive, rules: JudgeRules, testimony: Testimony): DriveVerdict {
  const { validate, version } = rules.recipe;
  const judged = sketched.flatMap((part, n) => (part.sketch === null ? [] : [judgePart({ ...part, sketch: part.sketch }, rules, learnedChecks(testimony, n, part.sketch))]));
  const windows = judged.flatMap(({ windows }) => windows);
  const measured = judged.flatMap(({ measured }) => measured);
  const chances = windows.flatMap(({ chance }) => (chance === null ? [] : [chance]));
  const drivingWindows = measured.filter(({ drivingS }) => drivingS >= validate.flagStretchS).length;
  return {
    drive: drive.name,
    verdict: overall(judged, parts, validate),
    ...tierOf(drive, judged, validate),
    score: roundedScore(driveScore(rules.calibration.windowWorth, chances, drivingWindows)),
    frames: frameVerdicts(drive.frames, judged, validate),
    windows: windows.map(({ verdict }) => verdict),
    receipt: { recipe: version, modelSha256: testimony.net?.modelSha256 ?? null, inputSha256: drive.inputSha256, provider: testimony.provider },
  };
}

/** A part with all that was found in it. */
interface JudgedPart extends Part {
  readonly sketch: Sketch;
  readonly measured: readonly MeasuredWindow[];
  readonly windows: readonly JudgedWindow[];
  readonly stretches: readonly Stretch[];
}

function judgePart(part: Part & { readonly sketch: Sketch }, rules: JudgeRules, learned: readonly Check[]): JudgedPart {
  const { validate } = rules.recipe;
  const { sketch } = part;
  const [measured, windows]: [MeasuredWindow[], JudgedWindow[]] = [[], []];
  for (const window of measureEach(sketch, validate, learned)) {
    windows.push(judgeWindow(window, sketch, rules));
    // All else that was measured is in the verdict.
    measured.push(forTier(window));
  }
  return { ...part, measured, windows, stretches: stretchesOf(sketch, windows.map(({ verdict }) => verdict), validate) };
}

function learnedChecks({ net, pairs }: Testimony, part: number, { camera }: Sketch): readonly Check[] {
  return [
    ...(net === null ? [] : [learnedConsistency(net.parts[part] ?? [], net.limit)]),
    ...(pairs === undefined || camera === null ? [] : pairChecks(movedPairs(camera, pairs[part] ?? []))),
  ];
}

function lengthOf({ fromS, toS }: Part): number {
  return toS - fromS;
}

/** Rejected, flagged, unverified, accepted: the first that holds (design.md, Verdicts). */
function overall(judged: readonly JudgedPart[], parts: readonly Part[], rules: ValidateRules): Verdict {
  const driving = judged.flatMap(({ sketch, stretches }) => drivingSeconds(sketch, rules).flatMap((isDriving, k) => (isDriving ? [stretches[Math.floor(k / rules.flagStretchS)]!] : [])));
  if (driving.length > 0 && driving.filter(({ verdict }) => verdict === 'rejected').length >= driving.length / 2) return 'rejected';
  const stretches = judged.flatMap(({ stretches }) => stretches);
  if (stretches.some(({ verdict }) => verdict === 'flagged' || verdict === 'rejected')) return 'flagged';
  const checkedS = stretches.reduce((sum, { verdict, coveredS }) => sum + (verdict === 'unverified' ? 0 : coveredS), 0);
  const lengthS = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  return checkedS === 0 || checkedS < lengthS / 2 ? 'unverified' : 'accepted';
}

/** In the order of the drive's frames, whatever part they fell into. */
function frameVerdicts(frames: readonly Frame[], judged: readonly JudgedPart[], rules: ValidateRules): readonly FrameVerdict[] {
  const partOf = new Map(judged.flatMap((part) => part.drive.frames.map(({ path }) => [path, part] as const)));
  return frames.map(({ path, capturedAt }) => {
    const frame = { path, tS: roundedTime(capturedAt) };
    const part = partOf.get(path);
    if (part === undefined) return { ...frame, verdict: 'unverified', score: 0, reasons: ['not_checkable'] };
    const { verdict, score, reasons, isCovered } = stretchAt(part.stretches, capturedAt - part.sketch.startS, rules);
    return verdict === 'accepted' && !isCovered ? { ...frame, verdict: 'unverified', score, reasons: ['not_checkable'] } : { ...frame, verdict, score, reasons };
  });
}
