import type { UnixSeconds } from '../shared/model/drive.ts';

/** Times are read to a millisecond, so that shifting a drive's clock moves no sample into another second. */
const TICKS_PER_S = 1000;

/** Seconds from one time to another, to a millisecond. */
export function since(startS: UnixSeconds, tS: UnixSeconds): number {
  return Math.round((tS - startS) * TICKS_PER_S) / TICKS_PER_S;
}
