import type { Recipe } from '../shared/model/recipe.ts';
import { areIndependent, type CheckResult, type Measurement, severity, type Verdict, type WindowVerdict } from '../shared/model/verdict.ts';
import { type Calibration, chanceOfCheck, chanceOfWindow } from './calibrate.ts';
import { roundedScore, roundedTime } from './rounding.ts';
import type { Sketch } from './sketch.ts';
import type { MeasuredWindow } from './windows.ts';

/** What judges by: both are committed, and a receipt names the recipe. */
export interface JudgeRules {
  readonly recipe: Recipe;
  readonly calibration: Calibration;
}

/** Fixes with which one can still say how a vehicle moved between them. */
const MIN_POINTS = 3;

/** A window's verdict with its chance on honest windows, null where no check could be made. */
export interface JudgedWindow {
  readonly verdict: WindowVerdict;
  readonly chance: number | null;
}

/** Flagged where a check is over its limit, rejected where two independent ones are (design.md, Verdicts). */
export function judgeWindow(window: MeasuredWindow, sketch: Sketch, rules: JudgeRules): JudgedWindow {
  const isShort = sketch.track.atS.length < MIN_POINTS;
  const checked = (isShort ? [] : window.measured).map(({ check, measurement }) => ({
    check, measurement, chance: chanceOfCheck(rules.calibration, check.name, severity(measurement)),
  }));
  const over = checked.filter(({ measurement, chance }) => severity(measurement) > 1 && 1 - chance >= rules.recipe.validate.flagScore);
  const sure = over.filter(({ chance }) => 1 - chance >= rules.recipe.validate.rejectScore).map(({ check }) => check.channels(sketch));
  const isAgreed = sure.some((one, n) => sure.slice(n + 1).some((other) => areIndependent(one, other)));
  const chance = chanceOfWindow(rules.calibration, checked.map(({ check: { name }, chance }) => ({ name, chance })));
  const isVouched = checked.some(({ check }) => check.vouches);
  const verdict: Verdict = isAgreed ? 'rejected' : over.length > 0 ? 'flagged' : isVouched ? 'accepted' : 'unverified';
  return {
    chance,
    verdict: {
      fromS: roundedTime(sketch.startS + window.fromS),
      toS: roundedTime(sketch.startS + window.toS),
      score: chance === null ? 0 : roundedScore(1 - chance),
      verdict,
      checks: Object.fromEntries(checked.map(({ check, measurement, chance }) => [check.name, result(measurement, chance, sketch)])),
      reasons: [
        ...new Set(over.map(({ check }) => check.reason)),
        ...(verdict === 'flagged' ? ['one_check_alone' as const] : []),
        ...(verdict === 'unverified' ? [isShort ? 'too_short' as const : 'not_checkable' as const] : []),
      ],
    },
  };
}

function result(measurement: Measurement, chance: number, sketch: Sketch): CheckResult {
  return {
    score: roundedScore(1 - chance),
    measured: roundedScore(measurement.measured),
    limit: roundedScore(measurement.limit),
    unit: measurement.unit,
    bound: measurement.bound,
    atS: roundedTime(sketch.startS + measurement.atS),
    ...(measurement.span === undefined ? {} : { span: { fromS: roundedTime(sketch.startS + measurement.span.fromS), toS: roundedTime(sketch.startS + measurement.span.toS) } }),
    ...(measurement.claimed === undefined ? {} : { claimed: { value: roundedScore(measurement.claimed.value), unit: measurement.claimed.unit } }),
  };
}
