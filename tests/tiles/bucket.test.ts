import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellAt, cellsAround, parentOf } from '../../shared/model/cell.ts';
import { bucket, type CellFrame, merge, octantOf } from '../../tiles/bucket.ts';
import { openCache } from '../../tiles/cache.ts';
import { clipLine, clipRing } from '../../tiles/clip.ts';
import { isoDay, partOfDay, solarDay } from '../../tiles/day.ts';
import { countDistinct, EMPTY_SKETCH, EXACT_TO, mergeSketches, sketchOf } from '../../tiles/sketch.ts';
import { sha256Of, uuidOf } from './world.ts';

const many = (count: number) => sketchOf(Array.from({ length: count }, (_, n) => `account ${n}`));
const digest = (one: CellFrame) => merge(parentOf(one.h3, 11), bucket([one.h3], [one])).digest.toString('hex');

describe('the count of distinct contributors', () => {
  const names = fc.array(fc.integer({ min: 0, max: 200 }).map(String), { maxLength: 300 });

  test('is exact to 64', () => {
    expect([0, 1, EXACT_TO].map((count) => countDistinct(many(count)))).toEqual([0, 1, 64].map((count) => ({ count, exact: true })));
    expect(countDistinct(many(65)).exact).toBe(false);
    for (const count of [200, 5000, 100_000]) expect(Math.abs(countDistinct(many(count)).count / count - 1)).toBeLessThan(0.35);
  });

  test('of a union is that of its parts merged, in any grouping', () => {
    fc.assert(fc.property(names, names, names, (a, b, c) => {
      const whole = sketchOf([...a, ...b, ...c]);
      expect(mergeSketches([sketchOf(a), mergeSketches([sketchOf(b), sketchOf(c)])])).toEqual(whole);
      expect(mergeSketches([sketchOf(c), sketchOf(a), sketchOf(b), sketchOf(a), EMPTY_SKETCH])).toEqual(whole);
    }));
  });
});

describe('buckets', () => {
  const R12 = cellsAround(cellAt({ latDeg: 48.137, lonDeg: 11.575 }, 12), 3);
  const frames = fc.array(
    fc.record({
      cell: fc.nat({ max: R12.length - 1 }), account: fc.nat({ max: 5 }), minute: fc.nat({ max: 100_000 }),
      headingDeg: fc.option(fc.double({ min: 0, max: 359.9, noNaN: true })), quality: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    }),
    { minLength: 1, maxLength: 40 },
  ).map((all) => all.map(({ cell, account, minute, headingDeg, quality }, n): CellFrame => ({
    h3: R12[cell]!, id: sha256Of(`b${n}`), accountId: uuidOf(`a${account}`), driveId: uuidOf('d'), sequence: 0, ordinal: n, demo: false,
    licence: account === 0 ? 'CC0-1.0' : 'CC-BY-SA-4.0', capturedAt: new Date(minute * 60_000), latDeg: 48.137, lonDeg: 11.575, headingDeg, quality, tier: 'A',
  })));

  test('lose no frame on the way up, and do not depend on order', () => {
    fc.assert(fc.property(frames.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, shuffled]) => {
      const rows = bucket(R12, all);
      const top = merge(parentOf(R12[0]!, 0), rows);
      expect(merge(top.h3, bucket(R12.toReversed(), shuffled))).toEqual(top);
      expect(top.frames).toBe(all.length);
      expect(top.headings.reduce((sum, count) => sum + count, 0) + top.unheaded).toBe(all.length);
      expect(countDistinct(top.contributors).count).toBe(new Set(all.map(({ accountId }) => accountId)).size);
      expect(top.lastCapturedAt).toEqual(new Date(Math.max(...all.map(({ capturedAt }) => capturedAt.getTime()))));
    }), { numRuns: 50 });
  });

  test('a change of anything that a tile shows changes the digest, up to the top', () => {
    const [frame] = fc.sample(frames, 1)[0]!;
    const others: Partial<CellFrame>[] = [{ headingDeg: 12.5 }, { tier: 'B' }, { quality: 0.123 }, { latDeg: 48.2 }, { ordinal: 99 }, { demo: true }, { id: sha256Of('z') }];
    expect(new Set([frame!, ...others.map((other) => ({ ...frame!, ...other }))].map(digest)).size).toBe(others.length + 1);
  });

  test('octants are centred on their directions', () => {
    expect([0, 22.4, 22.6, 90, 337.4, 337.6, 359.9].map(octantOf)).toEqual([0, 0, 1, 2, 7, 0, 0]);
  });
});

describe('days', () => {
  test('are the contributor\'s, by the sun', () => {
    const at = new Date('2026-05-12T23:30:00Z');
    expect([isoDay(solarDay(at, 0)), isoDay(solarDay(at, 139.7)), isoDay(solarDay(at, -74))]).toEqual(['2026-05-12', '2026-05-13', '2026-05-12']);
    expect([partOfDay(at, 0), partOfDay(at, 139.7), partOfDay(at, -74), partOfDay(at, -150)]).toEqual(['night', 'morning', 'evening', 'afternoon']);
    expect([solarDay(new Date(-1), 0), partOfDay(new Date(-1), 0)]).toEqual([-1, 'night']);
  });
});

describe('the cache', () => {
  test('holds no more bytes than it may and drops what was used longest ago', () => {
    const cache = openCache<string>(10);
    cache.put('a', 'A', 4);
    cache.put('b', 'B', 4);
    expect(cache.get('a')).toBe('A');
    cache.put('c', 'C', 4);
    expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.bytes]).toEqual(['A', undefined, 'C', 8]);
    cache.put('c', 'CC', 1);
    cache.put('huge', 'H', 11);
    expect([cache.get('c'), cache.get('huge'), cache.bytes]).toEqual(['CC', undefined, 5]);
  });
});

describe('clipping', () => {
  test('cuts rings and lines at the buffer', () => {
    expect(clipRing([0, 0, 10, 0, 10, 10])).toEqual([0, 0, 10, 0, 10, 10]);
    expect(clipRing([-100, 0, 0, 0, 0, 100, -100, 100]).filter((_, n) => n % 2 === 0).every((x) => x >= -64)).toBe(true);
    expect(clipRing([5000, 5000, 6000, 5000, 5000, 6000])).toEqual([]);
    expect(clipLine([-164, 50, 36, 50, 36, 5000, 40, 5000, 40, 0])).toEqual([[-64, 50, 36, 50, 36, 4160], [40, 4160, 40, 0]]);
    expect(clipLine([-100, 0, -100, 100])).toEqual([]);
  });
});
