import { distanceM, type LatLon, turnDeg } from '../shared/model/geo.ts';
import { type Refusal, refusal } from '../shared/model/reason.ts';
import type { IngestRules } from '../shared/model/recipe.ts';

/** What cutting and thinning need to know of a frame. */
export interface Located extends LatLon {
  readonly capturedAt: number;
  readonly headingDeg: number | null;
}

export type Place =
  | { readonly kind: 'kept'; readonly sequence: number }
  | { readonly kind: 'near_copy'; readonly of: number; readonly refusal: Refusal };

/**
 * Cuts frames, sorted by time, into sequences and drops near copies, as Panoramax does: a new sequence after 100 m or
 * 60 s, a near copy within 1 m AND 30° of the last kept frame of its sequence. Without headings a frame within 1 m is
 * a near copy. One answer a frame, in order; `of` is the index of the kept frame.
 */
export function cutSequences(frames: readonly Located[], rules: IngestRules): readonly Place[] {
  const places: Place[] = [];
  let kept = -1;
  let previous = -1;
  let sequence = -1;
  for (const [index, frame] of frames.entries()) {
    const before = frames[previous];
    const apartM = before === undefined ? Infinity : distanceM(before, frame);
    const apartS = before === undefined ? Infinity : frame.capturedAt - before.capturedAt;
    const cut = apartM > rules.splitDistanceM || apartS > rules.splitTimeS;
    const copy = cut ? null : nearCopy(frames[kept]!, frame, rules);
    previous = index;
    if (copy !== null) {
      places.push({ kind: 'near_copy', of: kept, refusal: copy });
      continue;
    }
    if (cut) sequence += 1;
    kept = index;
    places.push({ kind: 'kept', sequence });
  }
  return places;
}

function nearCopy(last: Located, frame: Located, rules: IngestRules): Refusal | null {
  const value = distanceM(last, frame);
  const angle = last.headingDeg === null || frame.headingDeg === null ? 0 : Math.abs(turnDeg(last.headingDeg, frame.headingDeg));
  if (value >= rules.duplicateDistanceM || angle >= rules.duplicateTurnDeg) return null;
  return refusal('near_duplicate', {
    value: round(value),
    angle: round(angle),
    limit: rules.duplicateDistanceM,
    limit_angle: rules.duplicateTurnDeg,
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
