import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  BASE_CELLS, baseCell, baseCellOf, type Cell, cellAreaM2, cellAt, cellBoundary, cellCentre, cellHex, descendantRange,
  meanCellAreaM2, parentOf, parseCell, resolutionOf,
} from '../../shared/model/cell.ts';
import { distanceM } from '../../shared/model/geo.ts';

const data = process.env['WAYPROOF_DATA'];
const folder = data === undefined ? '' : join(data, 'conformance/h3');
const absent = !existsSync(folder);
if (absent) console.warn('h3 vectors skipped: WAYPROOF_DATA names no folder with conformance/h3');

interface Centre {
  readonly cell: Cell;
  readonly latDeg: number;
  readonly lonDeg: number;
}

function centresIn(name: string): readonly Centre[] {
  return readFileSync(join(folder, name), 'utf8').trim().split('\n').map((line) => {
    const [hex, lat, lon] = line.trim().split(/\s+/);
    return { cell: parseCell(hex!)!, latDeg: Number(lat), lonDeg: Number(lon) };
  });
}

/** A file of outlines: the index, then the corners between braces. */
function outlinesIn(name: string): ReadonlyMap<string, readonly { latDeg: number; lonDeg: number }[]> {
  const found = new Map<string, { latDeg: number; lonDeg: number }[]>();
  let corners: { latDeg: number; lonDeg: number }[] = [];
  for (const line of readFileSync(join(folder, name), 'utf8').trim().split('\n').map((text) => text.trim())) {
    const [first, second] = line.split(/\s+/);
    if (second !== undefined) corners.push({ latDeg: Number(first), lonDeg: Number(second) });
    else if (first !== '{' && first !== '}') found.set(first!, (corners = []));
  }
  return found;
}

const named = (pattern: RegExp) => (absent ? [] : readdirSync(folder).filter((name) => pattern.test(name)));

describe.skipIf(absent)('uber/h3 test vectors', () => {
  test.each(named(/^(rand|bc).*centers\.txt$|ic\.txt$/))('%s: index, centre and resolution', (name) => {
    for (const { cell, latDeg, lonDeg } of centresIn(name)) {
      expect(cellHex(cellAt({ latDeg, lonDeg }, resolutionOf(cell)))).toBe(cellHex(cell));
      // Random points are not centres: those are in the other files, to a millionth of a degree.
      if (!name.startsWith('rand')) expect(distanceM(cellCentre(cell), { latDeg, lonDeg })).toBeLessThan(0.2);
    }
  });

  test.each(named(/cells\.txt$/))('%s: outlines', (name) => {
    for (const [hex, corners] of outlinesIn(name)) {
      const own = cellBoundary(parseCell(hex)!);
      expect(own).toHaveLength(corners.length);
      for (const corner of corners) expect(Math.min(...own.map((one) => distanceM(one, corner)))).toBeLessThan(0.01);
    }
  });

  test.each(['bc05', 'bc14', 'bc19'])('%s: ranges hold the descendants listed, all of them and no others', (base) => {
    const at = new Map([8, 9, 10, 11, 12, 13].map((resolution) => [resolution, centresIn(`${base}r${String(resolution).padStart(2, '0')}centers.txt`).map(({ cell }) => cell)]));
    for (const [coarse, parents] of at) {
      for (const [fine, cells] of at) {
        if (fine < coarse) continue;
        for (const parent of parents) {
          const [low, high] = descendantRange(parent, fine);
          expect(cells.filter((cell) => cell >= low && cell <= high)).toEqual(cells.filter((cell) => parentOf(cell, coarse) === parent));
          expect(cells.filter((cell) => cell === low || cell === high).every((cell) => parentOf(cell, coarse) === parent)).toBe(true);
        }
      }
    }
  });

  test('base cells are numbered as H3 numbers them', () => {
    const listed = centresIn('res00ic.txt').map(({ cell }) => cell);
    expect(Array.from({ length: BASE_CELLS }, (_, number) => baseCell(number))).toEqual(listed);
    expect(listed.map(baseCellOf)).toEqual(listed.map((_, number) => number));
  });
});

test('the areas of all cells of a resolution are the mean times their number', () => {
  const total = Array.from({ length: BASE_CELLS }, (_, number) => cellAreaM2(baseCell(number))).reduce((sum, area) => sum + area, 0);
  expect(total / meanCellAreaM2(0) / BASE_CELLS).toBeCloseTo(1, 9);
  expect(meanCellAreaM2(12)).toBeCloseTo(307.0919, 3);
});
