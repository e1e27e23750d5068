import type { ValidateRules } from '../shared/model/validate-rules.ts';
import type { Measurement } from '../shared/model/verdict.ts';
import { CHECKS } from './checks/all.ts';
import type { Check, Window } from './checks/check.ts';
import type { Sketch } from './sketch.ts';

/** A window with what could be measured in it, in the order of the checks. */
export interface MeasuredWindow extends Window {
  readonly measured: readonly { readonly check: Check; readonly measurement: Measurement }[];
  /** Seconds at driving speed. */
  readonly drivingS: number;
}

/** Windows that cover the drive, one stride apart; the last ends with the drive, and a short drive is one window. */
export function windowsOf({ lengthS }: Sketch, { windowS, strideS }: ValidateRules): readonly Window[] {
  const count = 1 + Math.max(0, Math.ceil((lengthS - windowS) / strideS));
  return Array.from({ length: count }, (_, n) => ({ fromS: n * strideS, toS: Math.min(n * strideS + windowS, lengthS) }));
}

/** Runs every check over every window; `learned` are those whose values were worked out before. */
export function measure(sketch: Sketch, rules: ValidateRules, learned: readonly Check[] = []): readonly MeasuredWindow[] {
  return [...measureEach(sketch, rules, learned)];
}

/** One window after the other: days of driving have ten thousand, and who needs each but once need not hold them all. */
export function* measureEach(sketch: Sketch, rules: ValidateRules, learned: readonly Check[] = []): Generator<MeasuredWindow> {
  const checks = [...CHECKS, ...learned].map((check) => ({ check, over: check.over(sketch, rules) }));
  const driving = drivingSeconds(sketch, rules);
  for (const window of windowsOf(sketch, rules)) {
    yield {
      ...window,
      measured: checks.flatMap(({ check, over }) => {
        const measurement = over(window);
        return measurement === null ? [] : [{ check, measurement }];
      }),
      drivingS: driving.slice(window.fromS, Math.ceil(window.toS)).filter(Boolean).length,
    };
  }
}

/** Whether the vehicle drove in each second, by position or by report. */
export function drivingSeconds({ positionMps, reportedMps }: Sketch, { drivingMps }: ValidateRules): readonly boolean[] {
  return Array.from(positionMps, (speed, k) => speed >= drivingMps || reportedMps[k]! >= drivingMps);
}
