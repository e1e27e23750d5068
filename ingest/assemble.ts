import type { Drive, Frame } from '../shared/model/drive.ts';
import type { FrameId } from '../shared/model/ids.ts';
import { type Refusal, refusal } from '../shared/model/reason.ts';
import type { IngestRules } from '../shared/model/recipe.ts';
import type { FrameRow, LeftOut, PlacedFrame } from './frame-store.ts';
import { isSensorPath, type Sensors } from './importers/drive-folder.ts';
import { isPicturePath } from './manifest.ts';
import { privateCircles, privateReason, type TrackPoint } from './privacy.ts';
import { driveOf, inputSha256, readDrive } from './read-drive.ts';
import type { DriveFile, DriveRow } from './store.ts';

export interface AssemblyInput {
  readonly drive: DriveRow;
  readonly files: readonly DriveFile[];
  readonly sensors: Sensors;
  readonly frames: readonly FrameRow[];
  /** Pictures that an earlier drive holds. */
  readonly claimed: ReadonlySet<FrameId>;
  readonly rules: IngestRules;
  readonly trimKey: Buffer;
}

export interface Assembled {
  /** What is judged: every picture of the drive's bytes that can be placed, those included that an earlier drive holds (design.md, law 3). */
  readonly document: Drive;
  /** The document's frames in its order; some of them are left out as copies. */
  readonly placed: readonly PlacedFrame[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly Refusal[];
}

/** More notes of one kind than this are summed up. */
const MOST_NOTES = 50;

/** What the uploaded drive adds to `readDrive`: database keys, copies of other drives' pictures, private places. Pure. */
export function assembleDrive(input: AssemblyInput): Assembled {
  const { drive, files, sensors, frames, claimed, rules } = input;
  const keys = new Map(frames.map(({ path, key }) => [path, key]));
  const ordinals = new Map(files.filter(({ path }) => isPicturePath(path)).map(({ path }, ordinal) => [path, ordinal]));
  const times = {
    asserted: drive.assertStartS === null || drive.assertIntervalS === null ? null : { startS: drive.assertStartS, intervalS: drive.assertIntervalS },
    cameraOffsetS: drive.cameraOffsetS,
  };
  const read = readDrive({ sensors, rules, times, pictures: frames.map(({ path, id, exif }) => ({ path, id, ordinal: ordinals.get(path)!, metadata: exif })) });
  const trim = { rules, account: drive.accountId, key: input.trimKey, trimM: drive.trimM };
  // The receiver may have been switched on after the camera, or off before it: the ends of both are ends.
  const circles = [sensors.gnss, placesOf(read.frames)].flatMap((track) => privateCircles(oneASecond(track), trim));
  const copies = frames
    .filter(({ id }) => claimed.has(id))
    .map(({ key, id }): LeftOut => ({ key, to: 'dropped', refusal: refusal('file_duplicate'), duplicateOf: id }));
  const isCopy = new Set(copies.map(({ key }) => key));
  const others = read.outcomes.flatMap((outcome): LeftOut[] => {
    if (outcome.kind === 'kept') return [];
    const key = keys.get(outcome.path)!;
    if (isCopy.has(key)) return [];
    return [outcome.kind === 'refused' ? { key, to: 'refused', refusal: outcome.refusal, duplicateOf: null } : { key, to: 'dropped', refusal: outcome.refusal, duplicateOf: outcome.duplicateOf }];
  });
  return {
    document: driveOf(read, sensors, { name: drive.name, inputSha256: inputSha256(files) }),
    placed: read.frames.map((frame, ordinal) => ({ key: keys.get(frame.path)!, frame, ordinal, privateReason: privateReason(frame, circles) })),
    leftOut: [...copies, ...others],
    notes: [...read.notes, ...fileNotes(files), ...rowNotes(sensors)],
  };
}

function placesOf(frames: readonly Frame[]): readonly TrackPoint[] {
  return frames.map(({ capturedAt, latDeg, lonDeg }) => ({ tS: capturedAt, latDeg, lonDeg }));
}

/** One position a second at most, and always the first and the last. */
function oneASecond(track: readonly TrackPoint[]): readonly TrackPoint[] {
  let lastS = -Infinity;
  return track.filter(({ tS }, index) => {
    const isTaken = tS - lastS >= 1 || index === track.length - 1;
    if (isTaken) lastS = tS;
    return isTaken;
  });
}

function fileNotes(files: readonly DriveFile[]): readonly Refusal[] {
  return files
    .filter(({ path }) => !isPicturePath(path) && !isSensorPath(path))
    .slice(0, MOST_NOTES)
    .map(({ path }) => refusal('unused_file', { file: path }));
}

function rowNotes({ refused, refusedCount }: Sensors): readonly Refusal[] {
  const notes = refused.slice(0, MOST_NOTES).map(({ file, line, refusal: { code, detail } }) => refusal(code, { file, line, ...detail }));
  return refusedCount <= MOST_NOTES ? notes : [...notes, refusal('row_malformed', { file: 'all files', value: `${refusedCount} rows in all` })];
}
