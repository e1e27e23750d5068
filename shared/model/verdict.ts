import type { UnixSeconds } from './drive.ts';
import type { Sha256 } from './ids.ts';
import type { ReasonCode } from './reason.ts';

/** What a judge can say of a frame, a window or a drive; each is also a state of a frame. */
export const VERDICTS = ['accepted', 'flagged', 'rejected', 'unverified'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A: GNSS, IMU and camera agree; B: two of them; C: one only. */
export const TIERS = ['A', 'B', 'C'] as const;
export type Tier = (typeof TIERS)[number];

/** What a check measures with: accelerometer (`force`) and gyroscope are two measured channels. */
export type Channel = 'position' | 'doppler' | 'force' | 'gyro' | 'camera' | 'clock' | 'drive';

/**
 * Whether two checks are two witnesses: neither reads all that the other reads, and at most one channel is read by
 * both, the one that both accuse. Positions against Doppler and positions against force agree about the positions; a
 * leap of the positions alone adds nothing to positions against Doppler. That one channel is never the camera: what it
 * saw is an estimate, and by night or in fog it fails against every witness at once.
 */
export function areIndependent(one: readonly Channel[], other: readonly Channel[]): boolean {
  const shared = one.filter((channel) => other.includes(channel));
  return shared.length <= 1 && shared.length < one.length && shared.length < other.length && !shared.includes('camera');
}

/** One check on one window: the value and the limit, in the same physical unit. */
export interface Measurement {
  readonly measured: number;
  readonly limit: number;
  /** SI, as printed: `m`, `m/s`, `m/s²`, `rad/s`. */
  readonly unit: string;
  /** Most checks have a highest value that is plausible; a sensor at rest is told by a lowest. */
  readonly bound: 'upper' | 'lower';
  /** Where inside the window the measured value stood. */
  readonly atS: UnixSeconds;
  /** The seconds that it was measured over, `[fromS, toS)`, where they are not the whole window. */
  readonly span?: { readonly fromS: UnixSeconds; readonly toS: UnixSeconds };
  /** What another witness says of those seconds, where the sentence needs it: "GNSS says 14.2 m/s". */
  readonly claimed?: { readonly value: number; readonly unit: string };
}

/** A measurement with how improbable it is when honest. */
export interface CheckResult extends Measurement {
  /** In [0, 1], higher = less plausible: 1 - p, p the tail on honest windows. */
  readonly score: number;
}

/** How far a measurement has gone to its limit: 1 at the limit, more beyond it. */
export function severity({ measured, limit, bound }: Measurement): number {
  return bound === 'upper' ? measured / limit : limit / Math.max(measured, Number.MIN_VALUE);
}

/** The verdict on `[fromS, toS)`. A check that could not be made is absent from `checks`, never zero. */
export interface WindowVerdict {
  readonly fromS: UnixSeconds;
  readonly toS: UnixSeconds;
  /** 0 where no check could be made: nothing was measured that speaks against it. */
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
  /** Its name in drive.json, else its folder's. */
  readonly drive: string;
  readonly verdict: Verdict;
  readonly tier: Tier;
  /** What keeps the tier down, where it is something the contributor can name. */
  readonly tierReasons: readonly ReasonCode[];
  readonly score: number;
  readonly frames: readonly FrameVerdict[];
  readonly windows: readonly WindowVerdict[];
  readonly receipt: Receipt;
}
