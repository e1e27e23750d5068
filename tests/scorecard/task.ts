import { SCENARIOS } from '../../fixtures/scenarios/all.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { OWN_MODEL } from '../../validate/model-file.ts';
import { realJourneys, simulatedJourneys } from '../training/journeys.ts';
import { CAMERA_ATTACKS, cameraDrives, measureCamera } from './camera-attacks.ts';
import { openFoldJudge, shippedJudge } from './fold-judge.ts';
import { type FoldEntry, readFolds } from './folds-file.ts';
import { measureLookAlikes } from './look-alikes.ts';
import { type Effort, type Measured, measureDrive, plan } from './measure.ts';
import { groundOf } from './placing.ts';
import { foldOf } from './unseen.ts';

/** Drives that one judge scores: a fold's, those that no weights have seen, simulated ones, or those of weights that never heard of an attack or a device. */
export interface Task {
  readonly set: 'fold' | 'unknown' | 'simulated' | 'left-out' | 'device' | 'camera' | 'look-alikes';
  /** Which entry of the folds file; 0 where there is none. */
  readonly entry: number;
  readonly folder: string | null;
  /** How many drives to simulate, with and without pictures, and how many seeds of each look-alike. */
  readonly made: { readonly drives: number; readonly filmed: number; readonly lookAlikes: number };
  readonly effort: Effort;
  /** The attacks to try, with all sensors; null = everything. */
  readonly only: readonly string[] | null;
}

/** Simulated drives of the scorecard: training draws its seeds below this. */
export const SIMULATED_SEED = 77_000_000;
const FILMED_SEED = 77_100_000;

/** Told how much is planned and done. */
export interface Said {
  readonly planned: (count: number) => void;
  readonly done: () => void;
}

/** Reads the drives, opens the judge that has not seen them, and measures them one by one. */
export async function perform(task: Task, say: Said): Promise<Measured> {
  if (task.set === 'camera' || task.set === 'look-alikes') return await performMade(task, say);
  const file = readFolds(OWN_MODEL);
  const drives = drivesOf(task);
  const entry = entryOf(task, file);
  const mine = task.set === 'simulated' ? drives : drives.filter((drive) => (entry === null ? foldOf(file.folds, drive) === null : entry.unseen.includes(drive.inputSha256)));
  if (mine.length === 0) return { decisions: [], honest: [] };
  const judge = entry === null ? await shippedJudge() : await openFoldJudge(file, entry);
  const grounds = mine.map(groundOf).filter((ground) => ground !== null);
  const setting = { judge, fold: task.set === 'fold' ? task.entry : null, source: task.set === 'simulated' ? 'simulated' as const : 'real' as const, effort: task.effort, only: task.only, mates: grounds, done: say.done };
  say.planned(grounds.reduce((sum, ground) => sum + 1 + plan(ground, setting).length, 0));
  const measured: Measured[] = [];
  for (const ground of grounds) measured.push(await measureDrive(ground, setting));
  await judge.close();
  return { decisions: measured.flatMap(({ decisions }) => decisions), honest: measured.flatMap(({ honest }) => honest) };
}

async function performMade({ set, made, effort: { seed } }: Task, { planned, done }: Said): Promise<Measured> {
  const judge = await shippedJudge();
  try {
    if (set === 'camera') {
      planned(made.filmed * (1 + CAMERA_ATTACKS.length));
      return await measureCamera(judge, cameraDrives(made.filmed, FILMED_SEED), { seed, done });
    }
    planned(SCENARIOS.length);
    return await measureLookAlikes(judge, Array.from({ length: made.lookAlikes }, (_, n) => SIMULATED_SEED + n), done);
  } finally {
    await judge.close();
  }
}

function entryOf({ set, entry }: Task, file: ReturnType<typeof readFolds>): FoldEntry | null {
  if (set !== 'fold' && set !== 'left-out' && set !== 'device') return null;
  const found = { fold: file.folds, 'left-out': file.leftOut, device: file.devices }[set][entry];
  if (found === undefined) throw new RangeError(`the model names no ${set} ${entry}`);
  return found;
}

let read: { readonly folder: string; readonly drives: readonly Drive[] } | null = null;

/** Read once by a worker, whatever it is asked to do with them. */
function drivesOf({ set, folder, made }: Task): readonly Drive[] {
  if (set === 'simulated') return simulatedJourneys(made.drives, SIMULATED_SEED).map(({ drive }) => drive);
  if (folder === null) return [];
  if (read?.folder !== folder) read = { folder, drives: realJourneys(folder).map(({ drive }) => drive) };
  return read.drives;
}
