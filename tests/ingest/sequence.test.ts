import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutSequences, type Located, type Place } from '../../ingest/sequence.ts';
import { distanceM, moved } from '../../shared/model/geo.ts';
import { RECIPE } from '../../shared/model/recipe.ts';

const rules = RECIPE.ingest;
const START = { latDeg: 52.5, lonDeg: 13.4 };

interface Step {
  readonly forwardM: number;
  readonly afterS: number;
  readonly headingDeg?: number | null;
}

/** Frames one after the other, northwards. */
function frames(steps: readonly Step[]): readonly Located[] {
  let at = { ...START, capturedAt: 1_780_000_000 };
  return steps.map(({ forwardM, afterS, headingDeg }) => {
    at = { ...moved(at, forwardM, 0), capturedAt: at.capturedAt + afterS };
    return { ...at, headingDeg: headingDeg ?? null };
  });
}

function shown(places: readonly Place[]): readonly string[] {
  return places.map((place) => (place.kind === 'kept' ? `s${place.sequence}` : `copy of ${place.of}`));
}

describe('a sequence', () => {
  test('goes on over 100 m and 60 s, and ends beyond either', () => {
    expect(shown(cutSequences(frames([{ forwardM: 0, afterS: 0 }, { forwardM: 99.9, afterS: 60 }, { forwardM: 100.1, afterS: 1 }, { forwardM: 10, afterS: 60.1 }, { forwardM: 10, afterS: 1 }]), rules)))
      .toEqual(['s0', 's0', 's1', 's2', 's2']);
  });

  test('of no frames is none, of one is one', () => {
    expect(cutSequences([], rules)).toEqual([]);
    expect(shown(cutSequences(frames([{ forwardM: 0, afterS: 0 }]), rules))).toEqual(['s0']);
  });
});

describe('a near copy', () => {
  test('is within 1 m and 30° of the last kept frame', () => {
    expect(shown(cutSequences(frames([
      { forwardM: 0, afterS: 0, headingDeg: 350 }, { forwardM: 0.9, afterS: 1, headingDeg: 19 }, { forwardM: 0, afterS: 1, headingDeg: 21 }, { forwardM: 0, afterS: 1, headingDeg: 20 },
    ]), rules))).toEqual(['s0', 'copy of 0', 's0', 'copy of 2']);
  });

  test('is measured from the last kept frame, so that creeping adds up', () => {
    expect(shown(cutSequences(frames(Array.from({ length: 7 }, () => ({ forwardM: 0.4, afterS: 1 }))), rules))).toEqual(['s0', 'copy of 0', 'copy of 0', 's0', 'copy of 3', 'copy of 3', 's0']);
  });

  test('without headings is one within 1 m', () => {
    expect(shown(cutSequences(frames([{ forwardM: 0, afterS: 0, headingDeg: 10 }, { forwardM: 0.5, afterS: 1 }, { forwardM: 0.6, afterS: 1 }]), rules))).toEqual(['s0', 'copy of 0', 's0']);
  });

  test('at a red light keeps the sequence: time is counted from the copy before', () => {
    const waiting = Array.from({ length: 5 }, () => ({ forwardM: 0, afterS: 50 }));
    expect(shown(cutSequences(frames([{ forwardM: 0, afterS: 0 }, ...waiting, { forwardM: 10, afterS: 50 }]), rules)).at(-1)).toBe('s0');
  });

  test('after a cut is none: the first frame of a sequence is always kept', () => {
    expect(shown(cutSequences(frames([{ forwardM: 0, afterS: 0 }, { forwardM: 0, afterS: 61 }]), rules))).toEqual(['s0', 's1']);
  });

  test('says how near, and the limits', () => {
    const [, copy] = cutSequences(frames([{ forwardM: 0, afterS: 0, headingDeg: 10 }, { forwardM: 0.5, afterS: 1, headingDeg: 5 }]), rules);
    expect(copy).toEqual({ kind: 'near_copy', of: 0, refusal: { code: 'near_duplicate', detail: { value: 0.5, angle: 5, limit: 1, limit_angle: 30 } } });
  });
});

test('laws: every frame has one answer; sequences in order are the kept frames in order; copies are near what they copy', () => {
  const step = fc.record({
    forwardM: fc.oneof(fc.double({ min: 0, max: 3, noNaN: true }), fc.double({ min: 0, max: 200, noNaN: true })),
    afterS: fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 120, noNaN: true })),
    headingDeg: fc.option(fc.integer({ min: 0, max: 359 }), { nil: null }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const given = frames(steps);
    const places = cutSequences(given, rules);
    expect(places).toHaveLength(given.length);
    const kept = places.flatMap((place, index) => (place.kind === 'kept' ? [{ ...place, index }] : []));
    // Sequences are numbered from 0 without gaps and never interleave, so joined in order they are the kept frames in order.
    for (const [n, { sequence }] of kept.entries()) {
      const before = n === 0 ? -1 : kept[n - 1]!.sequence;
      expect(sequence === before || sequence === before + 1).toBe(true);
    }
    for (const [index, place] of places.entries()) {
      const apartM = index === 0 ? 0 : distanceM(given[index - 1]!, given[index]!);
      const apartS = index === 0 ? 0 : given[index]!.capturedAt - given[index - 1]!.capturedAt;
      if (apartM > rules.splitDistanceM || apartS > rules.splitTimeS) expect(place.kind).toBe('kept');
      if (place.kind === 'kept') continue;
      expect(place.of).toBe(kept.filter((frame) => frame.index < index).at(-1)!.index);
      expect(distanceM(given[place.of]!, given[index]!)).toBeLessThan(rules.duplicateDistanceM);
    }
  }));
});
