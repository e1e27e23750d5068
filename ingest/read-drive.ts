import { createHash } from 'node:crypto';
import type { Device, Drive, Frame, GnssFix, UnixSeconds } from '../shared/model/drive.ts';
import { type LatLon, wrapDeg } from '../shared/model/geo.ts';
import type { FrameId, Sha256 } from '../shared/model/ids.ts';
import { type Refusal, refusal } from '../shared/model/reason.ts';
import type { IngestRules } from '../shared/model/recipe.ts';
import { captureTimes, plausibleTime, type TimeRules } from './capture-time.ts';
import { positionProblem } from './importers/gnss.ts';
import type { FrameRow, Sensors } from './importers/drive-folder.ts';
import type { PictureMetadata } from './picture-metadata.ts';
import { alongTrack, ownPosition } from './position.ts';
import { cutSequences } from './sequence.ts';

/** A picture file whose metadata could be read, in the folder's order. */
export interface Picture {
  readonly path: string;
  readonly id: FrameId;
  /** Its place among all pictures of the folder, from 0, those included that are left out before: asserted times follow it. */
  readonly ordinal: number;
  readonly metadata: PictureMetadata;
}

/** What became of one picture: kept with time, place and sequence, or left out with the reason. */
export type FrameOutcome =
  | { readonly kind: 'kept'; readonly frame: Frame }
  | { readonly kind: 'refused'; readonly path: string; readonly refusal: Refusal }
  | { readonly kind: 'dropped'; readonly path: string; readonly refusal: Refusal; readonly duplicateOf: FrameId };

export interface ReadDrive {
  /** One for every picture given: in = kept + refused + dropped. */
  readonly outcomes: readonly FrameOutcome[];
  /** The kept frames, by time and then path. */
  readonly frames: readonly Frame[];
  readonly device: Device;
  /** Remarks on the drive as a whole, such as a corrected clock. */
  readonly notes: readonly Refusal[];
}

export interface ReadDriveInput {
  readonly sensors: Sensors;
  readonly pictures: readonly Picture[];
  readonly times: TimeRules;
  readonly rules: IngestRules;
}

/**
 * The stage: a folder's pictures and sensors become a typed drive. Pure; the server's jobs and `wayproof judge` both
 * call it. Order matters: times first (a position may come from the track at that time), then positions, then the
 * same bytes twice, and sequences last, because a picture without a place must not cut one.
 */
export function readDrive({ sensors, pictures, times, rules }: ReadDriveInput): ReadDrive {
  const rows = new Map(sensors.frameRows.map((row) => [row.path, row]));
  const readings = pictures.map(({ ordinal, metadata }) => ({ ordinal, metadata, place: placeFor(metadata, sensors.gnss) }));
  const folder = captureTimes(readings, times);
  const located = pictures.map((picture, index): Candidate | FrameOutcome => {
    const row = rows.get(picture.path) ?? null;
    const time = row !== null && row.tS !== null ? plausibleTime(row.tS, 'track') : folder.times[index]!;
    if (time.kind === 'unknown') return refused(picture, time.refusal);
    return locate({ picture, row, capturedAt: time.capturedAt, timeSource: time.source }, sensors.gnss, rules);
  });
  const left = located.filter((item): item is FrameOutcome => item.kind !== 'candidate');
  const candidates = located.filter((item): item is Candidate => item.kind === 'candidate').map(({ frame }) => frame).toSorted(byTime);
  const { unique, copies } = withoutCopies(candidates);
  const places = cutSequences(unique, rules);
  const sequenced = unique.map((frame, index): FrameOutcome => {
    const place = places[index]!;
    if (place.kind === 'near_copy') return { kind: 'dropped', path: frame.path, refusal: place.refusal, duplicateOf: unique[place.of]!.id };
    return { kind: 'kept', frame: { ...frame, sequence: place.sequence } };
  });
  const frames = sequenced.flatMap((outcome) => (outcome.kind === 'kept' ? [outcome.frame] : []));
  const outcomes = [...left, ...copies, ...sequenced];
  if (outcomes.length !== pictures.length) throw new Error(`${pictures.length} pictures went in and ${outcomes.length} came out`);
  return { outcomes, frames, device: deviceOf(sensors, pictures), notes: notesOf(folder.clockCorrectionS, frames) };
}

/** SHA-256 over the drive's files, sorted by path: what a receipt calls `input_sha256`. */
export function inputSha256(files: readonly { readonly path: string; readonly sha256: string }[]): Sha256 {
  const hash = createHash('sha256');
  for (const { path, sha256 } of files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) hash.update(`${sha256}  ${path}\n`);
  return hash.digest('hex') as Sha256;
}

/** The typed drive that Validate judges. */
export function driveOf(read: ReadDrive, sensors: Sensors, named: { readonly name: string; readonly inputSha256: Sha256 }): Drive {
  return {
    name: sensors.name ?? named.name,
    device: read.device,
    gnss: sensors.gnss,
    imu: sensors.imu,
    frames: read.frames,
    refusedRows: sensors.refused,
    inputSha256: named.inputSha256,
  };
}

/** Why a drive without anything that could be judged is refused: what all its pictures have in common, if that is one thing. */
export function reasonForNothing([first, ...others]: readonly Refusal[]): Refusal {
  return first === undefined || others.some(({ code }) => code !== first.code) ? refusal('drive_empty') : first;
}

interface Candidate {
  readonly kind: 'candidate';
  readonly frame: Frame;
}

interface Timed {
  readonly picture: Picture;
  readonly row: FrameRow | null;
  readonly capturedAt: UnixSeconds;
  readonly timeSource: Frame['timeSource'];
}

function locate({ picture, row, capturedAt, timeSource }: Timed, track: readonly GnssFix[], rules: IngestRules): Candidate | FrameOutcome {
  const found = ownPosition(picture.metadata, row) ?? alongTrack(track, capturedAt, rules);
  if ('code' in found) return refused(picture, found);
  const problem = positionProblem(found.latDeg, found.lonDeg, rules);
  if (problem !== null) return refused(picture, problem);
  const { metadata, path, id } = picture;
  const heading = row?.headingDeg ?? metadata.headingDeg;
  return {
    kind: 'candidate',
    frame: {
      id,
      path,
      capturedAt,
      timeSource,
      positionSource: found.source,
      latDeg: found.latDeg,
      lonDeg: found.lonDeg,
      altM: row?.altM ?? metadata.altM ?? found.altM,
      headingDeg: heading === null ? null : wrapDeg(heading),
      speedMps: row?.speedMps ?? metadata.speedMps ?? found.speedMps,
      haccM: row?.haccM ?? metadata.haccM ?? found.haccM,
      sequence: 0,
    },
  };
}

/** What is missing for want of metadata that could not be read is said so, not as if the camera had not written it. */
function refused({ path, metadata }: Picture, reason: Refusal): FrameOutcome {
  const missing = reason.code === 'no_time' || reason.code === 'no_position';
  return { kind: 'refused', path, refusal: missing && metadata.damage !== null ? refusal('exif_damaged', { why: metadata.damage }) : reason };
}

function placeFor({ position }: PictureMetadata, track: readonly GnssFix[]): LatLon | null {
  return position.kind === 'at' ? position : (track[0] ?? null);
}

function withoutCopies(frames: readonly Frame[]): { unique: readonly Frame[]; copies: readonly FrameOutcome[] } {
  const seen = new Set<FrameId>();
  const unique: Frame[] = [];
  const copies: FrameOutcome[] = [];
  for (const frame of frames) {
    if (seen.has(frame.id)) copies.push({ kind: 'dropped', path: frame.path, refusal: refusal('file_duplicate'), duplicateOf: frame.id });
    else unique.push(frame);
    seen.add(frame.id);
  }
  return { unique, copies };
}

function deviceOf(sensors: Sensors, pictures: readonly Picture[]): Device {
  const camera = pictures.find(({ metadata }) => metadata.make !== null || metadata.model !== null)?.metadata;
  const { make, model, serial } = sensors.device;
  return { make: make ?? camera?.make ?? null, model: model ?? camera?.model ?? null, serial: serial ?? camera?.serial ?? null };
}

function notesOf(clockCorrectionS: number | null, kept: readonly Frame[]): readonly Refusal[] {
  const asserted = kept.filter(({ timeSource }) => timeSource === 'asserted').length;
  return [
    ...(clockCorrectionS === null || clockCorrectionS === 0 ? [] : [refusal('clock_differs', { value: clockCorrectionS })]),
    ...(asserted === 0 ? [] : [refusal('asserted_time', { value: asserted })]),
  ];
}

function byTime(a: Frame, b: Frame): number {
  return a.capturedAt - b.capturedAt || (a.path < b.path ? -1 : 1);
}
