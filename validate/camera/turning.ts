import type { Alignment } from './alignment.ts';
import type { TurnBetween } from './course.ts';
import { detailOf } from './detail.ts';
import type { FramePair } from './pairs.ts';

/** A pair with how the second picture follows from the first. */
export interface MovedPair extends FramePair {
  readonly motion: Alignment;
}

/** Some consecutive pairs together: how far the camera turned, in shares of the picture's width. */
export interface TurnSpan {
  readonly fromS: number;
  readonly toS: number;
  readonly share: number;
  /** In [0, 1]: how well its worst pair could be aligned. */
  readonly weight: number;
}

/** The lens and the clock of a camera, as one drive shows them. */
export interface Lens {
  readonly fovDeg: number;
  /** The pictures' times are this much late. */
  readonly lagS: number;
}

/** What was turned, by the camera and by the other witness, over one span. */
export interface TurnPair {
  readonly atS: number;
  readonly cameraDeg: number;
  readonly otherDeg: number;
  /** In (0, 1], as of the span. */
  readonly weight: number;
}

/** Turns are compared over so long: a course is a chord, and its turns begin and end a second or two away from the camera's. */
const SPAN_S = 4;
/** Less than this, on either side, is noise. */
const NOISE_DEG = 5;
/** Pictures of two streets reach the first likeness once in fifty times (simulated ones): no turn is read from less. From the second on one is read in full. */
const LIKENESS = [0.36, 0.42] as const;
/** Pictures of less detail show lamps, fog or dirt that no turn can be read from; from the second on they count in full. */
const DETAIL = [0.06, 0.1] as const;
/** Over more metres a corner takes the view away with it: nothing is left to see a turn by. */
const MOST_APART_M = 13;
/** The search ends a little further on; what it finds at its end it has not found. */
const MOST_SHARE = 0.45;
/** One span says at most so much: a lens sees no further. */
const MOST_DEG = 100;
/** Lenses of phones, dashcams and action cameras, and clocks that a camera's whole seconds may be late by. */
const FOVS_DEG = Array.from({ length: 21 }, (_, n) => 40 + 5 * n);
const LAGS_S = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];

/** Consecutive pairs, put together until they last long enough; a break in the chain ends one. */
export function turnSpans(pairs: readonly MovedPair[]): readonly TurnSpan[] {
  const spans: TurnSpan[] = [];
  let open: MovedPair[] = [];
  const close = (): void => {
    if (open.length > 0) spans.push(spanOf(open));
    open = [];
  };
  for (const pair of pairs) {
    if (open.length > 0 && (pair.fromS !== open.at(-1)!.toS || pair.toS - open[0]!.fromS > 2 * SPAN_S)) close();
    open.push(pair);
    if (pair.toS - open[0]!.fromS >= SPAN_S) close();
  }
  close();
  return spans;
}

function spanOf(pairs: readonly MovedPair[]): TurnSpan {
  return {
    fromS: pairs[0]!.fromS, toS: pairs.at(-1)!.toS,
    share: pairs.reduce((sum, { motion }) => sum + motion.turn, 0),
    weight: pairs.reduce((least, pair) => Math.min(least, weightOf(pair)), 1),
  };
}

/** The lens and lag under which the camera's turns agree best with the other's, over the whole drive. */
export function lensOf(spans: readonly TurnSpan[], turnBetween: TurnBetween): Lens {
  let best: { readonly lens: Lens; readonly disagreement: number } | null = null;
  for (const lagS of LAGS_S) {
    const turns = spans.map(({ fromS, toS }) => turnBetween(fromS - lagS, toS - lagS));
    for (const fovDeg of FOVS_DEG) {
      const { turnedDeg, apartDeg } = sumsOf(spans.flatMap((span, n) => turnPair(span, turns[n]!, fovDeg) ?? []));
      const disagreement = turnedDeg === 0 ? 1 : apartDeg / turnedDeg;
      // Of equal ones the smallest lag: the list is tried from the outside in only where it is better.
      if (best === null || disagreement < best.disagreement - 1e-9 || (Math.abs(disagreement - best.disagreement) <= 1e-9 && Math.abs(lagS) < Math.abs(best.lens.lagS))) best = { lens: { fovDeg, lagS }, disagreement };
    }
  }
  return best!.lens;
}

/** Each span as both tell it, where both can. */
export function turnPairs(spans: readonly TurnSpan[], turnBetween: TurnBetween, { fovDeg, lagS }: Lens): readonly TurnPair[] {
  return spans.flatMap((span) => turnPair(span, turnBetween(span.fromS - lagS, span.toS - lagS), fovDeg) ?? []);
}

function weightOf({ apartM, first, second, motion: { likeness, turn } }: MovedPair): number {
  if (apartM > MOST_APART_M || Math.abs(turn) > MOST_SHARE) return 0;
  return Math.min(between(LIKENESS, likeness), between(DETAIL, Math.min(detailOf(first.grey), detailOf(second.grey))));
}

/** 0 up to the first, 1 from the second on. */
function between([none, full]: readonly [number, number], value: number): number {
  return Math.min(1, Math.max(0, (value - none) / (full - none)));
}

function turnPair({ fromS, toS, share, weight }: TurnSpan, otherDeg: number, fovDeg: number): TurnPair | null {
  if (!Number.isFinite(otherDeg) || weight === 0) return null;
  return { atS: (fromS + toS) / 2, cameraDeg: bounded(share * fovDeg), otherDeg: bounded(otherDeg), weight };
}

function bounded(deg: number): number {
  return Math.min(MOST_DEG, Math.max(-MOST_DEG, deg));
}

export interface TurnSums {
  /** How much was turned by the one that turned more. */
  readonly turnedDeg: number;
  /** How much of it the two tell differently. */
  readonly apartDeg: number;
  /** How many spans the camera could see well. */
  readonly weight: number;
}

/** Sums over spans, weighted. */
export function sumsOf(pairs: readonly TurnPair[]): TurnSums {
  let [turnedDeg, apartDeg, seen] = [0, 0, 0];
  for (const { cameraDeg, otherDeg, weight } of pairs) {
    turnedDeg += weight * Math.max(0, Math.abs(cameraDeg) - NOISE_DEG, Math.abs(otherDeg) - NOISE_DEG);
    apartDeg += weight * Math.max(0, Math.abs(cameraDeg - otherDeg) - NOISE_DEG);
    seen += weight;
  }
  return { turnedDeg, apartDeg, weight: seen };
}
