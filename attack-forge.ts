import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type DriveFolder, inColumnsOf, isWritten, readDriveFolder } from './attack-folder.ts';
import type { Made } from './attack-table.ts';
import { driveTexts, hasOtherTracks, type WrittenText } from './attack-writer.ts';
import type { AttackName } from './fixtures/attacks/all.ts';
import { type Attack, type AttackOptions, lacking, spanOf, usualStretch } from './fixtures/attacks/attack.ts';
import { donorFrom } from './fixtures/attacks/donor.ts';
import { paint } from './fixtures/attacks/paint.ts';
import { prepareImages, repainted } from './ingest/image.ts';
import { trackFormat } from './ingest/importers/tracks.ts';
import { filesUnder, type LocalFile } from './ingest/local-files.ts';
import { archiveFormat, openArchive } from './ingest/open-archive.ts';
import { openParsers, type Parsers } from './ingest/parser-thread.ts';
import { readConfig } from './shared/io/config.ts';
import { RECIPE } from './shared/model/recipe.ts';

/** What somebody asked for; the attack's own usual where nothing is said. Seconds count from the start of the drive. */
export interface Wishes {
  readonly severity?: number;
  readonly variant?: string;
  readonly from?: number;
  readonly to?: number;
  readonly seed: number;
}

export interface Forging {
  readonly name: AttackName;
  readonly attack: Attack;
  /** A drive folder, or an archive of one, as is the donor. */
  readonly drive: string;
  readonly donor: string | null;
  /** Nothing, or an empty folder. */
  readonly out: string;
  readonly wishes: Wishes;
}

/** Reads the drive, attacks it, writes the forged folder. Throws in one sentence where that cannot be; nothing is written then. */
export async function forge({ name, attack, drive, donor: donorPath, out, wishes }: Forging): Promise<Made> {
  const parsers = openParsers();
  const opened: OpenDrive[] = [];
  const open = async (path: string): Promise<DriveFolder> => {
    const one = await openDrive(parsers, path);
    opened.push(one);
    return one.folder;
  };
  try {
    const before = await open(drive);
    const whole = donorPath === null ? null : await open(donorPath);
    const missing = lacking(attack, before, whole);
    if (missing !== null) throw new Error(`${name} needs ${missing}${missing.includes('donor') ? ' (--donor DRIVE)' : ''}, and ${drive}${donorPath === null ? '' : ` with ${donorPath}`} has not got that`);
    const stretch = stretchOf(attack, before, wishes);
    const donor = whole === null ? null : inColumnsOf(donorFrom(whole, { lastsS: stretch.toS - stretch.fromS, seed: wishes.seed }), before);
    const options: AttackOptions = {
      ...stretch, severity: wishes.severity ?? attack.severity.default, seed: wishes.seed, variant: wishes.variant ?? attack.variants[0]!, ...(donor === null ? {} : { donor }),
    };
    const attacked = attack.apply(before, options);
    const texts = driveTexts(attacked, before);
    const pictures = await writeFolder(out, { attacked, before, donor, texts });
    return { name, attack, options, span: spanOf(before), texts, removed: removed(before, texts), pictures, out };
  } finally {
    await parsers.close();
    await Promise.all(opened.map(({ close }) => close()));
  }
}

interface OpenDrive {
  readonly folder: DriveFolder;
  close(): Promise<void>;
}

async function openDrive(parsers: Parsers, path: string): Promise<OpenDrive> {
  const { files, close } = await filesOf(path);
  try {
    const folder = await readDriveFolder({ parsers, rules: RECIPE.ingest }, files);
    if (folder.gnss.length === 0 && folder.frames.length === 0 && folder.imu === null) throw new Error('nothing in it can be read as a drive');
    return { folder, close };
  } catch (cause) {
    await close();
    throw new Error(`${path} cannot be attacked: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function filesOf(path: string): Promise<{ readonly files: readonly LocalFile[]; close(): Promise<void> }> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new Error(`there is no ${path}`);
  if (found.isDirectory()) return { files: await filesUnder(path), close: async () => {} };
  const format = found.isFile() ? await archiveFormat(path) : null;
  if (format === null) throw new Error(`${path} is neither a folder nor a .zip, .tar or .tar.gz of one`);
  const archive = await openArchive(path, format);
  if ('code' in archive) throw new Error(`${path} is not unpacked: ${archive.detail['why']}`);
  return archive;
}

function stretchOf(attack: Attack, drive: DriveFolder, { from, to }: Wishes): { readonly fromS: number; readonly toS: number } {
  const [usual, span] = [usualStretch(attack, drive), spanOf(drive)];
  const endS = to === undefined ? Infinity : span.fromS + to;
  const fromS = from === undefined ? (usual.fromS < endS ? usual.fromS : span.fromS) : span.fromS + from;
  const toS = to === undefined ? (from === undefined ? usual.toS : span.toS) : endS;
  if (fromS < span.toS && toS > span.fromS && fromS < toS) return { fromS, toS };
  throw new Error(`the drive lasts ${(span.toS - span.fromS).toFixed(1)} s, and from ${from ?? 'its usual place'} to ${to ?? 'its end'} there is nothing of it`);
}

function removed(before: DriveFolder, texts: readonly WrittenText[]): readonly string[] {
  return [before.gnssText, before.imuText, before.framesText].flatMap((table) => (table === null || texts.some(({ path }) => path === table.path) ? [] : [table.path]));
}

interface Writing {
  readonly attacked: DriveFolder;
  readonly before: DriveFolder;
  readonly donor: DriveFolder | null;
  readonly texts: readonly WrittenText[];
}

/** The folder with all its files; nothing is left of it where one fails. Returns how many pictures are others or made anew. */
async function writeFolder(out: string, { attacked, before, donor, texts }: Writing): Promise<Made['pictures']> {
  prepareImages();
  const { maxPixels } = readConfig(process.env);
  const place = async (path: string): Promise<string> => {
    const file = join(out, path);
    await mkdir(dirname(file), { recursive: true });
    return file;
  };
  try {
    for (const { path, text } of texts) await writeFile(await place(path), path.toLowerCase().endsWith('.gz') ? gzipSync(text) : text);
    const keepsTracks = hasOtherTracks(attacked, before);
    const shown = new Map(attacked.frames.flatMap(({ path, shows }) => (shows === undefined ? [] : [[path, shows] as const])));
    const sources = { own: byPath(before.files), donor: byPath(donor?.files ?? []) };
    let remade = 0;
    for (const { path, file } of before.files) {
      const shows = shown.get(path);
      if (isWritten(path) && !(keepsTracks && trackFormat(path) !== null)) continue;
      const source = shows === undefined ? file : sources[shows.from].get(shows.path)!.file;
      if (shows === undefined || (!shows.mirrored && shows.remade === null)) {
        await copyFile(source, await place(path));
        continue;
      }
      const made = await repainted(await readFile(source), maxPixels, (image) => paint(image, shows));
      if ('code' in made) throw new Error(`${source} cannot be made anew: ${made.code}`);
      await writeFile(await place(path), made);
      remade += 1;
    }
    return { all: attacked.frames.length, others: [...shown].filter(([path, { from, path: of }]) => from === 'donor' || of !== path).length, remade };
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    throw error;
  }
}

function byPath(files: readonly LocalFile[]): ReadonlyMap<string, LocalFile> {
  return new Map(files.map((file) => [file.path, file]));
}
