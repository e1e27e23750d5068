import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { courseDeg, distanceM, moved, turnDeg, wrapDeg } from '../../shared/model/geo.ts';

const angle = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const place = fc.record({ latDeg: fc.double({ min: -90, max: 90, noNaN: true }), lonDeg: fc.double({ min: -180, max: 180, noNaN: true }) });

describe('angles', () => {
  test('wrapDeg is in [0, 360), never -0', () => {
    const rounded = angle.map((deg) => Math.round(deg * 1e6) / 1e6);
    fc.assert(fc.property(rounded, (deg) => {
      const folded = wrapDeg(deg);
      expect(folded).toBeGreaterThanOrEqual(0);
      expect(folded).toBeLessThan(360);
      expect(Object.is(folded, -0)).toBe(false);
    }));
  });

  test.each([[-0, 0], [360, 0], [-360, 0], [-1, 359], [725, 5]])('wrapDeg(%s) is %s', (deg, folded) => {
    expect(wrapDeg(deg)).toBe(folded);
  });

  test('wrapDeg of a hair below zero is 0, not 360', () => {
    expect(wrapDeg(-1e-20)).toBe(0);
    expect(courseDeg({ latDeg: 0, lonDeg: 0 }, { latDeg: 13.867793, lonDeg: -180 })).toBe(0);
  });

  test('wrapDeg does not change what is folded already', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 359.999, noNaN: true }), (deg) => {
      expect(wrapDeg(deg)).toBe(deg === 0 ? 0 : deg);
    }));
  });

  test('turnDeg is in (-180, 180] and leads from the one to the other', () => {
    fc.assert(fc.property(angle, angle, (from, to) => {
      const turn = turnDeg(from, to);
      expect(turn).toBeGreaterThan(-180);
      expect(turn).toBeLessThanOrEqual(180);
      const missed = Math.abs(wrapDeg(from + turn) - wrapDeg(to));
      expect(Math.min(missed, 360 - missed)).toBeLessThan(1e-6);
    }));
  });

  test.each([[359, 1, 2], [1, 359, -2], [0, 180, 180], [180, 0, 180], [10, 10, 0], [90, 271, -179]])('from %s to %s it is %s', (from, to, turn) => {
    expect(turnDeg(from, to)).toBe(turn);
  });
});

describe('distances', () => {
  test('are symmetric, zero to oneself and never beyond half the Earth', () => {
    fc.assert(fc.property(place, place, (a, b) => {
      const there = distanceM(a, b);
      expect(Math.abs(there - distanceM(b, a))).toBeLessThan(1e-3);
      expect(there).toBeGreaterThanOrEqual(0);
      expect(there).toBeLessThanOrEqual(Math.PI * 6_371_008.8 + 1);
      expect(distanceM(a, a)).toBe(0);
    }));
  });

  test('a degree of latitude is 111,195 m on the mean sphere, over the antimeridian too', () => {
    expect(distanceM({ latDeg: 10, lonDeg: 5 }, { latDeg: 11, lonDeg: 5 })).toBeCloseTo(111_195.08, 1);
    expect(distanceM({ latDeg: 0, lonDeg: 179.5 }, { latDeg: 0, lonDeg: -179.5 })).toBeCloseTo(111_195.08, 1);
  });

  test('moved goes that far, on that course, and back', () => {
    const from = fc.record({ latDeg: fc.double({ min: -85, max: 85, noNaN: true }), lonDeg: fc.double({ min: -180, max: 180, noNaN: true }) });
    fc.assert(fc.property(from, fc.double({ min: 1, max: 50_000, noNaN: true }), fc.double({ min: 0, max: 359.99, noNaN: true }), (start, metres, course) => {
      const end = moved(start, metres, course);
      expect(Math.abs(distanceM(start, end) - metres)).toBeLessThan(0.01);
      expect(Math.abs(turnDeg(courseDeg(start, end), course))).toBeLessThan(0.01);
      expect(Math.abs(end.lonDeg)).toBeLessThanOrEqual(180);
    }));
  });

  test('a course is in [0, 360)', () => {
    const step = fc.integer({ min: 1, max: 1000 }).map((n) => n / 1e5);
    fc.assert(fc.property(place.filter(({ latDeg }) => Math.abs(latDeg) < 85), step, step, fc.constantFrom(-1, 1), (a, north, east, sign) => {
      const course = courseDeg(a, { latDeg: a.latDeg + sign * north, lonDeg: a.lonDeg + sign * east });
      expect(course).toBeGreaterThanOrEqual(0);
      expect(course).toBeLessThan(360);
    }), { numRuns: 1000 });
    expect(courseDeg({ latDeg: 0, lonDeg: 0 }, { latDeg: 1, lonDeg: 0 })).toBe(0);
    expect(courseDeg({ latDeg: 0, lonDeg: 0 }, { latDeg: 0, lonDeg: -1 })).toBe(270);
  });
});
