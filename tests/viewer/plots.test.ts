import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WindowVerdict } from '../../shared/model/verdict.ts';
import { gapsIn, heldBack, rowAt } from '../../viewer/evidence.ts';
import { findingsOf, secondsOver } from '../../viewer/findings.ts';
import { rowsToDraw } from '../../viewer/thin.ts';
import { decades, timeTicks } from '../../viewer/ticks.ts';
import { unwrapped, unwrappedBeside } from '../../viewer/unwrap.ts';

const column = (length: number) => fc.array(fc.option(fc.double({ min: -100, max: 100, noNaN: true })), { minLength: length, maxLength: length });

describe('a plot of a long drive', () => {
  test('loses no peak and no gap of a pixel, and its ends', () => {
    fc.assert(fc.property(fc.integer({ min: 300, max: 900 }).chain((length) => fc.tuple(column(length), column(length))), fc.integer({ min: 5, max: 40 }), ([a, b], pixels) => {
      const tS = a.map((_, n) => 1000 + n);
      const rows = rowsToDraw(tS, [a, b], pixels);
      expect(rows).toEqual([...new Set(rows)].toSorted((x, y) => x - y));
      expect([rows[0], rows.at(-1)]).toEqual([0, tS.length - 1]);
      const pixelOf = (row: number): number => Math.floor((row / (tS.length - 1)) * pixels);
      for (const values of [a, b]) {
        for (let pixel = 0; pixel < pixels; pixel += 1) {
          const extremes = (among: readonly number[]) => {
            const known = among.filter((row) => pixelOf(row) === pixel).map((row) => values[row]!);
            return [Math.min(...known.filter((value) => value !== null)), Math.max(...known.filter((value) => value !== null)), known.includes(null as never)];
          };
          expect(extremes(rows)).toEqual(extremes(values.map((_, row) => row)));
        }
      }
    }), { numRuns: 40 });
  });

  test('58,000 points are drawn with a few thousand, in no time', () => {
    const tS = Array.from({ length: 58_000 }, (_, n) => n);
    const values = tS.map((n) => (n % 97 === 0 ? null : Math.sin(n / 50) * 20));
    const startMs = performance.now();
    const rows = rowsToDraw(tS, [values, values], 1000);
    expect(performance.now() - startMs).toBeLessThan(250);
    expect(rows.length).toBeLessThan(8001);
  });

  test('few rows are drawn as they are', () => {
    expect(rowsToDraw([1, 2, 3], [[1, null, 3]], 500)).toEqual([0, 1, 2]);
  });
});

describe('a course', () => {
  test('unwrapped has no jump of more than half a turn and is the same angle', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 3599 }).map((tenths) => tenths / 10)), { minLength: 1 }), (degrees) => {
      const line = unwrapped(degrees);
      const known = line.filter((value) => value !== null);
      known.slice(1).forEach((value, n) => expect(Math.abs(value - known[n]!)).toBeLessThanOrEqual(180 + 1e-9));
      line.forEach((value, row) => {
        expect(value === null).toBe(degrees[row] === null);
        if (value !== null) expect(Math.abs(Math.round((value - degrees[row]!) / 360) * 360 - (value - degrees[row]!))).toBeLessThan(1e-9);
      });
    }));
  });

  test('beside another it is the turn nearest to that one', () => {
    expect(unwrappedBeside([350, null, 10, 20], [710, 720, 730, null])).toEqual([710, null, 730, 740]);
  });
});

describe('time', () => {
  test('a gap reaches from the last value to the next; a pause is one too', () => {
    expect(gapsIn([0, 1, 2, 3, 4, 5], [[1, null, null, 1, 1, null], [null, null, null, null, null, null]])).toEqual([{ fromS: 0, toS: 3 }, { fromS: 4, toS: 5 }]);
    expect(gapsIn([0, 1, 2, 60, 61], [[1, 1, 1, 1, 1]])).toEqual([{ fromS: 2, toS: 60 }]);
    expect(gapsIn([0, 1, 2], [[0, 0, 0]])).toEqual([]);
  });

  test('the nearest row is found', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1 }), fc.integer({ min: -10, max: 510 }), (times, atS) => {
      const tS = times.toSorted((a, b) => a - b);
      expect(Math.abs(tS[rowAt(tS, atS)]! - atS)).toBe(Math.min(...tS.map((one) => Math.abs(one - atS))));
    }));
  });

  test('held back is what windows that overlap say together', () => {
    const windows = ([[0, 'accepted'], [16, 'flagged'], [32, 'rejected'], [200, 'flagged']] as const).map(([fromS, verdict]) => ({ fromS, toS: fromS + 64, verdict, reasons: [] }));
    expect(heldBack(windows)).toEqual([{ fromS: 16, toS: 96 }, { fromS: 200, toS: 264 }]);
  });

  test('ticks are round, within, and have room', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 2, max: 90_000 }), fc.integer({ min: 200, max: 1400 }), (fromS, spanS, widthPx) => {
      const ticks = timeTicks(fromS, fromS + spanS, widthPx);
      expect(ticks.length).toBeLessThanOrEqual(Math.floor(widthPx / 84) + 1);
      expect(ticks.every((tS) => tS >= fromS && tS <= fromS + spanS)).toBe(true);
    }));
    expect(decades(0.01, 20)).toHaveLength(4);
    expect(decades(1.5, 8)).toEqual([2, 5]);
  });
});

describe('findings', () => {
  test('windows over a limit that touch are one stretch with its worst value; another check is another', () => {
    const found = findingsOf([
      window(0, { 'speed-agreement': check(1, 3) }), window(16, { 'speed-agreement': check(5, 40), displacement: check(9, 44) }),
      window(32, { 'speed-agreement': check(7, 60) }), window(300, { 'speed-agreement': check(4.5, 310) }),
    ]);
    expect(found.map(({ check: { name, measured }, fromS, toS, worstS }) => [name, measured, fromS, toS, worstS])).toEqual([
      ['speed-agreement', 7, 16, 96, 60], ['displacement', 9, 16, 80, 44], ['speed-agreement', 4.5, 300, 364, 310],
    ]);
  });
});

function check(measured: number, atS: number): WindowVerdict['checks'][string] {
  return { measured, limit: 4, unit: 'm/s', bound: 'upper', atS, score: 0.9 } as WindowVerdict['checks'][string];
}

function window(fromS: number, checks: WindowVerdict['checks']): WindowVerdict {
  return { fromS, toS: fromS + 64, score: 0.9, verdict: 'flagged', checks, reasons: [] };
}

describe('the seconds of a finding', () => {
  test('are those that its worst value was measured over; around that second where nobody says', () => {
    const [finding, ...others] = findingsOf([leapWindow(0, 200, { fromS: 19, toS: 20 }), leapWindow(16, 300, { fromS: 35, toS: 36 }), leapWindow(32, 250, { fromS: 51, toS: 52 })]);
    expect(others).toEqual([]);
    expect([finding!.fromS, finding!.toS, secondsOver(finding!)]).toEqual([0, 96, { fromS: 35, toS: 36 }]);
    expect(secondsOver(findingsOf([leapWindow(0, 200)])[0]!)).toEqual({ fromS: 19.5, toS: 20.5 });
  });
});

function leapWindow(fromS: number, measured: number, span?: { fromS: number; toS: number }): WindowVerdict {
  return {
    fromS, toS: fromS + 64, score: 1, verdict: 'flagged', reasons: [],
    checks: { displacement: { score: 1, measured, limit: 30, unit: 'm', bound: 'upper', atS: fromS + 20, ...(span === undefined ? {} : { span }) } },
  };
}
