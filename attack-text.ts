/** How a column of a table is written: as finely as what stands in it is. */
export interface Fineness {
  /** Decimals that are printed. */
  readonly printed: number;
  /** Decimals that are ever other than zero: 41.66252600 has six. A forgery finer than its receiver gives itself away. */
  readonly used: number;
}

const DECIMALS = /^[+-]?\d*(?:\.(\d*))?$/;

/**
 * The fineness of the cells of a column; `fallback` decimals where none says any, and where they use fewer than `least`:
 * a car that keeps to a parallel tells little of its latitude's.
 */
export function finenessOf(cells: Iterable<string>, fallback: number, least = 0): Fineness {
  let [printed, used] = [-1, -1];
  for (const cell of cells) {
    const match = cell === '' ? null : DECIMALS.exec(cell);
    if (match === null) continue;
    const decimals = match[1] ?? '';
    printed = Math.max(printed, decimals.length);
    used = Math.max(used, decimals.replace(/0+$/, '').length);
  }
  if (printed < 0) return { printed: fallback, used: fallback };
  return used < least ? { printed, used: Math.max(printed, fallback) } : { printed, used };
}

/** A number as the column writes it; a missing one is an empty cell. */
export function printed(value: number | null, { printed: decimals, used }: Fineness): string {
  return value === null || Number.isNaN(value) ? '' : Number(value.toFixed(used)).toFixed(Math.max(decimals, used));
}

/** Times must stay apart: where the column is too coarse for a new one, it is written to at least `decimals`. */
export function printedTime(tS: number, fineness: Fineness, decimals: number): string {
  const own = printed(tS, fineness);
  return Math.abs(Number(own) - tS) < 10 ** -decimals / 2 ? own : tS.toFixed(Math.max(decimals, fineness.printed));
}

/** A cell as CSV has it (RFC 4180). */
export function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export function csvText(columns: readonly string[], lines: Iterable<string>): string {
  return `${[columns.map(quoted).join(','), ...lines].join('\n')}\n`;
}
