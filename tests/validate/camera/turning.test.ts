import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../../fixtures/random.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { rateTurn, trackTurn } from '../../../validate/camera/course.ts';
import { lensOf, sumsOf, turnPairs, turnSpans, type MovedPair } from '../../../validate/camera/turning.ts';
import { sketchOf } from '../../../validate/sketch.ts';
import { madeDrive } from '../made-drive.ts';

const SECONDS = 400;
const LENS = { fovDeg: 80, lagS: 1 };
/** A corner every half a minute, left and right by turns of unequal sharpness. */
const courseDeg = (atS: number): number => {
  let course = 40;
  for (let corner = 1; corner * 30 < SECONDS; corner += 1) course += [70, -45, 95, -80, -60, 85][corner % 6]! / (1 + Math.exp(-(atS - corner * 30) * 1.2));
  return course;
};
const track = trackTurn(sketchOf(madeDrive({ seconds: SECONDS, courseDeg, speedMps: () => 9 }), RECIPE.validate)!.track);

/** Edges of 100 grey levels at every eighth column. */
const WALLS = Uint8Array.from({ length: 64 * 36 }, (_, n) => (n % 16 < 8 ? 60 : 160));

/** What a camera of that lens would say of the truth, with a little noise. */
function pairsOf(turnedDeg: (fromS: number, toS: number) => number, grey = WALLS): readonly MovedPair[] {
  const random = makeRandom(4, 'turning');
  const seen = { latDeg: 52, lonDeg: 5, grey };
  return Array.from({ length: SECONDS - 6 }, (_, n): MovedPair => ({
    first: { ...seen, atS: n + 3 }, second: { ...seen, atS: n + 4 }, fromS: n + 3, toS: n + 4, apartM: 9,
    motion: { turn: turnedDeg(n + 3 - LENS.lagS, n + 4 - LENS.lagS) / LENS.fovDeg + random.normal(0.005), ahead: 0.1, likeness: 0.6, contrast: 40 },
  }));
}

function disagreement(pairs: readonly MovedPair[]): number {
  const spans = turnSpans(pairs);
  const { turnedDeg, apartDeg } = sumsOf(turnPairs(spans, track, lensOf(spans, track)));
  expect(turnedDeg).toBeGreaterThan(200);
  return apartDeg / turnedDeg;
}

const truth = (fromS: number, toS: number): number => courseDeg(toS) - courseDeg(fromS);

describe('a camera against the track it was on', () => {
  test('finds its lens and its clock, and agrees', () => {
    const spans = turnSpans(pairsOf(truth));
    const lens = lensOf(spans, track);
    expect(Math.abs(lens.fovDeg - LENS.fovDeg)).toBeLessThanOrEqual(15);
    expect(Math.abs(lens.lagS - LENS.lagS)).toBeLessThanOrEqual(0.5);
    expect(disagreement(pairsOf(truth))).toBeLessThan(0.35);
  });

  test('mirrored, reversed, and another road\'s do not', () => {
    expect(disagreement(pairsOf((from, to) => -truth(from, to)))).toBeGreaterThan(0.8);
    expect(disagreement(pairsOf((from, to) => truth(SECONDS - to, SECONDS - from)))).toBeGreaterThan(0.8);
    expect(disagreement(pairsOf((from, to) => truth(from + 12, to + 12)))).toBeGreaterThan(0.8);
  });
});

test('what cannot be seen is not measured: noise in the dark and a wall of fog have no turns, however alike they seem', () => {
  const random = makeRandom(5, 'night');
  // A lamp's light that falls off from the middle, and noise.
  const night = WALLS.map((_, n) => Math.max(0, Math.round(20 + 150 * Math.exp(-(((n % 64) - 32) ** 2) / 120) + random.normal(6))));
  const fog = WALLS.map((grey) => 150 + grey / 20);
  for (const grey of [night, fog]) {
    const spans = turnSpans(pairsOf((from, to) => -truth(from, to), grey));
    expect(sumsOf(turnPairs(spans, track, lensOf(spans, track)))).toEqual({ turnedDeg: 0, apartDeg: 0, weight: 0 });
  }
  expect(turnSpans(pairsOf(truth)).every(({ weight }) => weight === 1)).toBe(true);
  // Haze or a flat exposure hides nothing.
  expect(turnSpans(pairsOf(truth, WALLS.map((grey) => 120 + (grey - 110) / 4))).every(({ weight }) => weight === 1)).toBe(true);
});

test('a track that stands has no direction, and one with a hole none in it', () => {
  const standing = trackTurn(sketchOf(madeDrive({ seconds: 60, speedMps: () => 0 }), RECIPE.validate)!.track);
  expect(standing(20, 25)).toBeNaN();
  const broken = trackTurn(sketchOf(madeDrive({ seconds: 120, lost: (t) => t > 40 && t < 80 }), RECIPE.validate)!.track);
  expect(broken(50, 60)).toBeNaN();
  expect(Math.abs(broken(20, 30))).toBeLessThan(8);
});

test('a rate is summed over parts of seconds, and a missing second is not a standstill', () => {
  const rate = rateTurn(Float64Array.from([0.1, 0.1, 0.2, NaN, 0.1]));
  expect(rate(0.5, 2.5)).toBeCloseTo(((0.05 + 0.1 + 0.1) * 180) / Math.PI, 9);
  expect(rate(2.5, 4.5)).toBeNaN();
  expect(rate(-1, 2)).toBeNaN();
  expect(rate(3.9, 6)).toBeNaN();
});
