import type { Drive } from '../shared/model/drive.ts';
import type { ReasonCode } from '../shared/model/reason.ts';
import type { ValidateRules } from '../shared/model/validate-rules.ts';
import { type Measurement, severity, type Tier } from '../shared/model/verdict.ts';
import { displacement } from './checks/displacement.ts';
import { speedAgreement } from './checks/speed-agreement.ts';
import { gyroStillness, secondsIn, stillness } from './checks/stillness.ts';
import type { Sketch } from './sketch.ts';
import type { MeasuredWindow } from './windows.ts';

/** A part of the drive: its channels, and what the checks measured in its windows. */
export interface MeasuredPart {
  readonly sketch: Sketch;
  readonly measured: readonly MeasuredWindow[];
}

/** Share of the windows at driving speed in which a check must have been made and kept its limit. */
const AGREEING_SHARE = 0.5;

/**
 * How much of the evidence agrees. The windows that count are chosen by position alone, and each sensor only adds
 * checks that all must hold, so that removing or zeroing a channel never raises the tier: a device without a gyroscope
 * is believed less (specs/threats.md, 12), else leaving it out would hide what it felt.
 */
export function tierOf(drive: Drive, parts: readonly MeasuredPart[], rules: ValidateRules): { readonly tier: Tier; readonly tierReasons: readonly ReasonCode[] } {
  const tierReasons: ReasonCode[] = [];
  if (drive.frames.some(({ timeSource }) => timeSource === 'asserted')) tierReasons.push('asserted_time');
  if (drive.imu === null) tierReasons.push('no_motion_sensor');
  if (tierReasons.includes('asserted_time')) return { tier: 'C', tierReasons };
  const agreeing = [motionAgrees(parts, rules), cameraAgrees(parts, rules)].filter(Boolean).length;
  return { tier: (['C', 'B', 'A'] as const)[agreeing]!, tierReasons };
}

/**
 * Checks of the pictures that must have been made in half of the driving windows and kept their limits. Sparse pictures
 * show no turns, and are not believed for that.
 */
const CAMERA_MADE = ['displacement', 'camera-still', 'camera-turn', 'camera-ahead', 'camera-place'];

const ASKED: ReadonlySet<string> = new Set([displacement.name, stillness.name, gyroStillness.name, ...CAMERA_MADE]);

/**
 * The gyroscope has no say here: were a camera that disagrees with it the worse for that, to leave the gyroscope out
 * would raise the tier.
 */
function cameraAgrees(parts: readonly MeasuredPart[], rules: ValidateRules): boolean {
  const driving = parts.flatMap(({ sketch, measured }) => measured.filter((window) => movingSeconds(sketch, window, rules) >= rules.stillness.stretchS));
  const isMade = (name: string): boolean => driving.filter((window) => isKept(found(window, name))).length >= AGREEING_SHARE * driving.length;
  return driving.length > 0 && CAMERA_MADE.every(isMade);
}

function motionAgrees(parts: readonly MeasuredPart[], rules: ValidateRules): boolean {
  const driving = parts.flatMap(({ sketch, measured }) => {
    const speeds = speedAgreement.over(withoutCourse(sketch), rules);
    return measured
      .filter((window) => movingSeconds(sketch, window, rules) >= rules.stillness.stretchS)
      .map((window) => ({ displacement: found(window, displacement.name), stillness: found(window, stillness.name), gyro: found(window, gyroStillness.name), speeds: speeds(window) }));
  });
  const agrees = (check: 'displacement' | 'stillness' | 'gyro' | 'speeds'): boolean => driving.filter((window) => isKept(window[check])).length >= AGREEING_SHARE * driving.length;
  return driving.length > 0 && agrees('displacement') && agrees('stillness') && agrees('gyro') && agrees('speeds');
}

/** The window with what the tier asks of it. */
export function forTier(window: MeasuredWindow): MeasuredWindow {
  return { ...window, measured: window.measured.filter(({ check: { name } }) => ASKED.has(name)) };
}

function movingSeconds({ positionMps }: Sketch, window: MeasuredWindow, { stillness }: ValidateRules): number {
  return secondsIn(window, positionMps.length).filter((k) => positionMps[k]! >= stillness.movingMps).length;
}

function found({ measured }: MeasuredWindow, name: string): Measurement | null {
  return measured.find(({ check }) => check.name === name)?.measurement ?? null;
}

function isKept(measurement: Measurement | null): boolean {
  return measurement !== null && severity(measurement) <= 1;
}

/** Receivers such as GoPro's report a speed without a course: no lower tier for that, so none for a course that disagrees. */
function withoutCourse(sketch: Sketch): Sketch {
  const none = new Float64Array(sketch.track.atS.length).fill(NaN);
  return { ...sketch, track: { ...sketch.track, reportedEastMps: none, reportedNorthMps: none } };
}
