import type { Drive } from '../shared/model/drive.ts';
import type { ReasonCode } from '../shared/model/reason.ts';
import type { Recipe } from '../shared/model/recipe.ts';
import { type CheckResult, type DriveVerdict, type FrameVerdict, type Receipt, severity, type Verdict, type WindowVerdict } from '../shared/model/verdict.ts';
import { type Calibration, chanceOf, chanceOfWindow, driveScore, tailFor } from './calibrate.ts';
import { type Sketch, sketchOf } from './sketch.ts';
import { stretchesOf, type Stretch } from './stretches.ts';
import { tierOf } from './tier.ts';
import { drivingSeconds, measure, type MeasuredWindow } from './windows.ts';

/** What judges by: both are committed, and a receipt names the recipe. */
export interface JudgeRules {
  readonly recipe: Recipe;
  readonly calibration: Calibration;
}

/** Fixes with which one can still say how a vehicle moved between them. */
const MIN_POINTS = 3;
/** Scores and values are rounded here, once, so that the database, the receipt and the page show the same figure. */
const DECIMALS = 1e6;
const TIME_DECIMALS = 1e3;

/** The intrinsic verdict: a pure function of the drive, the recipe with its calibration, and the provider (design.md, law 3). */
export function judgeDrive(drive: Drive, rules: JudgeRules, provider: string): DriveVerdict {
  const receipt: Receipt = { recipe: rules.recipe.version, modelSha256: null, inputSha256: drive.inputSha256, provider };
  const sketch = sketchOf(drive, rules.recipe.validate);
  if (sketch === null) return unseen(drive, receipt);
  const isShort = sketch.track.atS.length < MIN_POINTS;
  const measured = measure(sketch, rules.recipe.validate);
  const judged = measured.map((window) => judgeWindow(isShort ? { ...window, measured: [] } : window, { rules, sketch }));
  const windows = judged.map(({ verdict }) => verdict);
  const stretches = stretchesOf(sketch, windows, rules.recipe.validate);
  const chances = judged.flatMap(({ chance }) => (chance === null ? [] : [chance]));
  const drivingWindows = measured.filter(({ drivingS }) => drivingS >= rules.recipe.validate.flagStretchS).length;
  return {
    drive: drive.name,
    verdict: overall(sketch, stretches, rules),
    ...tierOf({ drive, sketch, measured, rules: rules.recipe.validate }),
    score: rounded(driveScore(rules.calibration.windowWorth, chances, drivingWindows)),
    frames: drive.frames.map((frame) => frameVerdict(frame, sketch, stretches)),
    windows,
    receipt,
  };
}

/** No usable position at all: nothing is said against it, and nothing for it. */
function unseen(drive: Drive, receipt: Receipt): DriveVerdict {
  const reasons: readonly ReasonCode[] = ['not_checkable'];
  const frames = drive.frames.map(({ path, capturedAt }) => ({ path, tS: time(capturedAt), verdict: 'unverified' as const, score: 0, reasons }));
  return { drive: drive.name, verdict: 'unverified', tier: 'C', tierReasons: reasons, score: 0, frames, windows: [], receipt };
}

interface JudgedWindow {
  readonly verdict: WindowVerdict;
  readonly chance: number | null;
}

function judgeWindow(window: MeasuredWindow, { rules, sketch }: { rules: JudgeRules; sketch: Sketch }): JudgedWindow {
  const checked = window.measured.map(({ check, measurement }) => ({
    check, measurement, chance: chanceOf(tailFor(rules.calibration, check.name), severity(measurement)),
  }));
  const over = checked.filter(({ measurement, chance }) => severity(measurement) > 1 && 1 - chance >= rules.recipe.validate.flagScore);
  const sure = over.filter(({ chance }) => 1 - chance >= rules.recipe.validate.rejectScore).map(({ check }) => check.channels(sketch));
  const isAgreed = sure.some((one, n) => sure.slice(n + 1).some((other) => !one.some((channel) => other.includes(channel))));
  const chance = chanceOfWindow(rules.calibration, checked.map(({ chance }) => chance));
  const isVouched = checked.some(({ check }) => check.vouches);
  const verdict: Verdict = isAgreed ? 'rejected' : over.length > 0 ? 'flagged' : isVouched ? 'accepted' : 'unverified';
  return {
    chance,
    verdict: {
      fromS: time(sketch.startS + window.fromS),
      toS: time(sketch.startS + window.toS),
      score: chance === null ? 0 : rounded(1 - chance),
      verdict,
      checks: Object.fromEntries(checked.map(({ check, measurement, chance }) => [check.name, result(measurement, chance, sketch)])),
      reasons: [
        ...over.map(({ check }) => check.reason),
        ...(verdict === 'flagged' ? ['one_check_alone' as const] : []),
        ...(verdict === 'unverified' ? [sketch.track.atS.length < MIN_POINTS ? 'too_short' as const : 'not_checkable' as const] : []),
      ],
    },
  };
}

function result(measurement: Omit<CheckResult, 'score'>, chance: number, sketch: Sketch): CheckResult {
  return {
    score: rounded(1 - chance),
    measured: rounded(measurement.measured),
    limit: rounded(measurement.limit),
    unit: measurement.unit,
    bound: measurement.bound,
    atS: time(sketch.startS + measurement.atS),
  };
}

/** Rejected, flagged, unverified, accepted: the first that holds (design.md, Verdicts). */
function overall(sketch: Sketch, stretches: readonly Stretch[], rules: JudgeRules): Verdict {
  const { flagStretchS } = rules.recipe.validate;
  const driving = drivingSeconds(sketch, rules.recipe.validate).flatMap((isDriving, k) => (isDriving ? [stretches[Math.floor(k / flagStretchS)]!] : []));
  if (driving.length > 0 && driving.filter(({ verdict }) => verdict === 'rejected').length >= driving.length / 2) return 'rejected';
  if (stretches.some(({ verdict }) => verdict === 'flagged' || verdict === 'rejected')) return 'flagged';
  const checkedS = stretches.reduce((sum, { verdict, coveredS }) => sum + (verdict === 'unverified' ? 0 : coveredS), 0);
  return checkedS < sketch.lengthS / 2 || sketch.lengthS === 0 ? 'unverified' : 'accepted';
}

function frameVerdict({ path, capturedAt }: { path: string; capturedAt: number }, sketch: Sketch, stretches: readonly Stretch[]): FrameVerdict {
  const stretch = stretches.findLast(({ fromS }) => fromS <= capturedAt - sketch.startS + 1 / TIME_DECIMALS) ?? stretches[0]!;
  const isCovered = stretch.verdict !== 'accepted' || stretch.covers(capturedAt - sketch.startS);
  return isCovered
    ? { path, tS: time(capturedAt), verdict: stretch.verdict, score: stretch.score, reasons: stretch.reasons }
    : { path, tS: time(capturedAt), verdict: 'unverified', score: stretch.score, reasons: ['not_checkable'] };
}

function rounded(value: number): number {
  return Math.round(value * DECIMALS) / DECIMALS;
}

function time(tS: number): number {
  return Math.round(tS * TIME_DECIMALS) / TIME_DECIMALS;
}
