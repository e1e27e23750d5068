import type { Db } from '../../shared/io/db.ts';
import type { Log } from '../../shared/io/log.ts';
import type { Queue } from '../../shared/io/queue.ts';
import { drivesWithoutCases, openCases } from './case-store.ts';
import { settleCase, type SettleDoors } from './settle.ts';

export interface ReviewJobDoors extends SettleDoors {
  readonly db: Db;
  readonly queue: Queue;
  readonly log: Log;
}

/** Starts the worker that lets decisions take effect; drives judged before there were cases get theirs first. */
export async function reviewJobs(doors: ReviewJobDoors): Promise<void> {
  const { db, queue, clock, recipe, log } = doors;
  for (const drive of await drivesWithoutCases(db)) await db.transaction((tx) => openCases(tx, clock, recipe, drive));
  await queue.work('review.settle', 1, async (job) => {
    const outcome = await db.transaction(async (tx) => {
      await queue.finish(tx, job);
      return await settleCase(tx, doors, job.data.caseId);
    });
    if (outcome !== null) log.info({ case: job.data.caseId, outcome }, 'case settled');
  });
}
