import type { UnixSeconds } from './drive.ts';
import type { Sha256 } from './ids.ts';
import type { ReasonCode } from './reason.ts';

/** What a judge can say of a frame, a window or a drive; each is also a state of a frame. */
export const VERDICTS = ['accepted', 'flagged', 'rejected', 'unverified'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A: GNSS, IMU and camera agree; B: two of them; C: one only. */
export const TIERS = ['A', 'B', 'C'] as const;
export type Tier = (typeof TIERS)[number];

/** What a check measures with. Two checks are independent where they share none of these. */
export type Channel = 'position' | 'doppler' | 'imu' | 'camera' | 'clock' | 'drive';

/** One check on one window: the value, the limit in the same physical unit, and how improbable that is when honest. */
export interface CheckResult {
  /** In [0, 1], higher = less plausible: 1 - p, p the tail on honest windows. */
  readonly score: number;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  /** Where inside the window the measured value stood. */
  readonly atS: UnixSeconds;
}

/** The verdict on `[fromS, toS)`. A check that could not be made is absent from `checks`, never zero. */
export interface WindowVerdict {
  readonly fromS: UnixSeconds;
  readonly toS: UnixSeconds;
  readonly score: number;
  readonly verdict: Verdict;
  readonly checks: Readonly<Record<string, CheckResult>>;
  readonly reasons: readonly ReasonCode[];
}

export interface FrameVerdict {
  readonly path: string;
  readonly tS: UnixSeconds;
  readonly verdict: Verdict;
  readonly score: number;
  readonly reasons: readonly ReasonCode[];
}

/** What a verdict was derived from: the same four always give the same verdict. */
export interface Receipt {
  readonly recipe: number;
  readonly modelSha256: Sha256 | null;
  readonly inputSha256: Sha256;
  readonly provider: string;
}

export interface DriveVerdict {
  readonly drive: string;
  readonly verdict: Verdict;
  readonly tier: Tier;
  readonly score: number;
  readonly frames: readonly FrameVerdict[];
  readonly windows: readonly WindowVerdict[];
  readonly receipt: Receipt;
}
