import type { UnixSeconds } from './drive.ts';
import type { WindowVerdict } from './verdict.ts';

/** A measured quantity over time; null where nothing was measured, never filled in. */
export type Column = readonly (number | null)[];

export interface Columns {
  /** Unix seconds, ascending, one step apart except over a long pause, whose beginning is a row of nulls. */
  readonly tS: readonly UnixSeconds[];
  readonly gnssSpeedMps: Column;
  readonly reportedSpeedMps: Column;
  readonly gnssCourseDeg: Column;
  readonly imuCourseDeg: Column;
  readonly vibrationMps2: Column;
  readonly latDeg: Column;
  readonly lonDeg: Column;
}

export interface EvidenceLimits {
  /** No road vehicle is faster. */
  readonly speedMps: number;
  /** From this speed on a sensor must move, */
  readonly movingMps: number;
  /** and shake at least so much; null without a motion sensor. */
  readonly vibrationMps2: number | null;
}

export type EvidenceWindow = Pick<WindowVerdict, 'fromS' | 'toS' | 'verdict' | 'reasons'>;

/** What the checks saw of a drive, second by second, for people to look at. */
export interface Evidence extends Columns {
  readonly limits: EvidenceLimits;
  readonly windows: readonly EvidenceWindow[];
}
