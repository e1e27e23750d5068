import type { Frame, UnixSeconds } from '../../shared/model/drive.ts';
import { distanceM } from '../../shared/model/geo.ts';
import { since } from '../since.ts';

/** A picture whose pixels are at hand; `atS` counts from the sketch's start. */
export interface Seen extends Pick<Frame, 'latDeg' | 'lonDeg'> {
  readonly atS: number;
  readonly grey: Uint8Array;
}

/** Two pictures, one soon after the other, that should show one place. */
export interface FramePair {
  readonly first: Seen;
  readonly second: Seen;
  readonly fromS: number;
  readonly toS: number;
  /** Between the places that the drive gives for them. */
  readonly apartM: number;
}

/** How far on the next picture of a pair is: nearer ones show next to no motion, farther ones hardly the same place. */
export interface PairReach {
  readonly leastM: number;
  readonly mostM: number;
  /** From so long a time on a picture is the next one wherever it stands. */
  readonly enoughS: number;
  readonly mostS: number;
}

/** A chain of consecutive pairs: where one ends the next begins, unless the pictures are too far apart. */
export const NEXT: PairReach = { leastM: 3.5, mostM: 40, enoughS: 1.5, mostS: 10 };

/** The pictures with pixels, in time order. */
export function seenFrames(frames: readonly Frame[], startS: UnixSeconds): readonly Seen[] {
  return frames
    .flatMap(({ grey, capturedAt, latDeg, lonDeg, path }) => (grey === undefined ? [] : [{ atS: since(startS, capturedAt), latDeg, lonDeg, grey, path }]))
    .toSorted((a, b) => a.atS - b.atS || (a.path < b.path ? -1 : 1));
}

/** The chain from the first picture to the last. */
export function framePairs(seen: readonly Seen[], { leastM, mostM, enoughS, mostS }: PairReach = NEXT): readonly FramePair[] {
  const pairs: FramePair[] = [];
  let first = seen[0];
  for (const second of seen.slice(1)) {
    const [apartM, gapS] = [distanceM(first!, second), second.atS - first!.atS];
    if (apartM < leastM && gapS < enoughS) continue;
    if (apartM <= mostM && gapS <= mostS) pairs.push({ first: first!, second, fromS: first!.atS, toS: second.atS, apartM });
    first = second;
  }
  return pairs;
}
