import type { UnixSeconds } from '../../shared/model/drive.ts';
import { huberWeights, leastSquares, median } from './least-squares.ts';
import { directionsOf, type FindPassing, LONGEST_GAP_S, type TrackLine } from './track-line.ts';

/** How closely a stretch of one track is another one moved, shifted and stretched in time. */
export interface TrackLikeness {
  readonly fromS: UnixSeconds;
  readonly toS: UnixSeconds;
  /** Median distance that remains. Two drives through one street differ by both receivers' noise and by how they were driven. */
  readonly apartM: number;
  /** Seconds of the other track in one of this. */
  readonly pace: number;
  /** The other track's time minus this one's, at the middle. */
  readonly laterS: number;
}

const WINDOW_S = 128;
const STRIDE_S = 64;
/** Shorter ways hold too little of anybody's noise. */
const SHORTEST_WAY_M = 300;
const MATCHED_SHARE = 0.7;
const ROUNDS = 5;
const MOST_PACE = 2.5;
const SMOOTH_POINTS = 4;

interface Points {
  readonly at: readonly number[];
  readonly theirS: readonly number[];
}

/** One figure for each stretch of `own` that has a way along `other` beside it. */
export function trackLikeness(own: TrackLine, other: TrackLine, find: FindPassing): readonly TrackLikeness[] {
  const directions = directionsOf(own);
  const theirS = Array.from(own.tS, (_, n) => (Number.isNaN(directions[n]!) ? NaN : (find({ eastM: own.eastM[n]!, northM: own.northM[n]!, directionRad: directions[n]! })?.tS ?? NaN)));
  const found: TrackLikeness[] = [];
  let first = 0;
  for (let fromS = own.tS[0] ?? Infinity; fromS + WINDOW_S / 2 < (own.tS.at(-1) ?? -Infinity); fromS += STRIDE_S) {
    while (first < own.tS.length && own.tS[first]! < fromS) first += 1;
    // A pause may be longer than any drive.
    if (own.tS[first]! > fromS + WINDOW_S) fromS += STRIDE_S * Math.floor((own.tS[first]! - fromS - WINDOW_S) / STRIDE_S);
    const inside: number[] = [];
    for (let n = first; n < own.tS.length && own.tS[n]! < fromS + WINDOW_S; n += 1) inside.push(n);
    const moving = inside.filter((n) => !Number.isNaN(directions[n]!));
    const matched = moving.filter((n) => !Number.isNaN(theirS[n]!));
    if (matched.length < MATCHED_SHARE * moving.length || wayM(own, matched) < SHORTEST_WAY_M) continue;
    const fit = fitted(own, other, { at: matched, theirS: matched.map((n) => theirS[n]!) });
    if (fit !== null) found.push({ fromS, toS: own.tS[inside.at(-1)!]!, ...fit });
  }
  return found;
}

function wayM({ eastM, northM }: TrackLine, at: readonly number[]): number {
  return at.slice(1).reduce((sum, n, k) => sum + (n - at[k]! > LONGEST_GAP_S ? 0 : Math.hypot(eastM[n]! - eastM[at[k]!]!, northM[n]! - northM[at[k]!]!)), 0);
}

/** Gauss-Newton for the time shift, the pace and a constant offset, from the times at which the other one passed. */
function fitted(own: TrackLine, other: TrackLine, { at, theirS }: Points): Pick<TrackLikeness, 'apartM' | 'pace' | 'laterS'> | null {
  const middleS = own.tS[at[at.length >> 1]!]!;
  const times = at.map((n) => own.tS[n]! - middleS);
  let warp = robustLine(times, theirS);
  let [eastM, northM] = [0, 0];
  for (let round = 0; warp !== null && round < ROUNDS; round += 1) {
    const { shiftS, pace }: Warp = warp;
    const there = times.map((t) => placeAt(other, shiftS + pace * t));
    const known = there.flatMap((place, k) => (place === null ? [] : [{ k, place }]));
    if (known.length < MATCHED_SHARE * at.length) return null;
    const misses = known.map(({ k, place }) => [own.eastM[at[k]!]! - place.eastM - eastM, own.northM[at[k]!]! - place.northM - northM] as const);
    if (round === ROUNDS - 1) return { apartM: median(smooth(misses).map(([e, n]) => Math.hypot(e, n))), pace, laterS: shiftS - middleS };
    const weights = huberWeights(misses.map(([e, n]) => Math.hypot(e, n)));
    const step = leastSquares({
      rows: known.flatMap(({ k, place }) => [[place.eastMps, place.eastMps * times[k]!, 1, 0], [place.northMps, place.northMps * times[k]!, 0, 1]]),
      values: misses.flat(),
      weights: weights.flatMap((weight) => [weight, weight]),
    }, 4);
    if (step === null) return null;
    warp = { shiftS: shiftS + step[0]!, pace: pace + step[1]! };
    [eastM, northM] = [eastM + step[2]!, northM + step[3]!];
    if (warp.pace < 1 / MOST_PACE || warp.pace > MOST_PACE) return null;
  }
  return null;
}

/** Means over a few points to either side: noise that a forger adds to each fix goes, what two receivers drift apart stays. */
function smooth(misses: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  return misses.map((_, n) => {
    const near = misses.slice(Math.max(0, n - SMOOTH_POINTS), n + SMOOTH_POINTS + 1);
    return [near.reduce((sum, [e]) => sum + e, 0) / near.length, near.reduce((sum, [, m]) => sum + m, 0) / near.length];
  });
}

interface Warp {
  readonly shiftS: number;
  readonly pace: number;
}

function robustLine(times: readonly number[], theirS: readonly number[]): Warp | null {
  let weights: readonly number[] = times.map(() => 1);
  const origin = median(theirS);
  let warp: Warp | null = null;
  for (let round = 0; round < ROUNDS; round += 1) {
    const line = leastSquares({ rows: times.map((t) => [1, t]), values: theirS.map((t) => t - origin), weights }, 2);
    if (line === null) return null;
    warp = { shiftS: line[0]! + origin, pace: line[1]! };
    weights = huberWeights(theirS.map((t, k) => t - warp!.shiftS - warp!.pace * times[k]!));
  }
  return warp;
}

interface Motion {
  readonly eastM: number;
  readonly northM: number;
  readonly eastMps: number;
  readonly northMps: number;
}

/** Place and speed at a time, between fixes; null in gaps and beyond the ends. */
function placeAt({ tS, eastM, northM }: TrackLine, atS: number): Motion | null {
  let [low, high] = [0, tS.length - 1];
  if (high < 1 || !(atS >= tS[low]!) || atS > tS[high]!) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (tS[middle]! <= atS) low = middle;
    else high = middle;
  }
  const stepS = tS[high]! - tS[low]!;
  if (stepS > LONGEST_GAP_S) return null;
  const [eastMps, northMps] = [(eastM[high]! - eastM[low]!) / stepS, (northM[high]! - northM[low]!) / stepS];
  const along = atS - tS[low]!;
  return { eastM: eastM[low]! + along * eastMps, northM: northM[low]! + along * northMps, eastMps, northMps };
}
