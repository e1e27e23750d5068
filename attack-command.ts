import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Command, InvalidArgumentError } from 'commander';
import { type DriveFolder, inColumnsOf, isWritten, readDriveFolder } from './attack-folder.ts';
import { attackList, attackReport, type Made } from './attack-table.ts';
import { driveTexts, hasOtherTracks, type WrittenText } from './attack-writer.ts';
import { ATTACKS, attackOf, type AttackName, isAttackName } from './fixtures/attacks/all.ts';
import { type Attack, type AttackOptions, lacking, spanOf, usualStretch } from './fixtures/attacks/attack.ts';
import { donorFrom } from './fixtures/attacks/donor.ts';
import { paint } from './fixtures/attacks/paint.ts';
import { prepareImages, repainted } from './ingest/image.ts';
import { filesUnder, type LocalFile } from './ingest/local-files.ts';
import { trackFormat } from './ingest/importers/tracks.ts';
import { openParsers } from './ingest/parser-thread.ts';
import { readConfig } from './shared/io/config.ts';
import { RECIPE } from './shared/model/recipe.ts';

interface Flags {
  readonly severity?: number;
  readonly variant?: string;
  readonly from?: number;
  readonly to?: number;
  readonly seed: number;
  readonly donor?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** `wayproof attack NAME DRIVE OUT`: the cheats that the judge is measured on, for anybody to make from a drive of their own. */
export function attackCommand(program: Command): void {
  program
    .command('attack')
    .description('forge a drive folder as a cheat would, to see what the judge makes of it')
    .argument('[name]', 'which cheat; --list shows them')
    .argument('[drive]', 'a drive folder; it stays as it is')
    .argument('[out]', 'the forged folder: new, or empty')
    .option('--list', 'the cheats, what each needs, its severity and its variants')
    .option('--severity <number>', 'how strong, in the unit that --list gives', number)
    .option('--variant <name>', 'one of those that --list gives; else the first')
    .option('--from <seconds>', 'where it begins, counted from the start of the drive', number)
    .option('--to <seconds>', 'and where it ends', number)
    .option('--seed <number>', 'another one makes another forgery of the same kind', wholeNumber, 1)
    .option('--donor <drive>', 'another drive folder, whose log, sensor or pictures are taken')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nThe same drive, options and seed make the same forgery.\nExamples:\n  wayproof attack --list\n  wayproof attack drag-off ~/drives/monday /tmp/dragged --severity 2 --from 120\n  wayproof attack replay ~/drives/monday /tmp/replayed --donor ~/drives/tuesday\n  wayproof judge /tmp/dragged /tmp/replayed')
    .action(async (name: string | undefined, drive: string | undefined, out: string | undefined, flags: Flags, command: Command) => {
      if (flags.list === true) return console.log(attackList(flags.json === true));
      if (name === undefined || drive === undefined || out === undefined) command.error('error: NAME, DRIVE and OUT are needed (wayproof attack --list shows the names)', { exitCode: 2 });
      if (!isAttackName(name)) command.error(`error: there is no attack ${name}; there are ${Object.keys(ATTACKS).join(', ')}`, { exitCode: 2 });
      const attack = attackOf(name);
      if (flags.variant !== undefined && !attack.variants.includes(flags.variant)) command.error(`error: ${name} has no variant ${flags.variant}; it has ${attack.variants.join(', ')}`, { exitCode: 2 });
      await mustBeFree(out, drive);
      const made = await forge({ name, attack, drive: resolve(drive), out: resolve(out), flags });
      console.log(attackReport(made, flags.json === true));
    });
}

interface Forging {
  readonly name: AttackName;
  readonly attack: Attack;
  readonly drive: string;
  readonly out: string;
  readonly flags: Flags;
}

async function forge({ name, attack, drive, out, flags }: Forging): Promise<Made> {
  const parsers = openParsers();
  const read = async (folder: string): Promise<DriveFolder> => {
    if ((await stat(folder).catch(() => null))?.isDirectory() !== true) throw new Error(`${folder} is no folder; unpack archives first`);
    return await readDriveFolder({ parsers, rules: RECIPE.ingest }, await filesUnder(folder)).catch((cause: unknown) => {
      throw new Error(`${folder} cannot be attacked: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    });
  };
  try {
    const before = await read(drive);
    if (before.gnss.length === 0 && before.frames.length === 0 && before.imu === null) throw new Error(`${drive} cannot be attacked: nothing in it can be read as a drive`);
    const whole = flags.donor === undefined ? null : await read(resolve(flags.donor));
    const missing = lacking(attack, before, whole);
    if (missing !== null) throw new Error(`${name} needs ${missing}${missing.includes('donor') ? ' (--donor DRIVE)' : ''}, and ${drive}${whole === null ? '' : ` with ${resolve(flags.donor!)}`} has not got that`);
    const stretch = stretchOf(attack, before, flags);
    const donor = whole === null ? null : inColumnsOf(donorFrom(whole, { lastsS: stretch.toS - stretch.fromS, seed: flags.seed }), before);
    const options: AttackOptions = { ...stretch, severity: flags.severity ?? attack.severity.default, seed: flags.seed, variant: flags.variant ?? attack.variants[0]!, ...(donor === null ? {} : { donor }) };
    const attacked = attack.apply(before, options);
    const texts = driveTexts(attacked, before);
    const pictures = await writeFolder(out, { attacked, before, donor, texts });
    return { name, attack, options, span: spanOf(before), texts, removed: removed(before, texts), pictures, out };
  } finally {
    await parsers.close();
  }
}

function stretchOf(attack: Attack, drive: DriveFolder, { from, to }: Flags): { readonly fromS: number; readonly toS: number } {
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

/** A forgery is never written over or into anything. */
async function mustBeFree(out: string, drive: string): Promise<void> {
  const inside = relative(resolve(drive), resolve(out));
  if (inside === '' || (!inside.startsWith('..') && resolve(out).startsWith(resolve(drive)))) throw new Error(`${out} lies inside ${drive}; give a folder elsewhere`);
  const found = await stat(out).catch(() => null);
  if (found === null) return;
  if (!found.isDirectory()) throw new Error(`${out} is there already, and is no folder`);
  if ((await readdir(out)).length > 0) throw new Error(`${out} is not empty; give a new folder`);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('it must be a number.');
  return value;
}

function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('it must be a whole number from 0 on.');
  return value;
}
