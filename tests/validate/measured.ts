import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { type DriveVerdict, type Measurement, severity } from '../../shared/model/verdict.ts';
import { CALIBRATION } from '../../validate/calibration.ts';
import type { Check } from '../../validate/checks/check.ts';
import { RULES_ALONE } from '../../validate/testimony.ts';
import { judgeDrive } from '../../validate/judge.ts';
import { sketchOf } from '../../validate/sketch.ts';
import { windowsOf } from '../../validate/windows.ts';

/** What a check measures in each window of a drive. */
export function measuredBy(check: Check, drive: Drive): readonly (Measurement | null)[] {
  const sketch = sketchOf(drive, RECIPE.validate)!;
  return windowsOf(sketch, RECIPE.validate).map(check.over(sketch, RECIPE.validate));
}

/** The highest severity of a check in a drive, or null where no window could be checked. */
export function worstOf(check: Check, drive: Drive): number | null {
  const severities = measuredBy(check, drive).flatMap((measurement) => (measurement === null ? [] : [severity(measurement)]));
  return severities.length === 0 ? null : Math.max(...severities);
}

export function judged(drive: Drive): DriveVerdict {
  return judgeDrive(drive, { recipe: RECIPE, calibration: CALIBRATION }, RULES_ALONE);
}
