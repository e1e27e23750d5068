import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { privateCircles, privateReason, type TrackPoint, type TrimOptions } from '../../ingest/privacy.ts';
import { cellAt, cellsAround, cellCentre } from '../../shared/model/cell.ts';
import { distanceM, type LatLon, moved } from '../../shared/model/geo.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { RECIPE } from '../../shared/model/recipe.ts';

const HOME: LatLon = { latDeg: 52.5, lonDeg: 13.4 };
const anna = '00000000-0000-7000-8000-000000000001' as AccountId;
const options: TrimOptions = { rules: RECIPE.ingest, account: anna, key: Buffer.alloc(32, 7), trimM: null };

/** Eastwards from home at 10 m/s, a point a second. */
function drive(seconds: number, from: LatLon = HOME, startS = 0): readonly TrackPoint[] {
  return Array.from({ length: seconds + 1 }, (_, s) => ({ ...moved(from, s * 10, 90), tS: startS + s }));
}

function parked(at: LatLon, fromS: number, seconds: number): readonly TrackPoint[] {
  return Array.from({ length: seconds + 1 }, (_, s) => ({ ...moved(at, (s * 7) % 12, (s * 77) % 360), tS: fromS + s }));
}

const place = fc.record({ latDeg: fc.double({ min: -89.9, max: 89.9, noNaN: true }), lonDeg: fc.double({ min: -180, max: 180, noNaN: true }) });

describe('both ends of a drive', () => {
  test('are private within the radius, at every latitude and over the antimeridian', () => {
    fc.assert(fc.property(place, fc.integer({ min: 50, max: 5000 }), fc.double({ min: 0, max: 359, noNaN: true }), (home, trimM, course) => {
      const circles = privateCircles([{ ...home, tS: 0 }], { ...options, trimM });
      expect(privateReason(home, circles)).toBe('trimmed_end');
      expect(privateReason(moved(home, trimM * 0.999, course), circles)).toBe('trimmed_end');
      expect(privateReason(moved(home, trimM * 1.001, course), circles)).toBeNull();
    }));
  });

  test('are the first and the last position, and not what lies between', () => {
    const track = drive(600);
    const circles = privateCircles(track, { ...options, trimM: 305 });
    const isPrivate = track.map((point) => privateReason(point, circles) !== null);
    expect(isPrivate[0]).toBe(true);
    expect(isPrivate.at(-1)).toBe(true);
    expect(isPrivate.indexOf(false)).toBe(31);
    expect(isPrivate.lastIndexOf(false)).toBe(600 - 31);
    expect(isPrivate.slice(31, 570).every((hidden) => !hidden)).toBe(true);
  });

  test('of a round trip hide home when it is passed in the middle too', () => {
    const circles = privateCircles(drive(600), { ...options, trimM: 300 });
    expect(privateReason(moved(HOME, 100, 180), circles)).toBe('trimmed_end');
  });

  test('are open where the contributor chose no trim, and where there is no track', () => {
    expect(privateCircles(drive(600), { ...options, trimM: 0 })).toEqual([]);
    expect(privateCircles([], options)).toEqual([]);
  });
});

function radiusAt(home: LatLon, changed: Partial<TrimOptions> = {}): number {
  return privateCircles([{ ...home, tS: 0 }], { ...options, ...changed })[0]!.radiusM;
}

describe('the radius that the instance derives', () => {
  test('lies between 200 and 500 m', () => {
    fc.assert(fc.property(place, fc.uuid(), (home, account) => {
      const radius = radiusAt(home, { account: account as AccountId });
      expect(radius).toBeGreaterThanOrEqual(200);
      expect(radius).toBeLessThanOrEqual(500);
    }));
  });

  test('is the same for the same account and cell, so that repeated trips show one circle', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 60, noNaN: true }), fc.double({ min: 0, max: 359, noNaN: true }), (metres, course) => {
      const centre = cellCentre(cellAt(HOME, 9));
      expect(radiusAt(moved(centre, metres, course))).toBe(radiusAt(centre));
    }));
  });

  test('differs between accounts, places and instances: nobody outside can work it out', () => {
    const others = [
      ...cellsAround(cellAt(HOME, 9), 2).map((cell) => radiusAt(cellCentre(cell))),
      ...Array.from({ length: 20 }, (_, n) => radiusAt(HOME, { account: `account ${n}` as AccountId })),
      ...Array.from({ length: 20 }, (_, n) => radiusAt(HOME, { key: Buffer.alloc(32, n) })),
    ];
    expect(new Set(others).size).toBeGreaterThan(55);
    expect(Math.max(...others) - Math.min(...others)).toBeGreaterThan(200);
  });
});

describe('stops', () => {
  const work = moved(HOME, 6000, 90);
  const way = (stopS: number) => {
    const there = drive(600).slice(0, -1);
    return [...there, ...parked(work, 600, stopS), ...drive(600, work, 600 + stopS + 1)];
  };

  test('of ten minutes are private, shorter ones are not', () => {
    const long = privateCircles(way(600), { ...options, trimM: 200 });
    expect(long.filter(({ reason }) => reason === 'trimmed_stop')).toHaveLength(1);
    expect(privateReason(moved(work, 100, 45), long)).toBe('trimmed_stop');
    expect(privateCircles(way(500), { ...options, trimM: 200 }).filter(({ reason }) => reason === 'trimmed_stop')).toEqual([]);
  });

  test('are found wherever the receiver slept: both ends of a gap of ten minutes', () => {
    const track = [...drive(600), ...drive(600, moved(work, 400, 90), 600 + 3600)];
    const circles = privateCircles(track, { ...options, trimM: 200 }).filter(({ reason }) => reason === 'trimmed_stop');
    expect(circles.map(({ centre }) => Math.round(distanceM(work, centre)))).toEqual([0, 400]);
  });

  test('two of them are two', () => {
    const second = moved(work, 6000, 90);
    const track = [...way(700), ...parked(second, 2000, 800)];
    expect(privateCircles(track, { ...options, trimM: 200 }).filter(({ reason }) => reason === 'trimmed_stop')).toHaveLength(2);
  });

  test('a day of crawling traffic is looked through in a moment', () => {
    const crawl = Array.from({ length: 86_400 }, (_, s) => ({ ...moved(HOME, s * 0.06, 90), tS: s }));
    const startedMs = performance.now();
    privateCircles(crawl, options);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});
