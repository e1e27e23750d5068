import type { Db } from '../shared/io/db.ts';
import type { LeaveMap } from '../shared/io/frame-moves.ts';
import type { Queue } from '../shared/io/queue.ts';
import { RECIPE, type Recipe, type RewardRules } from '../shared/model/recipe.ts';
import { refreshPoints } from './rewards/points.ts';
import { refreshCells } from './rollup.ts';
import { cellsOfDrive } from './store.ts';

export interface TilesJobDoors {
  readonly db: Db;
  readonly queue: Queue;
  readonly recipe: Recipe;
}

/** `frames.judged`: what was accepted enters the map and the pots, in the transaction that ends the job. */
export async function tilesJobs({ db, queue, recipe }: TilesJobDoors): Promise<void> {
  const refresh = refreshMap(recipe.rewards);
  await queue.work('frames.judged', 1, (job) =>
    db.transaction(async (tx) => {
      await queue.finish(tx, job);
      await refresh(tx, await cellsOfDrive(tx, job.data.driveId));
    }),
  );
}

/** Makes these cells, their ancestors and their provisional points what the frames say now. */
export function refreshMap(rules: RewardRules): LeaveMap {
  return async (tx, cells) => {
    await refreshCells(tx, cells);
    await refreshPoints(tx, cells, rules);
  };
}

/** For frames that leave `accepted`, under the recipe of this version. */
export const leaveMap: LeaveMap = refreshMap(RECIPE.rewards);
