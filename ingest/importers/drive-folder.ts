import { gunzipSync } from 'node:zlib';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Device, GnssFix, ImuSeries, RefusedRow } from '../../shared/model/drive.ts';
import { type Refusal, refusal } from '../../shared/model/reason.ts';
import type { IngestRules } from '../../shared/model/recipe.ts';
import { codeOf } from '../../shared/io/db.ts';
import { readTable } from './columns.ts';
import { readGnss } from './gnss.ts';
import { type Motion, motionReader } from './imu.ts';
import { readTracks, type TextFile, trackFormat } from './tracks.ts';

/** What frames.csv says of one picture; null leaves it to the picture's own Exif. */
export interface FrameRow {
  readonly path: string;
  readonly tS: number | null;
  readonly latDeg: number | null;
  readonly lonDeg: number | null;
  readonly altM: number | null;
  readonly headingDeg: number | null;
  readonly speedMps: number | null;
  readonly haccM: number | null;
}

/** Everything in a drive but its pictures. */
export interface Sensors {
  readonly name: string | null;
  readonly device: Device;
  readonly gnss: readonly GnssFix[];
  readonly imu: ImuSeries | null;
  readonly frameRows: readonly FrameRow[];
  /** The first of them, file by file; `refusedCount` counts all. */
  readonly refused: readonly RefusedRow[];
  readonly refusedCount: number;
}

/** More refused rows of one file than this are counted but not kept one by one. */
const MOST_REFUSED_ROWS = 1000;
/** A text is taken apart in pieces: as many lines at once as fit into this. */
const PIECE_LETTERS = 1024 * 1024;
/** Names are shown to people. */
const LONGEST_NAME = 120;

/** A file of the drive that is no picture. */
export interface SensorFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Inflating stops here: a .gz of a few kB can hold gigabytes. */
const MOST_INFLATED_BYTES = 512 * 1024 * 1024;
const SENSOR_NAMES = ['drive.json', 'gnss.csv', 'imu.csv', 'frames.csv'] as const;
type SensorName = (typeof SENSOR_NAMES)[number];

const text = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const DriveJson = Type.Object({
  format: Type.Optional(Type.Literal('wayproof-drive/1')),
  id: Type.Optional(Type.String()),
  device: Type.Optional(Type.Object({ make: text, model: text, serial: text })),
  imu: Type.Optional(Type.Object({ averaged: Type.Optional(Type.Boolean()) })),
  frames: Type.Optional(Type.Object({
    clock: Type.Optional(Type.Union([Type.Literal('gnss'), Type.Literal('camera')])),
    utc_offset_s: Type.Optional(Type.Number()),
  })),
});

/** Which sensor file of `wayproof-drive/1` a path is, or null; the drive may lie in one folder of an archive. */
export function sensorName(path: string): SensorName | null {
  const name = path.split('/').at(-1)!.toLowerCase().replace(/\.gz$/, '');
  return SENSOR_NAMES.find((known) => known === name) ?? null;
}

/** Whether anything but pictures is read from a file of this name. */
export function isSensorPath(path: string): boolean {
  return sensorName(path) !== null || trackFormat(path) !== null;
}

/** Of several motion files the one that counts. */
export function motionFile<File extends { readonly path: string }>(files: readonly File[]): File | null {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1)).find(({ path }) => sensorName(path) === 'imu.csv') ?? null;
}

/**
 * The sensor files of a drive folder, typed. Bad rows and files are refused one by one; the rest goes on. A motion
 * file that was read before, piece by piece, is handed over as `motion` and is not among the files.
 */
export function readSensors(files: readonly SensorFile[], rules: IngestRules, motion: Motion | null = null): Sensors {
  const refused: RefusedRow[] = [];
  const texts = new Map<SensorName, { path: string; text: string }>();
  const tracks: TextFile[] = [];
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const name = sensorName(file.path);
    if (!isSensorPath(file.path)) continue;
    const content = inflated(file);
    if (typeof content !== 'string') refused.push({ file: file.path, line: 1, refusal: content });
    else if (name === null) tracks.push({ path: file.path, text: content });
    else if (texts.has(name) || (name === 'imu.csv' && motion !== null)) refused.push({ file: file.path, line: 1, refusal: refusal('unused_file', { file: file.path }) });
    else texts.set(name, { path: file.path, text: content });
  }
  const json = readJson(texts.get('drive.json'), refused);
  const gnss = texts.get('gnss.csv');
  const imu = texts.get('imu.csv');
  const frames = texts.get('frames.csv');
  // A receiver's own log says more than a track made from it.
  const track = gnss === undefined ? readTracks(tracks, rules) : readGnss(gnss.text, gnss.path, rules);
  if (gnss !== undefined) refused.push(...tracks.map(({ path }) => ({ file: path, line: 1, refusal: refusal('unused_file', { file: path }) })));
  const moved = motion ?? (imu === undefined ? NO_MOTION : motionOf(imu));
  const clockOffsetS = json.frames?.clock === 'camera' ? (json.frames.utc_offset_s ?? 0) : 0;
  const rows = frames === undefined ? { rows: [], refused: [] } : readFrameRows(frames, clockOffsetS);
  const allRefused = [refused, track.refused, rows.refused];
  return {
    name: shortened(json.id),
    device: { make: shortened(json.device?.make), model: shortened(json.device?.model), serial: shortened(json.device?.serial) },
    gnss: track.fixes,
    imu: moved.imu === null ? null : { ...moved.imu, averaged: json.imu?.averaged ?? false },
    frameRows: rows.rows,
    refused: [...allRefused.flatMap((some) => some.slice(0, MOST_REFUSED_ROWS)), ...moved.refused],
    refusedCount: allRefused.reduce((sum, some) => sum + some.length, moved.refusedCount),
  };
}

const NO_MOTION: Motion = { path: '', imu: null, refused: [], refusedCount: 0 };

function motionOf({ path, text }: { readonly path: string; readonly text: string }): Motion {
  const reader = motionReader(path);
  for (let from = 0; from < text.length; from += PIECE_LETTERS) reader.push(text.slice(from, from + PIECE_LETTERS));
  return reader.end();
}

function shortened(name: string | null | undefined): string | null {
  return name === null || name === undefined || name.trim() === '' ? null : [...name.trim()].slice(0, LONGEST_NAME).join('');
}

function inflated({ path, bytes }: SensorFile): string | Refusal {
  try {
    const plain = path.toLowerCase().endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: MOST_INFLATED_BYTES }) : bytes;
    return new TextDecoder('utf-8').decode(plain);
  } catch (error) {
    return refusal('file_unreadable', { why: codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? `it inflates to more than ${MOST_INFLATED_BYTES} bytes` : 'it is no gzip, or cut off' });
  }
}

function readJson(file: { path: string; text: string } | undefined, refused: RefusedRow[]): Type.Static<typeof DriveJson> {
  if (file === undefined) return {};
  try {
    const value: unknown = JSON.parse(file.text);
    if (Value.Check(DriveJson, value)) return value;
    const [first] = Value.Errors(DriveJson, value);
    refused.push({ file: file.path, line: 1, refusal: refusal('file_unreadable', { why: `${first?.instancePath ?? ''} ${first?.message ?? ''}`.trim() }) });
  } catch {
    refused.push({ file: file.path, line: 1, refusal: refusal('file_unreadable', { why: 'it is no JSON' }) });
  }
  return {};
}

function readFrameRows(file: { path: string; text: string }, clockOffsetS: number): { rows: readonly FrameRow[]; refused: readonly RefusedRow[] } {
  const table = readTable(file.text, {
    file: file.path,
    required: [],
    numbers: ['t_s', 'lat_deg', 'lon_deg', 'alt_m', 'heading_deg', 'speed_mps', 'hacc_m'],
    texts: ['file'],
  });
  const folder = file.path.includes('/') ? file.path.slice(0, file.path.lastIndexOf('/') + 1) : '';
  const rows = table.rows.map(({ values, texts }): FrameRow => {
    const tS = values['t_s'] ?? null;
    return {
      path: folder + (texts['file'] ?? ''),
      tS: tS === null ? null : tS - clockOffsetS,
      latDeg: values['lat_deg'] ?? null,
      lonDeg: values['lon_deg'] ?? null,
      altM: values['alt_m'] ?? null,
      headingDeg: values['heading_deg'] ?? null,
      speedMps: atLeast(0, values['speed_mps']),
      haccM: atLeast(Number.MIN_VALUE, values['hacc_m']),
    };
  });
  return { rows, refused: table.refused };
}

/** Several phones write -1 for "unknown". */
function atLeast(least: number, value: number | null | undefined): number | null {
  return value === null || value === undefined || value < least ? null : value;
}
