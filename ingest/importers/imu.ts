import type { ImuSeries, RefusedRow } from '../../shared/model/drive.ts';
import { orderProblem } from './gnss.ts';
import { type TableFormat, tableReader } from './columns.ts';
import type { Line } from './plain-row.ts';

const FORCE = ['ax_mps2', 'ay_mps2', 'az_mps2'] as const;
const GYRO = ['gx_radps', 'gy_radps', 'gz_radps'] as const;
const COLUMNS = ['t_s', ...FORCE, ...GYRO] as const;

/**
 * Three hours at 100 Hz. Of a longer series every second sample is left out, and again when it fills up: days at 200 Hz
 * fit into the memory, and a rate of 12 Hz and more still tells how a device shakes (samples are dropped, not averaged,
 * which would take the shaking away).
 */
const MOST_SAMPLES = 2 ** 20;
const FIRST_SAMPLES = 2 ** 14;
/** More refused rows than this are counted but not kept one by one. */
const MOST_REFUSED_ROWS = 1000;
/** No row of measurements is so long; a file without line ends must not gather in the memory. */
const LONGEST_LINE = 64 * 1024;

/** A motion sensor's file, read; `imu` is null where no row can be used. */
export interface Motion {
  readonly path: string;
  readonly imu: Omit<ImuSeries, 'averaged'> | null;
  readonly refused: readonly RefusedRow[];
  readonly refusedCount: number;
}

/** Takes imu.csv of a drive folder piece by piece: it may be larger than the memory. */
export interface MotionReader {
  push(text: string): void;
  /** After the last piece. A device without a gyroscope has NaN in those columns. */
  end(): Motion;
}

/** Reads imu.csv of a drive folder; rows that cannot be used are refused with their line. */
export function motionReader(path: string): MotionReader {
  const format: TableFormat = { file: path, required: ['t_s', ...FORCE], numbers: COLUMNS, texts: [] };
  const table = tableReader(format);
  const samples = sampleColumns();
  const refused: RefusedRow[] = [];
  let refusedCount = 0;
  let lastS = -Infinity;
  let rest = '';
  let isOverlong = false;
  const refuse = (row: RefusedRow): void => {
    refusedCount += 1;
    if (refused.length < MOST_REFUSED_ROWS) refused.push(row);
  };
  const values = new Float64Array(COLUMNS.length);
  const take = (line: string): void => {
    const row = table.take(line.split(',').map(unquoted));
    if (row === null) return;
    if ('refusal' in row) return refuse(row);
    const reason = orderProblem(row.values['t_s']!, lastS);
    if (reason !== null) return refuse({ file: path, line: row.line, refusal: reason });
    lastS = row.values['t_s']!;
    for (const [n, name] of COLUMNS.entries()) values[n] = row.values[name] ?? Number.NaN;
    samples.push(values);
  };
  const takeLine = (line: Line): void => {
    if (!table.takePlain(line, values)) return line.text.slice(line.from, line.to).split('\r').forEach(take);
    const reason = orderProblem(values[0]!, lastS);
    if (reason !== null) return refuse({ file: path, line: table.line(), refusal: reason });
    lastS = values[0]!;
    samples.push(values);
  };
  return {
    push: (text) => {
      const begin = isOverlong ? text.search(/[\r\n]/) : 0;
      if (begin === -1) return;
      isOverlong = false;
      const all = rest + text.slice(begin);
      let from = 0;
      for (let end = all.indexOf('\n'); end !== -1; end = all.indexOf('\n', from)) {
        takeLine({ text: all, from, to: end > from && all[end - 1] === '\r' ? end - 1 : end });
        from = end + 1;
      }
      const lines = all.slice(from).split(/\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
      if (rest.length <= LONGEST_LINE) return;
      // Of the line only that it is none of ours is kept: two empty cells are refused under its number.
      rest = ',';
      isOverlong = true;
    },
    end: () => {
      if (rest !== '') for (const line of rest.split('\r')) take(line);
      const missing = table.missing();
      if (missing !== null) return { path, imu: null, refused: [missing], refusedCount: 1 };
      return { path, imu: samples.end(), refused, refusedCount };
    },
  };
}

function unquoted(cell: string): string {
  const trimmed = cell.trim();
  return trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1).trim() : trimmed;
}

interface SampleColumns {
  /** In the order of the columns; NaN where a cell is missing. */
  push(values: Float64Array): void;
  end(): Motion['imu'];
}

function sampleColumns(): SampleColumns {
  let columns = COLUMNS.map(() => new Float64Array(FIRST_SAMPLES));
  let seen = 0;
  let kept = 0;
  let stride = 1;
  const makeRoom = (): void => {
    const length = columns[0]!.length;
    if (length < MOST_SAMPLES) {
      columns = columns.map((column) => {
        const longer = new Float64Array(length * 2);
        longer.set(column);
        return longer;
      });
      return;
    }
    stride *= 2;
    kept /= 2;
    for (const column of columns) for (let n = 0; n < kept; n += 1) column[n] = column[2 * n]!;
  };
  return {
    push: (values) => {
      const isWanted = seen % stride === 0;
      seen += 1;
      if (!isWanted) return;
      if (kept === columns[0]!.length) {
        makeRoom();
        // The sample at hand is one of those that are left out from now on, or not.
        if ((seen - 1) % stride !== 0) return;
      }
      for (let n = 0; n < columns.length; n += 1) columns[n]![kept] = values[n]!;
      kept += 1;
    },
    end: () => {
      if (kept === 0) return null;
      const [tS, forceX, forceY, forceZ, gyroX, gyroY, gyroZ] = columns.map((column) => column.slice(0, kept)) as [
        Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array,
      ];
      return { tS, forceX, forceY, forceZ, gyroX, gyroY, gyroZ };
    },
  };
}
