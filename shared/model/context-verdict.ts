import type { UnixSeconds } from './drive.ts';
import type { Sha256 } from './ids.ts';
import type { ReasonCode } from './reason.ts';
import type { FrameVerdict, Verdict } from './verdict.ts';

/** `[fromS, toS]`. */
export interface Span {
  readonly fromS: UnixSeconds;
  readonly toS: UnixSeconds;
}

/** Every check that holds a drive against others, against the server's clock and against the sun. */
export const CONTEXT_CHECKS = [
  'same-imagery', 'copied-imagery', 'own-imagery', 'same-readings', 'own-readings', 'replayed-track', 'own-track',
  'place-offset', 'clock-ahead', 'clock-behind', 'light-at-night', 'dark-by-day',
] as const;
export type ContextCheck = (typeof CONTEXT_CHECKS)[number];

/**
 * What one check found when it held the drive against others. It names neither a drive nor a person nor a place of
 * theirs: the contributor learns that and when, never whose.
 */
export interface ContextLine {
  readonly check: ContextCheck;
  /** Given where the value is beyond the limit. */
  readonly reason: ReasonCode;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly bound: 'upper' | 'lower';
  /** Where it is beyond the limit; empty where it is not. */
  readonly spans: readonly Span[];
}

/** The verdict that holds once the context was read; the intrinsic one stays as it is. */
export interface ContextVerdict {
  /** Over what was read of the context: the same context, the same hash. */
  readonly contextSha256: Sha256;
  /** How many other drives were read. */
  readonly drives: number;
  readonly verdict: Verdict;
  /** All of the drive's frames, with what the intrinsic verdict and the context say together. */
  readonly frames: readonly FrameVerdict[];
  readonly lines: readonly ContextLine[];
}

/** The context lines of a receipt as they are printed and answered. Members stand in this order. */
export interface PrintedContext {
  readonly sha256: Sha256;
  readonly drives: number;
  /** What holds of the drive, the context read. */
  readonly verdict: Verdict;
  /** Frames of which the context says more than the intrinsic verdict. */
  readonly frames: readonly { readonly file: string; readonly verdict: Verdict; readonly reasons: readonly ReasonCode[] }[];
  readonly lines: readonly PrintedLine[];
}

export interface PrintedLine {
  readonly check: ContextCheck;
  /** Null where the value keeps its limit. */
  readonly reason: ReasonCode | null;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly bound: 'upper' | 'lower';
  readonly margin: number;
  readonly spans: readonly (readonly [number, number])[];
}
