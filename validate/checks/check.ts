import type { ReasonCode } from '../../shared/model/reason.ts';
import type { ValidateRules } from '../../shared/model/validate-rules.ts';
import type { Channel, Measurement } from '../../shared/model/verdict.ts';
import type { Sketch } from '../sketch.ts';

/** A span `[fromS, toS)` in seconds since the sketch's start. */
export interface Window {
  readonly fromS: number;
  readonly toS: number;
}

/** Measures one window; null where it could not be checked. `atS` counts from the sketch's start. */
export type MeasureWindow = (window: Window) => Measurement | null;

/** A physical test of a drive. */
export interface Check {
  /** As in the receipt; stable. */
  readonly name: string;
  /** Given to windows that are over the limit. */
  readonly reason: ReasonCode;
  /** Whether to keep its limit makes the positions plausible; other checks can only speak against a window. */
  readonly vouches: boolean;
  /** What it measures with on this drive (`areIndependent`). */
  channels(sketch: Sketch): readonly Channel[];
  /** What all windows of a drive need is computed once. */
  over(sketch: Sketch, rules: ValidateRules): MeasureWindow;
}
