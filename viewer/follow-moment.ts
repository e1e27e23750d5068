import { useEffect } from 'preact/hooks';
import { momentS } from './moment.ts';

/** How long the cursor rests before the picture of its time is fetched. */
const REST_MS = 120;

/** Lets the chosen frame and the shared time follow one another. `timesS` has one entry a frame; `at` is -1 for none. */
export function useMomentFollowed(timesS: readonly (number | null)[], at: number, choose: (index: number) => void): void {
  const moment = momentS.value;
  const chosenS = timesS[at] ?? null;
  useEffect(() => {
    const before = momentS.peek();
    if (chosenS !== null && (before === null || timesS[nearestIndex(timesS, before)] !== chosenS)) momentS.value = chosenS;
  }, [chosenS]);
  useEffect(() => {
    if (moment === null) return undefined;
    const rested = setTimeout(() => {
      const nearest = nearestIndex(timesS, moment);
      if (nearest >= 0 && timesS[nearest] !== chosenS) choose(nearest);
    }, REST_MS);
    return () => clearTimeout(rested);
  }, [moment]);
}

function nearestIndex(timesS: readonly (number | null)[], atS: number): number {
  let [best, away] = [-1, Infinity];
  timesS.forEach((tS, index) => {
    if (tS !== null && Math.abs(tS - atS) < away) [best, away] = [index, Math.abs(tS - atS)];
  });
  return best;
}
