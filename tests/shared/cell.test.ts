import fc from 'fast-check';
import { cellToChildren, cellToParent, getRes0Cells, isValidCell, latLngToCell } from 'h3-js';
import { describe, expect, test } from 'vitest';
import {
  BASE_CELLS, baseCell, baseCellOf, type Cell, cellAreaM2, cellAt, cellBoundary, cellCentre, cellHex, cellsAround, cellsTouchingBox, descendantRange,
  FRAME_RESOLUTION, meanCellAreaM2, parentOf, parseCell, resolutionOf,
} from '../../shared/model/cell.ts';

const place = fc.record({ latDeg: fc.double({ min: -90, max: 90, noNaN: true }), lonDeg: fc.double({ min: -180, max: 180, noNaN: true }) });
const resolution = fc.integer({ min: 0, max: 15 });
/** A pentagon's children are six, not seven: base cell 4 holds one. */
const PENTAGON = BigInt('0x8009fffffffffff') as Cell;

describe('a cell', () => {
  test('is h3\'s, as a number', () => {
    fc.assert(fc.property(place, resolution, (at, res) => {
      const cell = cellAt(at, res);
      expect(cellHex(cell)).toBe(latLngToCell(at.latDeg, at.lonDeg, res));
      expect(resolutionOf(cell)).toBe(res);
      expect(cellAt(cellCentre(cell), res)).toBe(cell);
      expect(cell < 2n ** 63n).toBe(true);
    }));
  });

  test('has h3\'s parents', () => {
    fc.assert(fc.property(place, resolution, resolution, (at, a, b) => {
      const [coarse, fine] = a < b ? [a, b] : [b, a];
      const cell = cellAt(at, fine);
      expect(cellHex(parentOf(cell, coarse))).toBe(cellToParent(cellHex(cell), coarse));
    }));
    expect(() => parentOf(cellAt({ latDeg: 1, lonDeg: 1 }, 5), 6)).toThrow(RangeError);
    expect(() => parentOf(cellAt({ latDeg: 1, lonDeg: 1 }, 5), -1)).toThrow(RangeError);
  });

  test('is read from its text, and only from one that is a cell', () => {
    fc.assert(fc.property(place, resolution, (at, res) => {
      const cell = cellAt(at, res);
      expect(parseCell(cellHex(cell))).toBe(cell);
    }));
    for (const text of ['', '8', 'zzz', '8928308280fffff0', '8928308280FFFFF', '0x89283082803ffff', '8000000000000000']) {
      expect(parseCell(text), text).toBeNull();
    }
  });

  test('any 15 digits are a cell or null, as h3 says', () => {
    for (const text of ['80fffffffffffff', '8ffffffffffffff', '800000000000000']) expect(parseCell(text), text).toBeNull();
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 14, maxLength: 14 });
    fc.assert(fc.property(digits, (text) => {
      expect(parseCell(`8${text}`) !== null).toBe(isValidCell(`8${text}`));
    }), { numRuns: 2000 });
  });
});

describe('the range of descendants', () => {
  const coarse = fc.integer({ min: 0, max: 11 });
  test('holds exactly the descendants: all of them, and none of the neighbours\'', () => {
    fc.assert(fc.property(place, coarse, fc.integer({ min: 0, max: 3 }), (at, res, deeper) => {
      const cell = cellAt(at, res);
      const [low, high] = descendantRange(cell, res + deeper);
      for (const child of cellToChildren(cellHex(cell), res + deeper)) {
        const index = BigInt(`0x${child}`);
        expect(index >= low && index <= high).toBe(true);
      }
      for (const neighbour of cellsAround(cell, 1).filter((other) => other !== cell)) {
        for (const child of cellToChildren(cellHex(neighbour), res + Math.min(deeper, 2))) {
          const index = BigInt(`0x${child}`);
          const [from, to] = descendantRange(cell, res + Math.min(deeper, 2));
          expect(index >= from && index <= to).toBe(false);
        }
      }
    }), { numRuns: 40 });
  });

  test('begins and ends at the first and last descendant, for pentagons too', () => {
    for (const cell of [PENTAGON, cellAt({ latDeg: 52, lonDeg: 13 }, 3)]) {
      const own = resolutionOf(cell);
      const children = cellToChildren(cellHex(cell), own + 4).map((hex) => BigInt(`0x${hex}`)).toSorted((a, b) => (a < b ? -1 : 1));
      const [low, high] = descendantRange(cell, own + 4);
      expect(children[0]).toBe(low);
      expect(children.at(-1)).toBe(high);
    }
  });

  test('of its own resolution is itself, and of a coarser one there is none', () => {
    const cell = cellAt({ latDeg: 52, lonDeg: 13 }, 7);
    expect(descendantRange(cell, 7)).toEqual([cell, cell]);
    expect(() => descendantRange(cell, 6)).toThrow(RangeError);
  });
});

describe('base cells', () => {
  test('are h3\'s 122, by their number', () => {
    const ours = Array.from({ length: BASE_CELLS }, (_, number) => cellHex(baseCell(number)));
    expect(ours.toSorted()).toEqual(getRes0Cells().toSorted());
    for (const number of [0, 4, 121]) expect(baseCellOf(baseCell(number))).toBe(number);
    expect(() => baseCell(122)).toThrow(RangeError);
  });

  test('every cell descends from its own', () => {
    fc.assert(fc.property(place, resolution, (at, res) => {
      const cell = cellAt(at, res);
      expect(parentOf(cell, 0)).toBe(baseCell(baseCellOf(cell)));
    }));
  });
});

describe('size', () => {
  test('frames\' cells have about 307 m², the mean is the sphere\'s share', () => {
    expect(meanCellAreaM2(FRAME_RESOLUTION)).toBeCloseTo(307.09, 1);
    fc.assert(fc.property(place, (at) => {
      const ratio = cellAreaM2(cellAt(at, FRAME_RESOLUTION)) / meanCellAreaM2(FRAME_RESOLUTION);
      expect(ratio).toBeGreaterThan(0.5);
      expect(ratio).toBeLessThan(1.5);
    }));
  });

  test('a box is covered by every cell that touches it', () => {
    const box = { westDeg: 13.4, southDeg: 52.5, eastDeg: 13.402, northDeg: 52.501 };
    const cover = new Set(cellsTouchingBox(box, 11));
    for (let n = 0; n <= 20; n += 1) {
      for (let m = 0; m <= 20; m += 1) {
        const at = { latDeg: box.southDeg + (n / 20) * 0.001, lonDeg: box.westDeg + (m / 20) * 0.002 };
        expect(cover.has(cellAt(at, 11))).toBe(true);
      }
    }
    for (const cell of cover) {
      const corners = cellBoundary(cell);
      expect(Math.min(...corners.map(({ latDeg }) => latDeg))).toBeLessThan(box.northDeg);
      expect(Math.max(...corners.map(({ latDeg }) => latDeg))).toBeGreaterThan(box.southDeg);
    }
  });
});
