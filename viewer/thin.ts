import type { Column } from '../shared/model/evidence.ts';

/** Rows a pixel may have before some are left out. */
const ROWS_PER_PIXEL = 4;

/**
 * The rows that draw the same lines on so many pixels: of each pixel the first and the last row, and for each column
 * its lowest and highest value and a row without one, so that no peak and no gap is lost. All rows where they are few.
 */
export function rowsToDraw(tS: readonly number[], columns: readonly Column[], pixels: number): readonly number[] {
  if (tS.length <= pixels * ROWS_PER_PIXEL) return tS.map((_, row) => row);
  const [fromS, spanS] = [tS[0]!, Math.max(1, tS.at(-1)! - tS[0]!)];
  const pixelOf = (row: number): number => Math.floor(((tS[row]! - fromS) / spanS) * pixels);
  const kept: number[] = [];
  for (let from = 0; from < tS.length; ) {
    let to = from + 1;
    while (to < tS.length && pixelOf(to) === pixelOf(from)) to += 1;
    const rows = new Set([from, to - 1]);
    for (const column of columns) for (const row of tellingRows(column, from, to)) rows.add(row);
    kept.push(...[...rows].toSorted((a, b) => a - b));
    from = to;
  }
  return kept;
}

/** The rows of the lowest and the highest value in `[from, to)`, and of the first missing one. */
function tellingRows(column: Column, from: number, to: number): readonly number[] {
  let [lowest, highest, missing] = [-1, -1, -1];
  for (let row = from; row < to; row += 1) {
    const value = column[row] ?? null;
    if (value === null) {
      if (missing < 0) missing = row;
      continue;
    }
    if (lowest < 0 || value < column[lowest]!) lowest = row;
    if (highest < 0 || value > column[highest]!) highest = row;
  }
  return [lowest, highest, missing].filter((row) => row >= 0);
}
