import type { Drive } from '../../shared/model/drive.ts';
import { OWN_MODEL } from '../../validate/model-file.ts';
import { realJourneys, simulatedJourneys } from '../training/journeys.ts';
import { openFoldJudge, shippedJudge } from './fold-judge.ts';
import { type FoldEntry, readFolds } from './folds-file.ts';
import { type Effort, type Measured, measureDrive, plan } from './measure.ts';
import { groundOf } from './placing.ts';
import { foldOf } from './unseen.ts';

/** Drives that one judge scores: a fold's, those that no weights have seen, simulated ones, or those of weights that never heard of an attack or a device. */
export interface Task {
  readonly set: 'fold' | 'unknown' | 'simulated' | 'left-out' | 'device';
  /** Which entry of the folds file; 0 where there is none. */
  readonly entry: number;
  readonly folder: string | null;
  readonly simulated: number;
  readonly effort: Effort;
  /** The attacks to try, with all sensors; null = everything. */
  readonly only: readonly string[] | null;
}

/** Simulated drives of the scorecard: training draws its seeds below this. */
export const SIMULATED_SEED = 77_000_000;

/** Reads the drives, opens the judge that has not seen them, and measures them one by one. */
export async function perform(task: Task, say: { readonly planned: (count: number) => void; readonly done: () => void }): Promise<Measured> {
  const file = readFolds(OWN_MODEL);
  const drives = drivesOf(task);
  const entry = entryOf(task, file);
  const mine = task.set === 'simulated' ? drives : drives.filter((drive) => (entry === null ? foldOf(file.folds, drive) === null : entry.unseen.includes(drive.inputSha256)));
  if (mine.length === 0) return { decisions: [], honest: [] };
  const judge = entry === null ? await shippedJudge() : await openFoldJudge(file, entry, drives);
  const grounds = mine.map(groundOf).filter((ground) => ground !== null);
  const setting = { judge, fold: task.set === 'fold' ? task.entry : null, source: task.set === 'simulated' ? 'simulated' as const : 'real' as const, effort: task.effort, only: task.only, mates: grounds, done: say.done };
  say.planned(grounds.reduce((sum, ground) => sum + 1 + plan(ground, setting).length, 0));
  const measured: Measured[] = [];
  for (const ground of grounds) measured.push(await measureDrive(ground, setting));
  await judge.close();
  return { decisions: measured.flatMap(({ decisions }) => decisions), honest: measured.flatMap(({ honest }) => honest) };
}

function entryOf({ set, entry }: Task, file: ReturnType<typeof readFolds>): FoldEntry | null {
  if (set === 'unknown' || set === 'simulated') return null;
  const found = { fold: file.folds, 'left-out': file.leftOut, device: file.devices }[set][entry];
  if (found === undefined) throw new RangeError(`the model names no ${set} ${entry}`);
  return found;
}

let read: { readonly folder: string; readonly drives: readonly Drive[] } | null = null;

/** Read once by a worker, whatever it is asked to do with them. */
function drivesOf({ set, folder, simulated }: Task): readonly Drive[] {
  if (set === 'simulated') return simulatedJourneys(simulated, SIMULATED_SEED).map(({ drive }) => drive);
  if (folder === null) return [];
  if (read?.folder !== folder) read = { folder, drives: realJourneys(folder).map(({ drive }) => drive) };
  return read.drives;
}
