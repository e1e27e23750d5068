import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRandom } from '../../fixtures/random.ts';
import { NET_COLUMNS, NET_GROUPS, NET_SECONDS } from '../../validate/net-input.ts';
import { channelNames } from '../../validate/model-file.ts';
import { ATTACKS } from './attacked.ts';
import { draw, type Sample } from './draws.ts';
import { FOLDS, realJourneys, simulatedJourneys } from './journeys.ts';

export const TRAINING_SEED = 20_260_101;
const REAL_PER_MINUTE = 1;
const SIMULATED_PER_MINUTE = 0.5;

/**
 * `tsx tests/training/run-export.ts OUT SIMULATED [DRIVES]`: writes the net's training set, `windows.f32` (little-endian,
 * window after window) and `windows.json`. Called by `validate/training/train.py`; it lives with the tests because it
 * needs the simulator and Ingest's importer, which Validate may not import.
 */
function run(out: string, simulated: number, drives: string | null): void {
  mkdirSync(out, { recursive: true });
  const file = openSync(join(out, 'windows.f32'), 'w');
  const rows: Omit<Sample, 'input'>[] = [];
  const real = drives === null ? [] : realJourneys(drives);
  const journeys = [...real, ...simulatedJourneys(simulated, TRAINING_SEED)];
  for (const [source, perMinute] of [['real', REAL_PER_MINUTE], ['simulated', SIMULATED_PER_MINUTE]] as const) {
    const of = journeys.map((journey, n) => ({ journey, n })).filter(({ journey }) => journey.source === source);
    for (const { input, journey, ...row } of draw({ journeys: of.map(({ journey }) => journey), random: makeRandom(TRAINING_SEED, source), perMinute })) {
      writeSync(file, new Uint8Array(input.buffer));
      rows.push({ ...row, journey: of[journey]!.n });
    }
    process.stderr.write(`${source}: ${rows.length} windows so far\n`);
  }
  closeSync(file);
  writeFileSync(join(out, 'windows.json'), JSON.stringify({
    channels: channelNames(), seconds: NET_SECONDS, folds: FOLDS, seed: TRAINING_SEED,
    groups: NET_GROUPS, needs: NET_COLUMNS.map(({ needs }) => needs), needsImu: Object.entries(ATTACKS).filter(([, { needsImu }]) => needsImu).map(([name]) => name),
    journeys: journeys.map(({ drive, source, fold }) => ({ name: drive.name, source, fold, inputSha256: drive.inputSha256 })),
    rows,
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(process.argv[2] ?? '.', Number(process.argv[3] ?? 0), process.argv[4] ?? null);
