import { type Cell, cellAt, cellsAround } from '../../shared/model/cell.ts';
import type { Drive } from '../../shared/model/drive.ts';
import type { LatLon } from '../../shared/model/geo.ts';

/** About 200 m to a side: a street's drives share it, those of the next quarter do not. */
const RESOLUTION = 9;
/** A position a second is more than a cell needs. */
const EVERY_S = 4;

/** Cells that the drive crosses, in ascending order. */
export function crossedCells({ gnss, frames }: Pick<Drive, 'gnss' | 'frames'>): readonly Cell[] {
  let lastS = -Infinity;
  const places: readonly LatLon[] = gnss.filter(({ tS }) => {
    const isTaken = Math.abs(tS - lastS) >= EVERY_S;
    if (isTaken) lastS = tS;
    return isTaken;
  });
  return sorted([...places, ...frames].map((place) => cellAt(place, RESOLUTION)));
}

/** The cells and their neighbours, at most `most` of them, spread over the drive. */
export function nearbyCells(cells: readonly Cell[], most: number): readonly Cell[] {
  const all = sorted(cells.flatMap((cell) => cellsAround(cell, 1)));
  const each = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(all.length, most) }, (_, n) => all[Math.floor(n * each)]!);
}

function sorted(cells: readonly Cell[]): readonly Cell[] {
  return [...new Set(cells)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
