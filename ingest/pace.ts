import type { Clock } from '../shared/io/clock.ts';

/** How many at once, and for how long anything new is begun. */
export interface Pace {
  readonly atOnce: number;
  readonly clock: Clock;
  readonly budgetMs: number;
}

/** Runs `work` on every item, at most `limit` at once; answers in the order of the items. The first failure is thrown. */
export async function eachAtMost<Item, Result>(limit: number, items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  return await inLanes({ lanes: limit, mayBegin: () => true }, items, work);
}

/**
 * The same within a time: begins nothing new once the budget is used, but always the first. Answers for the items it
 * began, which are the first ones.
 */
export async function eachWithin<Item, Result>(pace: Pace, items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const endMs = pace.clock.nowMs() + pace.budgetMs;
  return await inLanes({ lanes: pace.atOnce, mayBegin: (index) => index === 0 || pace.clock.nowMs() < endMs }, items, work);
}

interface Lanes {
  readonly lanes: number;
  mayBegin(index: number): boolean;
}

async function inLanes<Item, Result>({ lanes, mayBegin }: Lanes, items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length && mayBegin(next)) {
      const index = next;
      next += 1;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}
