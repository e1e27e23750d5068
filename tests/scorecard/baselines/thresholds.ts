import type { Window } from '../../../validate/checks/check.ts';
import { stepsIn } from '../../../validate/checks/coverage.ts';
import type { Sketch } from '../../../validate/sketch.ts';

/** No road vehicle is faster, and a receiver's track does not leap further beyond what the step before explains. */
const MOST_MPS = 70;
const MOST_LEAP_M = 30;

/** What published filters do: a highest speed between fixes and a largest jump; the worse of the two, each to its limit. */
export function thresholdsOf({ track }: Sketch): (window: Window) => number {
  const worst = Array.from(track.stepM, (stepM, n) => {
    const durationS = track.atS[n + 1]! - track.atS[n]!;
    const speed = stepM / durationS / MOST_MPS;
    if (n === 0) return speed;
    const share = durationS / (track.atS[n]! - track.atS[n - 1]!);
    const leapM = Math.hypot(track.stepEastM[n]! - track.stepEastM[n - 1]! * share, track.stepNorthM[n]! - track.stepNorthM[n - 1]! * share);
    return Math.max(speed, leapM / MOST_LEAP_M);
  });
  return (window) => {
    const [from, to] = stepsIn(track, window);
    return worst.slice(from, to).reduce((a, b) => Math.max(a, b), 0);
  };
}
