import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import cliProgress from 'cli-progress';
import { type Command, Option } from 'commander';
import { type ContextFolder, openContext } from './context-folder.ts';
import { prepareImages } from './ingest/image.ts';
import { filesUnder, type LocalFile } from './ingest/local-files.ts';
import { archiveFormat, openArchive } from './ingest/open-archive.ts';
import { openParsers, type Parsers } from './ingest/parser-thread.ts';
import { readFolder } from './ingest/read-folder.ts';
import { verdictTable } from './judge-table.ts';
import { type Config, readConfig } from './shared/io/config.ts';
import type { Refusal } from './shared/model/reason.ts';
import { RECIPE, type Recipe } from './shared/model/recipe.ts';
import { parseRecipe } from './shared/model/recipe-file.ts';
import { printContext, withContext } from './validate/context/context-receipt.ts';
import { judgeContext } from './validate/context/judge-context.ts';
import { judgeWithNet } from './validate/judge-with-net.ts';
import { OWN_MODEL, readModel } from './validate/model-file.ts';
import { type Net, openNet } from './validate/net.ts';
import { PROVIDER_CHOICES, type ProviderChoice } from './validate/provider.ts';
import { judgementPieces, printJudgement } from './validate/receipt.ts';

interface Flags {
  readonly ndjson?: boolean;
  readonly model: string;
  readonly ep: ProviderChoice;
  readonly recipe?: string;
  readonly context?: string;
}

/** `wayproof judge DRIVE_FOLDER…`: verdicts without a server, the same bytes as a server's (specs/drive-folder.md). */
export function judgeCommand(program: Command): void {
  program
    .command('judge')
    .description('judge drive folders on this machine: nothing is sent, no database is needed')
    .argument('<folder...>', 'drive folders, or folders of pictures with EXIF positions; each may be packed as .zip, .tar or .tar.gz')
    .option('--ndjson', 'one JSON line a drive instead of a table')
    .option('--model <file>', 'another net, FILE.onnx with FILE.json beside it', OWN_MODEL)
    .addOption(new Option('--ep <provider>', 'what the net runs on; auto is the first of cuda, webgpu and cpu that this machine has').choices(PROVIDER_CHOICES).default('auto'))
    .option('--recipe <file>', 'another recipe, as JSON')
    .option('--context <dir>', 'a folder of other drive folders: each drive is held against them too, as if others had sent them before')
    .addHelpText('after', '\nA folder that holds nothing to judge is said on standard error, and the exit status is 1.\nExamples:\n  wayproof judge ~/drives/monday\n  wayproof judge --ndjson drives/* > verdicts.ndjson')
    .action(async (folders: readonly string[], flags: Flags) => {
      const config = readConfig(process.env);
      const recipe = flags.recipe === undefined ? RECIPE : await recipeFrom(flags.recipe);
      prepareImages();
      const model = await readModel(flags.model);
      const parsers = openParsers();
      // Both threads load at once, before the first drive.
      const [net] = await Promise.all([openNet(model, { choice: flags.ep }), parsers.ready()]);
      try {
        const judging = { config, recipe, net, parsers, ndjson: flags.ndjson === true };
        const context = flags.context === undefined ? null : await openContext(judging, flags.context);
        for (const folder of folders) await judgeGiven({ ...judging, context }, folder);
      } finally {
        await parsers.close();
        await net.close();
      }
    });
}

interface Judging {
  readonly config: Config;
  readonly recipe: Recipe;
  readonly net: Net;
  readonly parsers: Parsers;
  readonly ndjson: boolean;
  readonly context: ContextFolder | null;
}

async function judgeGiven(judging: Judging, given: string): Promise<void> {
  const beganMs = performance.now();
  const found = await stat(given).catch(() => null);
  if (found?.isDirectory() === true) return await judgeFolder(judging, { given, beganMs, name: basename(resolve(given)), files: await filesUnder(resolve(given)) });
  if (found === null) return sayUnjudged(given, 'there is no such folder');
  const format = found.isFile() ? await archiveFormat(given) : null;
  if (format === null) return sayUnjudged(given, 'it is neither a folder nor a .zip, .tar or .tar.gz of one');
  const archive = await openArchive(resolve(given), format);
  if ('code' in archive) return sayUnjudged(given, `it is not unpacked: ${archive.detail['why']}`);
  try {
    await judgeFolder(judging, { given, beganMs, name: archive.name, files: archive.files });
  } finally {
    await archive.close();
  }
}

interface GivenFolder {
  readonly given: string;
  readonly beganMs: number;
  readonly name: string;
  readonly files: readonly LocalFile[];
}

async function judgeFolder({ config, recipe, net, parsers, ndjson, context }: Judging, { given, beganMs, name, files }: GivenFolder): Promise<void> {
  const { onProgress, done } = progressBar(name);
  const drive = await readFolder({ parsers, rules: recipe.ingest, maxPixels: config.maxPixels, workers: config.workers, onProgress }, { name, files }).finally(done);
  if ('code' in drive) return sayUnjudged(given, reasonOf(drive));
  const verdict = await judgeWithNet(net, drive, recipe);
  const held = context === null ? null : await judgeContext(drive, verdict, await context.besides(given), recipe);
  const ms = Math.round(performance.now() - beganMs);
  if (!ndjson) return console.log(verdictTable(verdict, held, ms));
  const pieces = held === null ? judgementPieces(verdict) : [withContext(printJudgement(verdict), printContext(held, verdict))];
  writeLine(pieces, ms);
}

const WRITTEN_LETTERS = 64 * 1024;

/** `ms` is the last member, so that the line without it is the judgement, byte for byte. */
function writeLine(pieces: Iterable<string>, ms: number): void {
  let text = '';
  for (const piece of pieces) {
    // The last letter is held back: it may be the brace before which `ms` stands.
    if (text.length > WRITTEN_LETTERS) {
      process.stdout.write(text.slice(0, -1));
      text = text.slice(-1);
    }
    text += piece;
  }
  process.stdout.write(`${text.slice(0, -1)},"ms":${ms}}\n`);
}

/** The others are still judged. */
function sayUnjudged(folder: string, why: string): void {
  console.error(`wayproof: ${folder}: ${why}`);
  process.exitCode = 1;
}

function reasonOf({ code, detail }: Refusal): string {
  const figures = Object.entries(detail).map(([name, value]) => `${name} ${value}`).join(', ');
  const hint = code === 'no_time' ? '; its pictures have no capture time (frames.csv can give one)' : '';
  return `nothing in it can be judged: ${code}${figures === '' ? '' : ` (${figures})`}${hint}`;
}

function progressBar(name: string): { readonly onProgress: (done: number, total: number) => void; readonly done: () => void } {
  if (!process.stderr.isTTY) return { onProgress: () => {}, done: () => {} };
  const bar = new cliProgress.SingleBar({ format: `${name} {bar} {value}/{total} files`, hideCursor: true, clearOnComplete: true, stream: process.stderr }, cliProgress.Presets.shades_grey);
  bar.start(1, 0);
  return {
    onProgress: (done, total) => {
      bar.setTotal(total);
      bar.update(done);
    },
    done: () => bar.stop(),
  };
}

async function recipeFrom(file: string): Promise<Recipe> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`the recipe ${file} cannot be read`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`the recipe ${file} is no JSON`);
  }
  const recipe = parseRecipe(value);
  if ('version' in recipe) return recipe;
  throw new Error(`the recipe ${file} cannot be used: ${recipe.slice(0, 10).join('; ')}`);
}
