import type { Track } from '../sketch.ts';

/** The receiver's log read at any time, between fixes close enough; NaN elsewhere. */
export interface AlongTrack {
  /** Speed as reported. */
  speedMps(atS: number): number;
  /** Metres from the first fix. */
  eastM(atS: number): number;
  northM(atS: number): number;
}

/** Nothing is said between fixes further apart: a car may have stopped and gone on. */
const WIDEST_GAP_S = 3.5;

/** Straight lines between fixes. Reading forwards is constant time a reading. */
export function alongTrack(track: Track): AlongTrack {
  const [eastM, northM] = [summed(track.stepEastM), summed(track.stepNorthM)];
  let last = 0;
  const read = (values: Float64Array, atS: number): number => {
    const { atS: times } = track;
    if (!(atS >= times[0]! && atS <= times.at(-1)!)) return NaN;
    while (last > 0 && times[last]! > atS) last -= 1;
    while (last < times.length - 2 && times[last + 1]! < atS) last += 1;
    const [fromS, toS] = [times[last]!, times[last + 1] ?? times[last]!];
    if (toS - fromS > WIDEST_GAP_S) return NaN;
    const share = toS > fromS ? (atS - fromS) / (toS - fromS) : 0;
    return values[last]! * (1 - share) + (values[last + 1] ?? values[last]!) * share;
  };
  return { speedMps: (atS) => read(track.reportedMps, atS), eastM: (atS) => read(eastM, atS), northM: (atS) => read(northM, atS) };
}

function summed(steps: Float64Array): Float64Array {
  const sums = new Float64Array(steps.length + 1);
  for (const [n, step] of steps.entries()) sums[n + 1] = sums[n]! + step;
  return sums;
}
