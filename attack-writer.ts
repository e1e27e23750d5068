import { type Cells, type DriveFolder, type FolderFrame, type GnssRow, type TextTable } from './attack-folder.ts';
import { csvText, type Fineness, finenessOf, printed, printedTime, quoted } from './attack-text.ts';
import type { ImuRows } from './fixtures/attacks/recording.ts';

/** A text file of the folder to be written. */
export interface WrittenText {
  readonly path: string;
  readonly text: string;
  /** How many of its rows the drive before did not have, and how many there are; null: no table. */
  readonly rows: { readonly changed: number; readonly all: number } | null;
}

const TIME_DECIMALS = 3;
const GNSS: readonly (readonly [name: string, key: Exclude<keyof GnssRow, 'read' | 'cells'>, decimals: number])[] = [
  ['t_s', 'tS', TIME_DECIMALS], ['lat_deg', 'latDeg', 8], ['lon_deg', 'lonDeg', 8], ['alt_m', 'altM', 2], ['speed_mps', 'speedMps', 3], ['course_deg', 'courseDeg', 2],
  ['hacc_m', 'haccM', 2], ['vacc_m', 'vaccM', 2], ['sacc_mps', 'saccMps', 3], ['hdop', 'hdop', 2], ['sats', 'satellites', 0],
];
const IMU_TIME_DECIMALS = 4;
/** One metre: no receiver is coarser. */
const LEAST_DECIMALS: Readonly<Record<string, number>> = { lat_deg: 5, lon_deg: 5 };
const IMU: readonly (readonly [name: string, key: Exclude<keyof ImuRows, 'lines' | 'averaged'>, decimals: number])[] = [
  ['t_s', 'tS', IMU_TIME_DECIMALS], ['ax_mps2', 'forceX', 5], ['ay_mps2', 'forceY', 5], ['az_mps2', 'forceZ', 5], ['gx_radps', 'gyroX', 5], ['gy_radps', 'gyroY', 5], ['gz_radps', 'gyroZ', 5],
];
const FRAME: readonly (readonly [name: string, key: 'tS' | 'latDeg' | 'lonDeg' | 'altM' | 'headingDeg', decimals: number])[] = [
  ['t_s', 'tS', TIME_DECIMALS], ['lat_deg', 'latDeg', 8], ['lon_deg', 'lonDeg', 8], ['alt_m', 'altM', 2], ['heading_deg', 'headingDeg', 2],
];
/** What a picture without a place of its own takes from the track, whatever that says. */
const OF_TRACK = ['lat_deg', 'lon_deg', 'alt_m'];

/** The text files of an attacked folder: what did not change keeps its very cells, what did is written as finely as its column. */
export function driveTexts(attacked: DriveFolder, before: DriveFolder): readonly WrittenText[] {
  return [jsonText(attacked, before), hasOtherTracks(attacked, before) ? null : gnssText(attacked), imuText(attacked), framesText(attacked)].filter((file) => file !== null);
}

/** Whether the track is still the one of the folder's .gpx or .nmea files, which then stay. */
export function hasOtherTracks(attacked: DriveFolder, before: DriveFolder): boolean {
  return before.gnssText === null && attacked.gnss.length === before.gnss.length && attacked.gnss.every((fix, n) => GNSS.every(([, key]) => fix[key] === before.gnss[n]![key]));
}

function gnssText({ gnss, gnssText: own, json }: DriveFolder): WrittenText | null {
  if (own === null && gnss.length === 0) return null;
  const table = own ?? { path: beside(json?.path, 'gnss.csv'), columns: GNSS.map(([name]) => name), rows: [] };
  const names = table.columns.map((name) => name.toLowerCase());
  const fineness = finenessByName(table, GNSS);
  const lines = gnss.map((fix) => names.map((name) => {
    const known = GNSS.find(([column]) => column === name);
    if (known === undefined) return quoted(fix.cells?.[name] ?? '');
    const value = fix[known[1]];
    if (fix.read !== undefined && value === fix.read[known[1]] && fix.cells?.[name] !== undefined) return quoted(fix.cells[name]);
    return name === 't_s' ? printedTime(fix.tS, fineness.get(name)!, TIME_DECIMALS) : printed(value, fineness.get(name)!);
  }).join(','));
  return written(table, lines);
}

function imuText({ imu, imuText: own, json }: DriveFolder): WrittenText | null {
  if (imu === null) return null;
  const table = own ?? { path: beside(json?.path, 'imu.csv'), columns: IMU.map(([name]) => name), rows: [] };
  const names = table.columns.map((name) => name.toLowerCase());
  const fineness = finenessByName(table, IMU);
  const known = IMU.flatMap(([name, key]) => (names.includes(name) ? [{ place: names.indexOf(name), name, column: imu[key], fineness: fineness.get(name)! }] : []));
  const lines = Array.from(imu.tS, (_, n) => {
    const line = imu.lines?.[n];
    const cells = line === undefined ? names.map(() => '') : line.split(',');
    for (const { place, name, column, fineness: fine } of known) {
      const [cell, value] = [cells[place] ?? '', column[n]!];
      if (cell === '' ? Number.isNaN(value) : Number(cell) === value) continue;
      cells[place] = name === 't_s' ? printedTime(value, fine, IMU_TIME_DECIMALS) : printed(value, fine);
    }
    return cells.join(',');
  });
  return written(table, lines);
}

/** Rows of pictures that were of no use stay as they are; a picture has a row where it had one or where its own metadata no longer holds. */
function framesText({ frames, framesText: own, json, gnssText: gnss, clockOffsetS }: DriveFolder): WrittenText | null {
  const changed = frames.filter((frame) => isTold(frame));
  if (own === null && changed.length === 0) return null;
  const base = own ?? { path: beside(json?.path ?? gnss?.path, 'frames.csv'), columns: ['file', ...FRAME.map(([name]) => name)], rows: [] };
  const table = { ...base, columns: [...base.columns, ...lackingColumns(base, changed)] };
  const folder = table.path.includes('/') ? table.path.slice(0, table.path.lastIndexOf('/') + 1) : '';
  const names = table.columns.map((name) => name.toLowerCase());
  const fineness = finenessByName(table, FRAME);
  const byPath = new Map(changed.map((frame) => [frame.path, frame]));
  const rowOf = (frame: FolderFrame, cells: Cells): string => names.map((name) => {
    const known = FRAME.find(([column]) => column === name);
    if (name === 'file') return quoted(cells[name] ?? frame.path.slice(folder.length));
    if (known === undefined) return quoted(cells[name] ?? '');
    const [value, isSame] = [frame[known[1]], frame[known[1]] === frame.read[known[1]]];
    if (isSame && (frame.shows === undefined || (cells[name] ?? '') !== '')) return quoted(cells[name] ?? '');
    if (frame.isOnTrack && frame.shows === undefined && OF_TRACK.includes(name)) return quoted(cells[name] ?? '');
    return name === 't_s' ? printedTime(frame.tS + clockOffsetS, fineness.get(name)!, TIME_DECIMALS) : printed(value, fineness.get(name)!);
  }).join(',');
  const told = new Set<string>();
  const kept = table.rows.map((row) => {
    const cells = Object.fromEntries(names.map((name, place) => [name, row[place] ?? '']));
    const frame = byPath.get(folder + (cells['file'] ?? ''));
    if (frame === undefined) return names.map((name) => quoted(cells[name] ?? '')).join(',');
    told.add(frame.path);
    return rowOf(frame, cells);
  });
  return written({ ...table, rows: base.rows }, [...kept, ...changed.filter(({ path }) => !told.has(path)).map((frame) => rowOf(frame, {}))]);
}

/** Whether the folder must say of a picture what its own metadata does not. */
function isTold({ shows, read, isOnTrack, ...frame }: FolderFrame): boolean {
  return shows !== undefined || FRAME.some(([name, key]) => frame[key] !== read[key] && !(isOnTrack && OF_TRACK.includes(name)));
}

function lackingColumns({ columns }: TextTable, changed: readonly FolderFrame[]): readonly string[] {
  const names = columns.map((name) => name.toLowerCase());
  return FRAME.filter(([name, key]) => !names.includes(name) && changed.some((frame) => frame.shows !== undefined || frame[key] !== frame.read[key])).map(([name]) => name);
}

/** What drive.json says of the motion sensor is true of the one that the folder then holds. */
function jsonText({ json, imu }: DriveFolder, before: DriveFolder): WrittenText | null {
  if (json === null) return null;
  const isSame = imu === before.imu || (imu !== null && before.imu !== null && imu.averaged === before.imu.averaged);
  if (isSame) return { path: json.path, text: json.text, rows: null };
  const { imu: _, ...rest } = json.value;
  const told = imu === null ? rest : { ...rest, imu: { rate_hz: rateHz(imu), averaged: imu.averaged } };
  return { path: json.path, text: `${JSON.stringify(told, null, 1)}\n`, rows: null };
}

function rateHz({ tS }: ImuRows): number {
  return tS.length < 2 ? 0 : Math.round((10 * (tS.length - 1)) / (tS.at(-1)! - tS[0]!)) / 10;
}

function written({ path, columns, rows }: TextTable, lines: readonly string[]): WrittenText {
  const had = new Set(rows.map((row) => row.map(quoted).join(',')));
  return { path, text: csvText(columns, lines), rows: { changed: lines.filter((line) => !had.has(line)).length, all: lines.length } };
}

function finenessByName({ columns, rows }: TextTable, known: readonly (readonly [name: string, key: string, decimals: number])[]): ReadonlyMap<string, Fineness> {
  const names = columns.map((name) => name.toLowerCase());
  return new Map(known.map(([name, , decimals]) => {
    const place = names.indexOf(name);
    return [name, finenessOf(place < 0 ? [] : rows.map((row) => row[place] ?? ''), decimals, LEAST_DECIMALS[name])];
  }));
}

function beside(path: string | undefined, name: string): string {
  return path === undefined || !path.includes('/') ? name : `${path.slice(0, path.lastIndexOf('/') + 1)}${name}`;
}
