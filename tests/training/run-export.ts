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
import { FOLDS, realJourneys, simulatedJourneys } from './journeys.ts';

export const TRAINING_SEED = 20_260_101;
/** Draws for each minute of driving: to learn from, and to be measured on. */
const DRAWS = [
  { use: 'learn', source: 'real', perMinute: 2.5, draw: drawWide },
  { use: 'learn', source: 'simulated', perMinute: 1, draw: drawWide },
  { use: 'measure', source: 'real', perMinute: 1, draw },
  { use: 'measure', source: 'simulated', perMinute: 0.5, draw },
] as const;
/** Inputs lie in [-5, 5] and are kept in steps of 1.5e-4. */
export const STEPS_IN_ONE = 6553;

/** A window of the set: whether it is there to learn from or to be measured on, and what is known of it. */
export type Row = Omit<Sample, 'input'> & { readonly use: 'learn' | 'measure' };

/**
 * `tsx tests/training/run-export.ts OUT SIMULATED [DRIVES] [measure]`: writes the net's training set, `windows.i16` (little-endian,
 * window after window, `STEPS_IN_ONE` to one) and `windows.json`. Called by `validate/training/train.py`; it lives with the tests because it
 * needs the simulator and Ingest's importer, which Validate may not import.
 */
function run(out: string, { simulated, drives, uses }: { readonly simulated: number; readonly drives: string | null; readonly uses: readonly string[] }): void {
  mkdirSync(out, { recursive: true });
  const file = openSync(join(out, 'windows.i16'), 'w');
  const rows: Row[] = [];
  const real = drives === null ? [] : realJourneys(drives);
  const journeys = [...real, ...simulatedJourneys(simulated, TRAINING_SEED)];
  for (const { use, source, perMinute, draw: drawn } of DRAWS.filter((of) => uses.includes(of.use))) {
    const of = journeys.map((journey, n) => ({ journey, n })).filter(({ journey }) => journey.source === source);
    for (const { input, journey, ...row } of drawn({ journeys: of.map(({ journey }) => journey), random: makeRandom(TRAINING_SEED, `${use} ${source}`), perMinute })) {
      writeSync(file, new Uint8Array(Int16Array.from(input, (value) => Math.round(value * STEPS_IN_ONE)).buffer));
      rows.push({ ...row, use, journey: of[journey]!.n });
    }
    process.stderr.write(`${use}, ${source}: ${rows.length} windows so far\n`);
  }
  closeSync(file);
  writeFileSync(join(out, 'windows.json'), JSON.stringify({
    channels: channelNames(), seconds: NET_SECONDS, windowSeconds: RECIPE.validate.windowS, folds: FOLDS, seed: TRAINING_SEED, stepsInOne: STEPS_IN_ONE,
    groups: NET_GROUPS, needs: NET_COLUMNS.map(({ needs }) => needs), needsImu: Object.entries(WIDE_ATTACKS).filter(([, { needsImu }]) => needsImu).map(([name]) => name),
    journeys: journeys.map(({ drive, source, fold }) => ({ name: drive.name, source, fold, inputSha256: drive.inputSha256 })),
    rows,
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [out = '.', simulated = '0', ...rest] = process.argv.slice(2);
  const drives = rest.find((word) => word !== 'measure') ?? null;
  run(out, { simulated: Number(simulated), drives, uses: rest.includes('measure') ? ['measure'] : ['learn', 'measure'] });
}
