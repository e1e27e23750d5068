import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import cliProgress from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import type { OwnFrame } from './ingest/drive-frames.ts';
import { trackFormat } from './ingest/importers/tracks.ts';
import { filesUnder, type LocalFile } from './ingest/local-files.ts';
import { archiveFormat, openArchive } from './ingest/open-archive.ts';
import { type Destination, uploadDrive, type UploadOptions, type UploadResult } from './ingest/upload.ts';
import { readConfig } from './shared/io/config.ts';

interface Flags {
  readonly url?: string;
  readonly token?: string;
  readonly name?: string;
  readonly licence?: string;
  readonly trim?: number;
  readonly start?: string;
  readonly interval?: number;
  readonly offset?: number;
  readonly gpx?: readonly string[];
  readonly json?: boolean;
}

/** `wayproof upload PATH…`: each folder (or the files together) is one drive. */
export function uploadCommand(program: Command): void {
  program
    .command('upload')
    .description('send drives: folders of pictures with EXIF positions or a track (.gpx, .nmea), or drive folders with gnss.csv and imu.csv')
    .argument('<path...>', 'folders (or a .zip, .tar or .tar.gz of one), each a drive, or picture files, together a drive')
    .option('--url <url>', 'the network to send to (default: this machine)')
    .option('--token <token>', 'your token (default: WAYPROOF_TOKEN, else the one kept at the first start)')
    .option('--name <name>', 'a name for the drive, seen by you only')
    .option('--licence <code>', 'SPDX code of the licence', 'CC-BY-SA-4.0')
    .option('--trim <metres>', 'keep this much private around both ends and long stops; 0 is none (default: 200 to 500 m, chosen by the network)', wholeNumber)
    .option('--start <time>', 'capture time of the first picture, for pictures without one: 2026-05-12T14:03:00Z', instant)
    .option('--interval <seconds>', 'and the seconds between pictures', positiveNumber)
    .option('--offset <seconds>', "seconds to add to the camera's clock", number)
    .option('--gpx <file>', 'a track (.gpx or .nmea) for pictures without positions; may be given several times', trackFile)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nRunning the same command again goes on where it stopped.\nExamples:\n  wayproof upload ~/drives/monday\n  wayproof upload --trim 0 --start 2026-05-12T14:03:00Z --interval 2 photos/\n  wayproof upload photos/ --gpx track.gpx')
    .action(async (paths: readonly string[], flags: Flags, command: Command) => {
      if ((flags.start === undefined) !== (flags.interval === undefined)) command.error('error: --start and --interval belong together', { exitCode: 2 });
      const to = await destination(flags);
      const results: UploadResult[] = [];
      const tracks = await tracksOf(flags.gpx ?? []);
      const drives: FolderDrive[] = [];
      try {
        await findDrives(paths, drives);
        for (const { name, files } of drives) results.push(await upload(to, [...files, ...tracks.filter(({ path }) => files.every((file) => file.path !== path))], { ...optionsOf(flags), name: flags.name ?? name }, flags.json === true));
      } finally {
        await Promise.all(drives.map(({ close }) => close?.()));
      }
      console.log(flags.json === true ? JSON.stringify(results) : results.map(table).join('\n'));
      if (results.some(({ drive }) => drive.state === 'refused')) process.exitCode = 1;
    });
}

function optionsOf({ licence, trim, start, interval, offset }: Flags): UploadOptions {
  return {
    ...(licence === undefined ? {} : { licence }),
    ...(trim === undefined ? {} : { trim }),
    ...(start === undefined || interval === undefined ? {} : { assert: { start, intervalS: interval } }),
    ...(offset === undefined ? {} : { cameraOffsetS: offset }),
  };
}

async function destination({ url, token }: Flags): Promise<Destination> {
  const config = readConfig(process.env);
  const kept = token ?? process.env['WAYPROOF_TOKEN'] ?? (await readFile(join(config.home, 'token'), 'utf8').catch(() => '')).trim();
  if (kept === '') throw new Error(`no token: give --token or WAYPROOF_TOKEN, or run this where ${join(config.home, 'token')} is`);
  return { url: (url ?? config.publicUrl ?? config.localUrl).replace(/\/$/, ''), token: kept };
}

interface FolderDrive {
  readonly name: string;
  readonly files: readonly LocalFile[];
  /** Takes away what an archive was unpacked to. */
  readonly close?: () => Promise<void>;
}

/** Into `drives`, so that what is unpacked can be taken away whatever comes after it. */
async function findDrives(paths: readonly string[], drives: FolderDrive[]): Promise<void> {
  const loose: LocalFile[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (found === null) throw new Error(`there is no ${path}`);
    if (found.isDirectory()) drives.push({ name: basename(resolve(path)), files: await filesUnder(resolve(path)) });
    else if (found.isFile() && (await isArchive(path))) drives.push(await unpacked(path));
    else loose.push({ path: basename(path), file: path, size: found.size });
  }
  if (loose.length > 0) drives.push({ name: `${loose.length} files`, files: loose });
  const empty = drives.find(({ files }) => files.length === 0);
  if (empty !== undefined) throw new Error(`the folder ${empty.name} is empty`);
}

/** A track that is gzipped is a file of a drive, and no archive. */
async function isArchive(path: string): Promise<boolean> {
  return /\.(zip|tar|tgz|tar\.gz)$/i.test(path) && (await archiveFormat(path)) !== null;
}

async function unpacked(path: string): Promise<FolderDrive> {
  const archive = await openArchive(resolve(path), (await archiveFormat(path))!);
  if ('code' in archive) throw new Error(`${path} is not unpacked: ${archive.detail['why']}`);
  return archive;
}

/** Tracks go with every drive of the command, beside its pictures. */
async function tracksOf(paths: readonly string[]): Promise<readonly LocalFile[]> {
  return await Promise.all(paths.map(async (file) => {
    const found = await stat(file).catch(() => null);
    if (found?.isFile() !== true) throw new Error(`there is no file ${file}`);
    return { path: basename(file).normalize('NFC'), file, size: found.size };
  }));
}

async function upload(to: Destination, files: readonly LocalFile[], options: UploadOptions, quiet: boolean): Promise<UploadResult> {
  const bar = new cliProgress.SingleBar({ format: '{stage} {bar} {value}/{total}  {eta_formatted}', hideCursor: true, noTTYOutput: false, clearOnComplete: true, stream: process.stderr }, cliProgress.Presets.shades_grey);
  let shown = '';
  try {
    return await uploadDrive(to, files, {
      ...options,
      onProgress: ({ stage, done, total }) => {
        if (quiet || !process.stderr.isTTY || total === 0) return;
        if (stage !== shown) bar.start(total, done, { stage: stage.padEnd(8) });
        else bar.update(done);
        bar.setTotal(total);
        shown = stage;
      },
    });
  } finally {
    bar.stop();
  }
}

/** One line a state and reason, and the sum that shows nothing is missing. */
function table({ drive, frames, sent }: UploadResult): string {
  const groups = groupFrames(frames);
  const rows = [...groups].map(([key, members]) => {
    const [state = '', reasons = ''] = key.split('|');
    const points = members.reduce((sum, { points }) => sum + BigInt(points), 0n);
    return `  ${String(members.length).padStart(6)}  ${state.padEnd(11)} ${reasons.padEnd(40)} ${pointsOf(points).padStart(12)}`;
  });
  const verdict = drive.state === 'refused' ? `refused: ${drive.reason}` : `${drive.verdict}, tier ${drive.tier}`;
  const hints = frames.some(({ reasons }) => reasons.includes('no_time')) ? ['  Pictures without a time: run again with --start 2026-05-12T14:03:00Z --interval 2'] : [];
  const held = drive.counts['private'] ?? 0;
  return [
    `${drive.name}  ${drive.id}`,
    `  ${verdict}; ${sent} of ${drive.files.announced} files sent in this run${held === 0 ? '' : `; ${held} frames stay private`}`,
    `  frames  state       reasons                                        points`,
    ...rows,
    `  ${String(frames.length).padStart(6)}  in all${' '.repeat(46)} ${pointsOf(BigInt(drive.points)).padStart(12)}`,
    ...drive.notes.slice(0, 10).map(({ code, detail }) => `  note: ${code} ${Object.entries(detail).map(([name, value]) => `${name} ${value}`).join(', ')}`),
    ...hints,
  ].join('\n');
}

function keyOf({ state, reasons, private: hidden }: OwnFrame): string {
  return `${state}|${[...reasons, ...(hidden === null ? [] : [hidden])].join(', ')}`;
}

function groupFrames(frames: readonly OwnFrame[]): Map<string, OwnFrame[]> {
  const groups = new Map<string, OwnFrame[]>();
  for (const frame of frames) groups.set(keyOf(frame), [...(groups.get(keyOf(frame)) ?? []), frame]);
  return groups;
}

/** Micro-points as points, every digit of them. */
function pointsOf(micro: bigint): string {
  return `${micro / 1_000_000n}.${String(micro % 1_000_000n).padStart(6, '0')}`;
}

function trackFile(path: string, before: readonly string[] = []): readonly string[] {
  if (trackFormat(path) === null) throw new InvalidArgumentError('it must be a .gpx or .nmea file.');
  return [...before, path];
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('it must be a number.');
  return value;
}

function positiveNumber(text: string): number {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError('it must be more than 0.');
  return value;
}

function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 0 || value > 5000) throw new InvalidArgumentError('it must be a whole number from 0 to 5000.');
  return value;
}

function instant(text: string): string {
  if (!/T.*(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('it must be a time with its zone, as 2026-05-12T14:03:00Z or 2026-05-12T16:03:00+02:00.');
  return new Date(text).toISOString();
}
