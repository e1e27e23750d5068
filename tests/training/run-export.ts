import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRandom } from '../../fixtures/random.ts';
import { NET_COLUMNS, NET_GROUPS, NET_SECONDS } from '../../validate/net-input.ts';
import { channelNames } from '../../validate/model-file.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { draw, type Sample } from './draws.ts';
import { WIDE_ATTACKS } from './wide.ts';
import { drawWide } from './wide-draws.ts';
import { EVERY_FOLD, FOLDS, realJourneys, scenarioJourneys } from './journeys.ts';

export const TRAINING_SEED = 20_260_101;
/** The pieces of the set, made side by side: draws for each minute of driving, to learn from and to be measured on. */
export const PIECES = [
  { use: 'learn', source: 'real', perMinute: 0.85, draw: drawWide },
  { use: 'learn', source: 'real', perMinute: 0.85, draw: drawWide },
  { use: 'learn', source: 'real', perMinute: 0.85, draw: drawWide },
  { use: 'learn', source: 'simulated', perMinute: 0.7, draw: drawWide },
  { use: 'measure', source: 'real', perMinute: 0.8, draw },
  { use: 'measure', source: 'simulated', perMinute: 0.4, draw },
] as const;
/** Inputs lie in [-5, 5] and are kept in steps of 1.5e-4. */
export const STEPS_IN_ONE = 6553;

/** A window of the set: whether it is there to learn from or to be measured on, and what is known of it. */
export type Row = Omit<Sample, 'input'> & { readonly use: 'learn' | 'measure' };

/**
 * `tsx tests/training/run-export.ts OUT PIECE SIMULATED [DRIVES]`: writes one piece of the net's training set,
 * `PIECE.i16` (little-endian, window after window, `STEPS_IN_ONE` to one) and `PIECE.json`. Called by
 * `validate/training/train.py`; it lives with the tests because it needs the simulator and Ingest's importer, which
 * Validate may not import.
 */
function run(out: string, piece: number, { simulated, drives }: { readonly simulated: number; readonly drives: string | null }): void {
  mkdirSync(out, { recursive: true });
  const file = openSync(join(out, `${piece}.i16`), 'w');
  const rows: Row[] = [];
  const { use, source, perMinute, draw: drawn } = PIECES[piece]!;
  const all = source === 'simulated' ? scenarioJourneys(simulated, TRAINING_SEED) : drives === null ? [] : realJourneys(drives);
  const journeys = use === 'learn' ? all : all.filter(({ fold }) => fold !== EVERY_FOLD);
  for (const { input, ...row } of drawn({ journeys, random: makeRandom(TRAINING_SEED, `piece ${piece}`), perMinute })) {
    writeSync(file, new Uint8Array(Int16Array.from(input, (value) => Math.round(value * STEPS_IN_ONE)).buffer));
    rows.push({ ...row, use });
  }
  closeSync(file);
  process.stderr.write(`${use}, ${source}: ${rows.length} windows\n`);
  writeFileSync(join(out, `${piece}.json`), JSON.stringify({
    channels: channelNames(), seconds: NET_SECONDS, windowSeconds: RECIPE.validate.windowS, folds: FOLDS, seed: TRAINING_SEED, stepsInOne: STEPS_IN_ONE,
    groups: NET_GROUPS, needs: NET_COLUMNS.map(({ needs }) => needs), needsImu: Object.entries(WIDE_ATTACKS).filter(([, { needsImu }]) => needsImu).map(([name]) => name),
    journeys: journeys.map(({ drive, source, fold }) => ({ name: drive.name, source, fold, inputSha256: drive.inputSha256 })),
    rows,
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [out = '.', piece = '0', simulated = '0', drives = null] = process.argv.slice(2);
  run(out, Number(piece), { simulated: Number(simulated), drives });
}
