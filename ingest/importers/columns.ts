import { CsvError, parse } from 'csv-parse/sync';
import type { RefusedRow } from '../../shared/model/drive.ts';
import { type Refusal, refusal } from '../../shared/model/reason.ts';

/** One data row: its line in the file (the header is line 1) and its numbers by column name; a missing cell is null. */
export interface NumberRow {
  readonly line: number;
  readonly values: Readonly<Record<string, number | null>>;
  readonly texts: Readonly<Record<string, string>>;
}

export interface Table {
  readonly rows: readonly NumberRow[];
  readonly refused: readonly RefusedRow[];
  readonly columns: readonly string[];
}

export interface TableFormat {
  readonly file: string;
  /** Columns without which a row is nothing. */
  readonly required: readonly string[];
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
}

/**
 * Reads a CSV whose columns are found by name, in any order; unknown ones are ignored. A row with a cell that is no
 * finite number where one is wanted is refused with its line; the rest goes on.
 */
export function readTable(text: string, format: TableFormat): Table {
  const records = recordsOf(text);
  const columns = (records[0] ?? []).map((name) => name.toLowerCase());
  const missing = format.required.find((name) => !columns.includes(name));
  if (missing !== undefined) {
    return { rows: [], refused: [{ file: format.file, line: 1, refusal: refusal('column_missing', { column: missing }) }], columns };
  }
  const places = format.numbers.map((name) => [name, columns.indexOf(name)] as const).filter(([, place]) => place >= 0);
  const textPlaces = format.texts.map((name) => [name, columns.indexOf(name)] as const).filter(([, place]) => place >= 0);
  const rows: NumberRow[] = [];
  const refused: RefusedRow[] = [];
  for (let index = 1; index < records.length; index += 1) {
    const record = records[index]!;
    if (record.length === 1 && record[0] === '') continue;
    const values = numbersOf(record, places, format.required);
    if ('code' in values) refused.push({ file: format.file, line: index + 1, refusal: values as Refusal });
    else rows.push({ line: index + 1, values: values as NumberRow['values'], texts: Object.fromEntries(textPlaces.map(([name, place]) => [name, record[place] ?? ''])) });
  }
  return { rows, refused, columns };
}

/** Every line is a record, whichever way it ends; where a quote is never closed, quotes are letters like any other. */
function recordsOf(text: string): readonly (readonly string[])[] {
  const options = { bom: true, relax_column_count: true, skip_empty_lines: false, trim: true, record_delimiter: ['\r\n', '\n', '\r'] };
  try {
    return parse(text, { ...options, relax_quotes: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return parse(text, { ...options, quote: null });
  }
}

/** What `Number` reads and no CSV of measurements means: 0x1f, 0b1, 0o7. */
const OTHER_BASE = /^0[xbo]/i;

function numbersOf(record: readonly string[], places: readonly (readonly [string, number])[], required: readonly string[]): NumberRow['values'] | Refusal {
  const values: Record<string, number | null> = {};
  for (const [name, place] of places) {
    const cell = record[place] ?? '';
    const value = cell === '' ? null : OTHER_BASE.test(cell) ? Number.NaN : Number(cell);
    if (value === null ? required.includes(name) : !Number.isFinite(value)) {
      return refusal('row_malformed', { column: name, value: cell.slice(0, 40) });
    }
    values[name] = value;
  }
  return values;
}
