import type { Sketch, Track } from '../sketch.ts';
import type { Window } from './check.ts';

/** Steps of the track that end inside the window, as a half-open range of their numbers. */
export function stepsIn(track: Track, { fromS, toS }: Window): readonly [number, number] {
  return [Math.max(0, firstAfter(track.atS, fromS) - 1), Math.max(0, firstAfter(track.atS, toS) - 1)];
}

/** Share of the window's seconds that lie between fixes at most `maxStepS` apart. */
export function coveredShare({ track, lengthS }: Sketch, { fromS, toS }: Window, maxStepS: number): number {
  const endS = Math.min(toS, lengthS);
  if (endS <= fromS) return 0;
  let coveredS = 0;
  for (let n = Math.max(0, firstAfter(track.atS, fromS) - 1); n < track.stepM.length && track.atS[n]! < endS; n += 1) {
    const [from, to] = [track.atS[n]!, track.atS[n + 1]!];
    if (to - from <= maxStepS) coveredS += Math.max(0, Math.min(to, endS) - Math.max(from, fromS));
  }
  return coveredS / (endS - fromS);
}

/** Number of the first time that is later than `atS`; times increase. */
export function firstAfter(times: Float64Array, atS: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! > atS) high = middle;
    else low = middle + 1;
  }
  return low;
}
