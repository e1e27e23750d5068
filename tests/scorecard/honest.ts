import { RECIPE } from '../../shared/model/recipe.ts';
import type { Verdict } from '../../shared/model/verdict.ts';
import { stretchAt, stretchesOf } from '../../validate/stretches.ts';
import { drivingSeconds } from '../../validate/windows.ts';
import type { ScoredDrive } from './score-windows.ts';

/** A whole honest drive under the shipped recipe. */
export interface HonestDrive {
  readonly drive: string;
  readonly source: 'real' | 'simulated';
  readonly verdict: Verdict;
  readonly tier: string;
  readonly windows: number;
  /** Driving seconds in which the receiver gave a fix, by the verdict of the stretch they lie in. */
  readonly seconds: Readonly<Record<Verdict, number>>;
}

/** Counts the seconds of a judged drive as the recipe's own stretches see them. */
export function honestDrive({ verdict, parts }: ScoredDrive, source: 'real' | 'simulated'): HonestDrive {
  const seconds: Record<Verdict, number> = { accepted: 0, flagged: 0, rejected: 0, unverified: 0 };
  let next = 0;
  for (const { part: { sketch }, windows } of parts) {
    const stretches = stretchesOf(sketch!, verdict.windows.slice(next, next + windows.length), RECIPE.validate);
    next += windows.length;
    const fixed = new Set(Array.from(sketch!.track.atS, Math.floor));
    for (const [k, isDriving] of drivingSeconds(sketch!, RECIPE.validate).entries()) {
      if (isDriving && fixed.has(k)) seconds[stretchAt(stretches, k, RECIPE.validate).verdict] += 1;
    }
  }
  return { drive: verdict.drive, source, verdict: verdict.verdict, tier: verdict.tier, windows: verdict.windows.length, seconds };
}
