import { CsvError, parse } from 'csv-parse/sync';
import type { RefusedRow } from '../../shared/model/drive.ts';
import { type Refusal, refusal } from '../../shared/model/reason.ts';
import { type Line, readPlainRow } from './plain-row.ts';

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

/** Reads a table record by record. */
export interface TableReader {
  /** The next record's row; what is wrong with it; or null for the header and empty lines. */
  take(record: readonly string[]): NumberRow | RefusedRow | null;
  /**
   * The next record as a line of plain numbers, written in the order of `numbers` with NaN for a missing cell. False
   * leaves it to `take`: the header, empty lines, and whatever is not that plain.
   */
  takePlain(line: Line, into: Float64Array): boolean;
  /** Of the last record taken, from 1. */
  line(): number;
  /** Once all is read: the column without which there is no table, or null. */
  missing(): RefusedRow | null;
  columns(): readonly string[];
}

/**
 * Reads a CSV whose columns are found by name, in any order; unknown ones are ignored. A row with a cell that is no
 * finite number where one is wanted is refused with its line; the rest goes on.
 */
export function tableReader(format: TableFormat): TableReader {
  let columns: Columns | null = null;
  let line = 0;
  return {
    take: (record) => {
      line += 1;
      if (columns === null) {
        columns = columnsOf(line === 1 ? withoutMark(record) : record, format);
        return null;
      }
      if (columns.missing !== null || (record.length === 1 && record[0] === '')) return null;
      const values = numbersOf(record, columns.numbers, format.required);
      if ('code' in values) return { file: format.file, line, refusal: values as Refusal };
      return { line, values: values as NumberRow['values'], texts: textsOf(record, columns.texts) };
    },
    takePlain: (row, into) => {
      if (columns === null || columns.missing !== null || row.to === row.from) return false;
      if (!readPlainRow(row, columns.slots, into)) return false;
      for (const n of columns.required) if (Number.isNaN(into[n])) return false;
      line += 1;
      return true;
    },
    missing: () => {
      const { missing } = columns ?? columnsOf([], format);
      return missing === null ? null : { file: format.file, line: 1, refusal: refusal('column_missing', { column: missing }) };
    },
    line: () => line,
    columns: () => columns?.names ?? [],
  };
}

/** The whole text at once. */
export function readTable(text: string, format: TableFormat): Table {
  const reader = tableReader(format);
  const rows: NumberRow[] = [];
  const refused: RefusedRow[] = [];
  for (const record of recordsOf(text)) {
    const row = reader.take(record);
    if (row === null) continue;
    if ('refusal' in row) refused.push(row);
    else rows.push(row);
  }
  const missing = reader.missing();
  return missing === null ? { rows, refused, columns: reader.columns() } : { rows: [], refused: [missing], columns: reader.columns() };
}

/** The mark of the byte order, which some programs put first. */
function withoutMark([first = '', ...others]: readonly string[]): readonly string[] {
  return [first.replace(/^\ufeff/, '').trim(), ...others];
}

/** Where in a record the wanted columns stand. */
interface Columns {
  readonly names: readonly string[];
  readonly missing: string | null;
  readonly numbers: readonly Place[];
  readonly texts: readonly Place[];
  /** For each cell of a record its number among the wanted ones, or -1. */
  readonly slots: Int32Array;
  /** Numbers, among the wanted ones, of those without which a row is nothing. */
  readonly required: readonly number[];
}

type Place = readonly [name: string, place: number];

function columnsOf(header: readonly string[], format: TableFormat): Columns {
  const names = header.map((name) => name.toLowerCase());
  const places = (wanted: readonly string[]) => wanted.map((name) => [name, names.indexOf(name)] as const).filter(([, place]) => place >= 0);
  const slots = Int32Array.from(names, (name, place) => (names.indexOf(name) === place ? format.numbers.indexOf(name) : -1));
  return {
    names, slots, missing: format.required.find((name) => !names.includes(name)) ?? null, numbers: places(format.numbers), texts: places(format.texts),
    required: format.numbers.flatMap((name, n) => (format.required.includes(name) ? [n] : [])),
  };
}

const NO_TEXTS: NumberRow['texts'] = {};

function textsOf(record: readonly string[], places: readonly Place[]): NumberRow['texts'] {
  return places.length === 0 ? NO_TEXTS : Object.fromEntries(places.map(([name, place]) => [name, record[place] ?? '']));
}

/** Every line is a record of trimmed cells, the header first, whichever way it ends; where a quote is never closed, quotes are letters like any other. */
export function recordsOf(text: string): Iterable<readonly string[]> {
  if (!text.includes('"')) return plainRecords(text);
  const options = { bom: true, relax_column_count: true, skip_empty_lines: false, trim: true, record_delimiter: ['\r\n', '\n', '\r'] };
  try {
    return parse(text, { ...options, relax_quotes: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return parse(text, { ...options, quote: null });
  }
}

/** One at a time: hours of a motion sensor are millions of lines, and without quotes a comma is a comma. */
function* plainRecords(text: string): Generator<readonly string[]> {
  const lines = text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
  let from = lines.startsWith('\ufeff') ? 1 : 0;
  while (from < lines.length) {
    const end = lines.indexOf('\n', from);
    const to = end === -1 ? lines.length : end;
    yield lines.slice(from, to).split(',').map((cell) => cell.trim());
    from = to + 1;
  }
}

/** What `Number` reads and no CSV of measurements means: 0x1f, 0b1, 0o7. */
const OTHER_BASE = /^0[xbo]/i;

function numbersOf(record: readonly string[], places: readonly Place[], required: readonly string[]): NumberRow['values'] | Refusal {
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
