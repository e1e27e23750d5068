import { useEffect, useRef } from 'preact/hooks';
import { momentS } from './moment.ts';

/** How long the cursor rests before the picture of its time is fetched. */
const REST_MS = 120;

/** Lets the chosen frame and the shared time follow one another. `timesS` has one entry a frame; `at` is -1 for none. */
export function useMomentFollowed(timesS: readonly (number | null)[], at: number, choose: (index: number) => void): void {
  const moment = momentS.value;
  const chosenS = timesS[at] ?? null;
  const own = useRef<number | null>(null);
  useEffect(() => {
    // Chosen from the cursor: by now the cursor may be elsewhere again, and is not called back.
    if (chosenS !== null && chosenS === own.current) return;
    const before = momentS.peek();
    own.current = null;
    if (chosenS !== null && (before === null || timesS[nearestIndex(timesS, before)] !== chosenS)) momentS.value = chosenS;
  }, [chosenS]);
  useEffect(() => {
    if (moment === null) return undefined;
    const rested = setTimeout(() => {
      const nearest = nearestIndex(timesS, moment);
      if (nearest < 0 || timesS[nearest] === chosenS) return;
      own.current = timesS[nearest]!;
      choose(nearest);
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
