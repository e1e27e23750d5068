import type { Track } from '../sketch.ts';

/** The receiver's log read at any time, on straight lines between fixes. Going forwards is constant time a step. */
export interface AlongTrack {
  /** Goes to a time. Nothing is said of one beyond the ends or between fixes too far apart: every reading there is NaN. */
  goTo(atS: number): void;
  /** Speed as reported. */
  speedMps(): number;
  /** Metres from the first fix. */
  eastM(): number;
  northM(): number;
}

/** Nothing is said between fixes further apart: a car may have stopped and gone on. */
const WIDEST_GAP_S = 3.5;

/** Begins at the first fix. */
export function alongTrack({ atS: times, stepEastM, stepNorthM, reportedMps }: Track): AlongTrack {
  const [east, north] = [summed(stepEastM), summed(stepNorthM)];
  const end = times.length - 1;
  let last = 0;
  let share = NaN;
  const read = (values: Float64Array): number => values[last]! * (1 - share) + (values[last + 1] ?? values[last]!) * share;
  return {
    goTo: (atS) => {
      share = NaN;
      if (!(atS >= times[0]! && atS <= times[end]!)) return;
      while (last > 0 && times[last]! > atS) last -= 1;
      while (last < end - 1 && times[last + 1]! < atS) last += 1;
      const [fromS, toS] = [times[last]!, times[last + 1] ?? times[last]!];
      if (toS - fromS <= WIDEST_GAP_S) share = toS > fromS ? (atS - fromS) / (toS - fromS) : 0;
    },
    speedMps: () => read(reportedMps),
    eastM: () => read(east),
    northM: () => read(north),
  };
}

function summed(steps: Float64Array): Float64Array {
  const sums = new Float64Array(steps.length + 1);
  for (let n = 0; n < steps.length; n += 1) sums[n + 1] = sums[n]! + steps[n]!;
  return sums;
}
