import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { decodeDrive, encodeDrive } from '../shared/model/drive-document.ts';
import { type Drive, withGreys } from '../shared/model/drive.ts';
import type { Sha256 } from '../shared/model/ids.ts';
import type { Refusal } from '../shared/model/reason.ts';
import type { IngestRules } from '../shared/model/recipe.ts';
import { derive } from './image.ts';
import { isSensorPath } from './importers/drive-folder.ts';
import type { LocalFile } from './local-files.ts';
import { lookAtPicture } from './look.ts';
import { inFolderOrder, isPicturePath } from './manifest.ts';
import { eachAtMost } from './pace.ts';
import type { Parsers } from './parser-thread.ts';
import { driveOf, inputSha256, type Picture, readDrive, reasonForNothing } from './read-drive.ts';
import type { SensorSource } from './sensor-sources.ts';
import { sha256Of } from './store.ts';

export interface FolderDoors {
  readonly parsers: Parsers;
  readonly rules: IngestRules;
  readonly maxPixels: number;
  /** Files in work at once. */
  readonly workers: number;
  /** Called before each step with how far things are. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface FolderInput {
  /** Stands for the drive's name where drive.json has none. */
  readonly name: string;
  readonly files: readonly LocalFile[];
}

/**
 * A folder as the typed drive that the server would judge: the same look at each picture, the same stage, the same
 * refusal of pictures that cannot be decoded, and the grey levels of those that can. A refusal where nothing in it can
 * be judged.
 */
export async function readFolder(doors: FolderDoors, { name, files }: FolderInput): Promise<Drive | Refusal> {
  const ordered = inFolderOrder(files);
  const count = progressOf(doors, ordered.length);
  const read = await eachAtMost(doors.workers, ordered, async (file) => {
    const found = await readOne(doors, file);
    count();
    return found;
  });
  const sensors = await doors.parsers.sensors(read.flatMap(({ sensor }) => sensor ?? []), doors.rules);
  if ('code' in sensors) return sensors;
  const looked = read.filter(({ path }) => isPicturePath(path));
  const pictures = looked.flatMap(({ path, sha256, picture }, ordinal): readonly Picture[] => (picture === null || picture.metadata === null ? [] : [{ path, id: sha256, ordinal, metadata: picture.metadata }]));
  const drive = readDrive({ sensors, pictures, times: { asserted: null, cameraOffsetS: null }, rules: doors.rules });
  if (drive.frames.length === 0 && sensors.gnss.length === 0) {
    const refusals = [...looked.flatMap(({ picture }) => picture?.refusal ?? []), ...drive.outcomes.flatMap((outcome) => (outcome.kind === 'kept' ? [] : [outcome.refusal]))];
    return reasonForNothing(refusals);
  }
  const greys = await greysOf(doors, drive.frames, new Map(files.map((file) => [file.path, file])));
  const whole = drive.frames.filter(({ path }) => greys.has(path));
  // Through the document's bytes, as the server: what JSON cannot hold is lost on both ways or on none. The motion
  // samples stand in it as they are, and may be a good part of the memory.
  const { imu } = sensors;
  const document = encodeDrive(driveOf({ ...drive, frames: whole }, { ...sensors, imu: null }, { name, inputSha256: inputSha256(read) }));
  return withGreys({ ...decodeDrive(document), imu }, greys);
}

interface ReadFile {
  readonly path: string;
  readonly sha256: Sha256;
  readonly picture: Awaited<ReturnType<typeof lookAtPicture>> | null;
  readonly sensor: SensorSource | null;
}

async function readOne({ parsers }: FolderDoors, { path, file, size }: LocalFile): Promise<ReadFile> {
  if (!isPicturePath(path)) return { path, sha256: await hashOf(file), picture: null, sensor: isSensorPath(path) ? { path, file, size } : null };
  const bytes = await readFile(file);
  return { path, sha256: sha256Of(bytes), picture: await lookAtPicture(parsers, path, bytes), sensor: null };
}

/** A stray video, or days of a motion sensor, may be larger than the memory. */
async function hashOf(file: string): Promise<Sha256> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex') as Sha256;
}

/** Grey levels by path, of the pictures that can be decoded. */
async function greysOf(doors: FolderDoors, frames: Drive['frames'], files: ReadonlyMap<string, LocalFile>): Promise<ReadonlyMap<string, Uint8Array>> {
  const count = progressOf(doors, frames.length);
  const greys = await eachAtMost(doors.workers, frames, async ({ path }) => {
    const made = await derive(await readFile(files.get(path)!.file), doors.maxPixels);
    count();
    return 'code' in made ? [] : [[path, new Uint8Array(made.grey)] as const];
  });
  return new Map(greys.flat());
}

function progressOf({ onProgress }: FolderDoors, total: number): () => void {
  let done = 0;
  return () => {
    done += 1;
    onProgress(done, total);
  };
}
