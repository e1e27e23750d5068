import type { Drive } from '../shared/model/drive.ts';
import type { ReasonCode } from '../shared/model/reason.ts';
import type { ValidateRules } from '../shared/model/recipe.ts';
import { severity, type Tier } from '../shared/model/verdict.ts';
import { displacement } from './checks/displacement.ts';
import { speedAgreement } from './checks/speed-agreement.ts';
import { drivingRuns, stillness } from './checks/stillness.ts';
import type { Sketch } from './sketch.ts';
import type { MeasuredWindow } from './windows.ts';

export interface TierInput {
  readonly drive: Drive;
  readonly sketch: Sketch;
  readonly measured: readonly MeasuredWindow[];
  readonly rules: ValidateRules;
}

/** Share of the windows at driving speed in which a check must have been made and kept its limit. */
const AGREEING_SHARE = 0.5;

/**
 * How much of the evidence agrees. The windows that count are chosen by position alone, and each sensor only adds
 * checks that all must hold, so that removing or zeroing a channel never raises the tier. A camera does not count
 * before a check reads it.
 */
export function tierOf({ drive, sketch, measured, rules }: TierInput): { readonly tier: Tier; readonly tierReasons: readonly ReasonCode[] } {
  const reasons: ReasonCode[] = [];
  if (drive.frames.some(({ timeSource }) => timeSource === 'asserted')) reasons.push('asserted_time');
  if (sketch.imu === null) reasons.push('no_motion_sensor');
  const runs = drivingRuns(sketch.positionMps, rules.stillness.movingMps);
  const driving = measured.filter(({ fromS, toS }) => runs.slice(fromS, Math.ceil(toS)).some((run) => run >= rules.stillness.stretchS));
  const agrees = (name: string): boolean => {
    const holding = driving.filter(({ measured }) => measured.some(({ check, measurement }) => check.name === name && severity(measurement) <= 1));
    return driving.length > 0 && holding.length >= AGREEING_SHARE * driving.length;
  };
  // A report without a course is half a Doppler: to leave the course out must not pay.
  const isBacked = reasons.length === 0 && courseShare(sketch) >= AGREEING_SHARE && [displacement, speedAgreement, stillness].every(({ name }) => agrees(name));
  return { tier: isBacked ? 'B' : 'C', tierReasons: reasons };
}

/** Share of the fixes that report a velocity with its direction. */
function courseShare({ track }: Sketch): number {
  return track.reportedEastMps.filter(Number.isFinite).length / track.reportedEastMps.length;
}
