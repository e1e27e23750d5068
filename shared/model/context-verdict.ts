import type { UnixSeconds } from './drive.ts';
import type { Sha256 } from './ids.ts';
import type { ReasonCode } from './reason.ts';
import type { FrameVerdict, Verdict } from './verdict.ts';

/** `[fromS, toS]`. */
export interface Span {
  readonly fromS: UnixSeconds;
  readonly toS: UnixSeconds;
}

/**
 * What one check found when it held the drive against others. It names neither a drive nor a person nor a place of
 * theirs: the contributor learns that and when, never whose.
 */
export interface ContextLine {
  readonly check: string;
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
