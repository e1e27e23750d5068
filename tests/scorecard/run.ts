import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { OWN_MODEL } from '../../validate/model-file.ts';
import { MACRO } from './attacks.ts';
import { readFolds } from './folds-file.ts';
import type { Effort, Measured } from './measure.ts';
import { progressBar } from './progress.ts';
import { type Paper, paperOf } from './paper.ts';
import { scorecardOf } from './scorecard.ts';
import type { Task } from './task.ts';
import { performAll } from './workers.ts';

const FOLDER = fileURLToPath(new URL('../../validate/', import.meta.url));
const SEED = 20_261_123;
/** Draws a minute of driving; the complete ones give about 650 stretches an attack on 13 hours. */
const COMPLETE = { attacksPerMinute: 1, variantsPerMinute: 0.2, dropOutsPerMinute: 0.2, made: { drives: 24, filmed: 24, lookAlikes: 2 } };
const QUICK = { attacksPerMinute: 0.1, variantsPerMinute: 0.05, dropOutsPerMinute: 0.05, made: { drives: 3, filmed: 2, lookAlikes: 0 } };

const USAGE = `npm run scorecard [-- --drives DIR --json --quick]
  --drives DIR   honest drive folders; without it WAYPROOF_DATA/drives
  --json         print the figures as one line of JSON
  --quick        few draws, for a first look: the paper is printed and not written`;

async function main(words: readonly string[]): Promise<number> {
  const { drives, json = false, quick = false } = optionsOf(words);
  const folder = drives ?? join(process.env['WAYPROOF_DATA'] ?? '', 'drives');
  if (!existsSync(folder)) {
    console.error(`${folder} is no folder: name one with honest drive folders, or set WAYPROOF_DATA\n${USAGE}`);
    return 2;
  }
  const startedMs = performance.now();
  const { made, ...draws } = quick ? QUICK : COMPLETE;
  const effort = { seed: SEED, ...draws };
  const figures = await figuresOf(folder, effort, made);
  const { markdown, plots } = paperOf({ ...figures, effort, minutes: (performance.now() - startedMs) / 60_000, date: new Date().toISOString().slice(0, 10), hashes: hashes() });
  if (!quick) write(markdown, plots);
  console.log(json ? JSON.stringify(figures.real) : markdown);
  return 0;
}

function optionsOf(words: readonly string[]): { readonly drives?: string; readonly json?: boolean; readonly quick?: boolean } {
  return parseArgs({ args: [...words], options: { drives: { type: 'string' }, json: { type: 'boolean' }, quick: { type: 'boolean' } } }).values;
}

type Figures = Pick<Paper, 'real' | 'simulated' | 'material'>;

async function figuresOf(folder: string, effort: Effort, made: Task['made']): Promise<Figures> {
  const { folds, leftOut, devices } = readFolds(OWN_MODEL);
  const task = (set: Task['set'], entry = 0, only: Task['only'] = null): Task => ({ set, entry, folder, made, effort, only });
  const tasks = [...folds.map((_, n) => task('fold', n)), task('unknown'), task('simulated'), ...(made.lookAlikes > 0 ? [task('look-alikes')] : []), task('camera'), ...leftOut.map(({ attack }, n) => task('left-out', n, [attack])), ...devices.map((_, n) => task('device', n, MACRO))];
  const bar = progressBar();
  const results = await performAll(tasks, Math.min(2, cpus().length), bar).finally(() => bar.stop());
  const of = (set: Task['set']): readonly Measured[] => results.filter((_, n) => tasks[n]!.set === set);
  const [real, simulated] = [together([...of('fold'), ...of('unknown')]), together(of('simulated'))];
  const [lookAlikes, camera] = [together(of('look-alikes')).honest, together(of('camera')).decisions];
  if (real.honest.length === 0) throw new Error(`no drive folder in ${folder} has a usable position`);
  const unseen = of('left-out').map(({ decisions }, n) => ({ attack: leftOut[n]!.attack, decisions }));
  return {
    real: scorecardOf({ ...real, leftOut: unseen, lookAlikes, camera }), simulated: scorecardOf({ ...simulated, leftOut: [], lookAlikes: [], camera: [] }),
    material: { real, simulated, lookAlikes, devices: of('device').map((measured, n) => ({ device: devices[n]!.device, measured })) },
  };
}

function together(sets: readonly Measured[]): Measured {
  return { decisions: sets.flatMap(({ decisions }) => decisions), honest: sets.flatMap(({ honest }) => honest) };
}

function hashes(): Readonly<Record<string, string>> {
  const { folds, leftOut, devices } = readFolds(OWN_MODEL);
  const names = ['consistency.onnx', 'consistency.json', ...[...folds, ...leftOut, ...devices].map(({ weights }) => weights)];
  return Object.fromEntries(names.map((name) => [name, createHash('sha256').update(readFileSync(join(FOLDER, 'model', name))).digest('hex')]));
}

function write(markdown: string, plots: Readonly<Record<string, string>>): void {
  mkdirSync(join(FOLDER, 'scorecard'), { recursive: true });
  for (const [name, svg] of Object.entries(plots)) writeFileSync(join(FOLDER, 'scorecard', name), svg);
  writeFileSync(join(FOLDER, 'SCORECARD.md'), markdown);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
