import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { ImuRows, RecordedFrame, Recording } from './fixtures/attacks/recording.ts';
import { captureTimes, plausibleTime } from './ingest/capture-time.ts';
import { recordsOf } from './ingest/importers/columns.ts';
import { type FrameRow, isSensorPath, sensorName, type SensorFile, type Sensors } from './ingest/importers/drive-folder.ts';
import { trackFormat } from './ingest/importers/tracks.ts';
import type { LocalFile } from './ingest/local-files.ts';
import { lookAtPicture } from './ingest/look.ts';
import { inFolderOrder, isPicturePath } from './ingest/manifest.ts';
import type { Parsers } from './ingest/parser-thread.ts';
import type { PictureMetadata } from './ingest/picture-metadata.ts';
import { alongTrack, ownPosition } from './ingest/position.ts';
import type { GnssFix } from './shared/model/drive.ts';
import type { IngestRules } from './shared/model/recipe.ts';

/** One cell a column, by the column's name in small letters. */
export type Cells = Readonly<Record<string, string>>;

/** A fix with the row of gnss.csv that it was read from. */
export interface GnssRow extends GnssFix {
  readonly read?: GnssFix;
  readonly cells?: Cells;
}

/** A picture with what the folder says of it; `isOnTrack`: its place is the track's at its time, and written nowhere. */
export interface FolderFrame extends RecordedFrame {
  readonly speedMps: number | null;
  readonly haccM: number | null;
  readonly isOnTrack: boolean;
  readonly read: RecordedFrame;
}

/** A table of a drive folder as text. */
export interface TextTable {
  readonly path: string;
  /** As its header has them. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A drive folder read so that it can be written again: what the importer makes of it, beside the text that it was made from. */
export interface DriveFolder extends Recording {
  readonly gnss: readonly GnssRow[];
  readonly frames: readonly FolderFrame[];
  readonly files: readonly LocalFile[];
  readonly json: { readonly path: string; readonly text: string; readonly value: Readonly<Record<string, unknown>> } | null;
  readonly gnssText: TextTable | null;
  readonly imuText: TextTable | null;
  readonly framesText: TextTable | null;
  /** Seconds that the clock of frames.csv is ahead of the others. */
  readonly clockOffsetS: number;
}

export interface FolderDoors {
  readonly parsers: Parsers;
  readonly rules: IngestRules;
}

/** A table is held whole and cell by cell, about ten times its text: a day of 25 Hz motion is 130 MB. */
const MOST_TEXT_BYTES = 160_000_000;

/** Reads the files of a drive folder. Throws in one sentence where its sensors cannot be read; a row or picture that is of no use is left to the writer as it is. */
export async function readDriveFolder({ parsers, rules }: FolderDoors, files: readonly LocalFile[]): Promise<DriveFolder> {
  const large = files.find(({ path, size }) => isSensorPath(path) && size > MOST_TEXT_BYTES);
  if (large !== undefined) throw tooLarge(large.path);
  const sensorFiles = await Promise.all(files.filter(({ path }) => isSensorPath(path)).map(async ({ path, file }): Promise<SensorFile> => ({ path, bytes: await readFile(file) })));
  const sensors = await parsers.sensors(sensorFiles, rules);
  if ('code' in sensors) throw new Error(`its sensor files cannot be read: ${sensors.detail['why'] ?? sensors.code}`);
  const jsonText = textOf(sensorFiles, 'drive.json');
  const value = jsonText === null ? {} : jsonOf(jsonText.text);
  const [gnssText, imuText, framesText] = (['gnss.csv', 'imu.csv', 'frames.csv'] as const).map((name) => tableOf(textOf(sensorFiles, name))) as [TextTable | null, TextTable | null, TextTable | null];
  return {
    files,
    json: jsonText === null ? null : { ...jsonText, value },
    gnssText, imuText, framesText,
    clockOffsetS: clockOffsetOf(value),
    gnss: gnssText === null ? sensors.gnss : withCells(sensors.gnss, gnssText),
    imu: sensors.imu === null || imuText === null ? sensors.imu : withLines(sensors.imu, imuText),
    frames: await framesOf({ parsers, rules }, files, sensors),
  };
}

/** The donor's motion sensor with its lines in the columns of another file: what that one has not is left out, what it has more is empty. */
export function inColumnsOf(donor: DriveFolder, { imuText }: DriveFolder): DriveFolder {
  if (donor.imu?.lines === undefined || donor.imuText === null || imuText === null) return donor;
  const theirs = donor.imuText.columns.map((name) => name.toLowerCase());
  const places = imuText.columns.map((name) => theirs.indexOf(name.toLowerCase()));
  if (places.every((place, n) => place === n) && theirs.length === places.length) return donor;
  const lines = donor.imu.lines.map((line) => {
    const cells = line.split(',');
    return places.map((place) => cells[place] ?? '').join(',');
  });
  return { ...donor, imu: { ...donor.imu, lines } };
}

/** The files from which the importer takes times, positions and motion, and which the writer therefore writes itself. */
export function isWritten(path: string): boolean {
  return sensorName(path) !== null || trackFormat(path) !== null;
}

/** The importer takes the first by path. */
function textOf(files: readonly SensorFile[], name: ReturnType<typeof sensorName>): { readonly path: string; readonly text: string } | null {
  const file = files.toSorted((a, b) => (a.path < b.path ? -1 : 1)).find(({ path }) => sensorName(path) === name);
  if (file === undefined) return null;
  const bytes = file.path.toLowerCase().endsWith('.gz') ? inflated(file) : file.bytes;
  if (bytes.length > MOST_TEXT_BYTES) throw tooLarge(file.path);
  return { path: file.path, text: new TextDecoder('utf-8').decode(bytes) };
}

function inflated({ path, bytes }: SensorFile): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_TEXT_BYTES });
  } catch (error) {
    throw error instanceof RangeError ? tooLarge(path) : new Error(`its ${path} is no gzip, or cut off`);
  }
}

function tooLarge(path: string): Error {
  return new Error(`its ${path} holds more than ${MOST_TEXT_BYTES / 1e6} MB of text; give a shorter drive`);
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function clockOffsetOf({ frames }: Readonly<Record<string, unknown>>): number {
  const { clock, utc_offset_s: offsetS } = (typeof frames === 'object' && frames !== null ? frames : {}) as Record<string, unknown>;
  return clock === 'camera' && typeof offsetS === 'number' ? offsetS : 0;
}

function tableOf(file: { readonly path: string; readonly text: string } | null): TextTable | null {
  if (file === null) return null;
  const [columns = [], ...rows] = [...recordsOf(file.text)];
  return { path: file.path, columns, rows: rows.filter((row) => row.length > 1 || row[0] !== '') };
}

/** The importer keeps rows in their order, and leaves some out: they are found again by time and place. */
function withCells(fixes: readonly GnssFix[], { columns, rows }: TextTable): readonly GnssRow[] {
  const names = columns.map((name) => name.toLowerCase());
  const [time, lat, lon] = ['t_s', 'lat_deg', 'lon_deg'].map((name) => names.indexOf(name)) as [number, number, number];
  let next = 0;
  return fixes.map((fix): GnssRow => {
    let at = next;
    while (at < rows.length && !(Number(rows[at]![time]) === fix.tS && Number(rows[at]![lat]) === fix.latDeg && Number(rows[at]![lon]) === fix.lonDeg)) at += 1;
    if (at === rows.length) return fix;
    next = at + 1;
    return { ...fix, read: fix, cells: Object.fromEntries(names.map((name, place) => [name, rows[at]![place] ?? ''])) };
  });
}

function withLines(imu: ImuRows, { path, columns, rows }: TextTable): ImuRows {
  const time = columns.findIndex((name) => name.toLowerCase() === 't_s');
  const lines: string[] = [];
  for (const row of rows) {
    if (lines.length === imu.tS.length || Number(row[time]) !== imu.tS[lines.length]) continue;
    if (row.some((cell) => cell.includes(','))) throw new Error(`its ${path} has cells with commas in them, which cannot be kept`);
    lines.push(row.join(','));
  }
  return lines.length === imu.tS.length ? { ...imu, lines } : imu;
}

/** Every picture with a time and a place, by time: also those that the importer would drop as copies. */
async function framesOf({ parsers, rules }: FolderDoors, files: readonly LocalFile[], sensors: Sensors): Promise<readonly FolderFrame[]> {
  const rows = new Map(sensors.frameRows.map((row) => [row.path, row]));
  const looked: { readonly path: string; readonly metadata: PictureMetadata }[] = [];
  for (const { path, file } of inFolderOrder(files).filter((one) => isPicturePath(one.path))) {
    const { metadata } = await lookAtPicture(parsers, path, await readFile(file));
    if (metadata !== null) looked.push({ path, metadata });
  }
  const readings = looked.map(({ metadata }, ordinal) => ({ ordinal, metadata, place: metadata.position.kind === 'at' ? metadata.position : (sensors.gnss[0] ?? null) }));
  const { times } = captureTimes(readings, { asserted: null, cameraOffsetS: null });
  const frames = looked.flatMap((picture, n): readonly FolderFrame[] => {
    const row = rows.get(picture.path) ?? null;
    const time = row !== null && row.tS !== null ? plausibleTime(row.tS, 'track') : times[n]!;
    const frame = time.kind === 'known' ? frameOf({ ...picture, row, tS: time.capturedAt }, sensors, rules) : null;
    return frame === null ? [] : [frame];
  });
  return frames.toSorted((a, b) => a.tS - b.tS || (a.path < b.path ? -1 : 1));
}

function frameOf({ path, metadata, row, tS }: { readonly path: string; readonly metadata: PictureMetadata; readonly row: FrameRow | null; readonly tS: number }, { gnss }: Sensors, rules: IngestRules): FolderFrame | null {
  const place = ownPosition(metadata, row) ?? alongTrack(gnss, tS, rules);
  if ('code' in place) return null;
  const read: RecordedFrame = {
    path, tS, latDeg: place.latDeg, lonDeg: place.lonDeg, altM: row?.altM ?? metadata.altM ?? place.altM, headingDeg: row?.headingDeg ?? metadata.headingDeg,
  };
  return { ...read, speedMps: row?.speedMps ?? metadata.speedMps, haccM: row?.haccM ?? metadata.haccM, isOnTrack: place.source === 'track', read };
}
