import type { Frame, UnixSeconds } from '../../shared/model/drive.ts';
import { changedShare } from './changes.ts';
import { copiesWithin, type DistantCopy } from './copies.ts';
import { type FramePair, framePairs, seenFrames } from './pairs.ts';

/** What the pictures of a drive tell; times in seconds since the sketch's start. */
export interface CameraSketch {
  /** When the pictures were taken. */
  readonly seenS: readonly number[];
  /** Consecutive pictures that should show one place, in a chain: these are aligned before the judge speaks. */
  readonly pairs: readonly FramePair[];
  /** Pictures a little farther apart, with the share of the view that differs (NaN: too little can be seen). */
  readonly changes: readonly ViewChange[];
  readonly copies: readonly DistantCopy[];
}

export interface ViewChange {
  readonly fromS: number;
  readonly toS: number;
  readonly apartM: number;
  readonly changedShare: number;
}

/** Over so many metres the sides of every road change, whatever lies ahead; within so long light and weather do not. */
const CHANGING = { leastM: 8, mostM: 60, enoughS: Infinity, mostS: 60 };

/** Null where no two pictures of the drive have pixels. */
export function cameraSketch(frames: readonly Frame[], startS: UnixSeconds): CameraSketch | null {
  const seen = seenFrames(frames, startS);
  if (seen.length < 2) return null;
  const changes = framePairs(seen, CHANGING).map(({ first, second, fromS, toS, apartM }) => ({ fromS, toS, apartM, changedShare: changedShare(first.grey, second.grey) }));
  return { seenS: seen.map(({ atS }) => atS), pairs: framePairs(seen), changes, copies: copiesWithin(seen) };
}
