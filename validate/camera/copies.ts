import { GREY_HEIGHT, GREY_WIDTH } from '../../shared/model/drive.ts';
import { distanceM } from '../../shared/model/geo.ts';
import { changedShare } from './changes.ts';
import type { Seen } from './pairs.ts';

/** A picture that shows what another one showed far away; `atS` counts from the sketch's start. */
export interface DistantCopy {
  readonly atS: number;
  /** Seconds since the sketch's start at which the other one was taken, earlier or later. */
  readonly ofS: number;
  readonly apartM: number;
}

/** Nobody sees the same from two places so far apart; positions of one place may differ by this on two passes. */
const APART_M = 40;
/** Of 64 bits of the difference hash: an encoding anew moves a few. */
const HASH_BITS = 6;
/** A hash is a hint; this much of the view may differ in a copy. */
const COPY_CHANGED = 0.12;
/** Hashes of a drive are compared each with each: so many at most. */
const MOST_FRAMES = 20_000;

/** For each picture that has one, the first copy of it taken far away. */
export function copiesWithin(seen: readonly Seen[]): readonly DistantCopy[] {
  const frames = seen.slice(0, MOST_FRAMES).map((frame) => ({ ...frame, hash: differenceHash(frame.grey) }));
  return frames.flatMap((frame) => {
    const copy = frames.find((other) => other !== frame && bitsApart(frame.hash, other.hash) <= HASH_BITS && distanceM(frame, other) >= APART_M && changedShare(frame.grey, other.grey) <= COPY_CHANGED);
    return copy === undefined ? [] : [{ atS: frame.atS, ofS: copy.atS, apartM: distanceM(frame, copy) }];
  });
}

type Hash = readonly [number, number];

/** Which of two neighbours on a 9×8 grid of means is brighter (dHash, Neal Krawetz 2013), as two words of 32 bits. */
export function differenceHash(grey: Uint8Array): Hash {
  const words: [number, number] = [0, 0];
  for (let row = 0; row < 8; row += 1) {
    let before = meanOf(grey, row, 0);
    for (let column = 0; column < 8; column += 1) {
      const next = meanOf(grey, row, column + 1);
      if (next > before) words[row >> 2]! |= 1 << ((row & 3) * 8 + column);
      before = next;
    }
  }
  return words;
}

function meanOf(grey: Uint8Array, row: number, column: number): number {
  const [top, bottom] = [Math.floor((row * GREY_HEIGHT) / 8), Math.floor(((row + 1) * GREY_HEIGHT) / 8)];
  const [left, right] = [Math.floor((column * GREY_WIDTH) / 9), Math.floor(((column + 1) * GREY_WIDTH) / 9)];
  let sum = 0;
  for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) sum += grey[y * GREY_WIDTH + x]!;
  return sum / ((bottom - top) * (right - left));
}

function bitsApart(one: Hash, other: Hash): number {
  return bitsIn(one[0] ^ other[0]) + bitsIn(one[1] ^ other[1]);
}

/** Set bits of a 32-bit word (Warren, Hacker's Delight, 5-1). */
function bitsIn(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
