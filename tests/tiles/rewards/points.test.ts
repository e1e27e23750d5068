import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../../shared/io/db.ts';
import { moveFrames } from '../../../shared/io/frame-moves.ts';
import { openLog } from '../../../shared/io/log.ts';
import { openQueue } from '../../../shared/io/queue.ts';
import { cellAt } from '../../../shared/model/cell.ts';
import { epochOf } from '../../../shared/model/epoch.ts';
import type { DriveId } from '../../../shared/model/ids.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { leaveMap, tilesJobs } from '../../../tiles/jobs.ts';
import { areaPpm } from '../../../tiles/rewards/points.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { addFrame, type TestFrame, uuidOf } from '../world.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await freshDatabase();
});
afterAll(() => world.drop());

const HERE = { latDeg: 48.137, lonDeg: 11.575 };
const CELL = cellAt(HERE, 12);
/** Monday 2026-05-11 and the Saturday before it. */
const MONDAY = new Date('2026-05-11T08:00:00Z');
const SATURDAY = new Date('2026-05-09T08:00:00Z');

async function accept(frame: Omit<TestFrame, 'latDeg' | 'lonDeg'>): Promise<bigint> {
  const { key, cell } = await addFrame(world.db, { quality: 1, headingDeg: 90, ...HERE, ...frame });
  await world.db.transaction((tx) => leaveMap(tx, [cell]));
  return key;
}

function withdraw(key: bigint): Promise<void> {
  return world.db.transaction((tx) => moveFrames(tx, leaveMap, { keys: [key], to: 'withdrawn', reasons: ['withdrawn_by_owner'], movedBy: 'test' }));
}

async function pointsOf(db: Db, key: bigint) {
  const [row] = await db.query<{ micro: bigint; pot: bigint; rank: number; reason: string | null; refill: number; share: number; of: number; octant: number; epoch: number }>(
    `select micro_points as micro, pot_micro_points as pot, rank, reason, refill_days as refill, share, share_of as of, octant, epoch
     from frame_points where frame_key = $1`,
    [key],
  );
  return row ?? null;
}

describe('provisional points', () => {
  test('are shared again when somebody comes and when somebody goes', async () => {
    const pot = areaPpm(CELL);
    const first = await accept({ name: 'a1', drive: 'a', account: 'anna', capturedAt: MONDAY });
    expect(await pointsOf(world.db, first)).toMatchObject({ micro: pot, pot, rank: 1, refill: 7, share: 4, of: 4, octant: 2, epoch: epochOf(MONDAY.getTime() / 1000) });
    const second = await accept({ name: 'b1', drive: 'b', account: 'ben', capturedAt: new Date(MONDAY.getTime() + 1000) });
    expect(await pointsOf(world.db, first)).toMatchObject({ micro: (pot * 4n) / 7n, share: 4, of: 7 });
    expect(await pointsOf(world.db, second)).toMatchObject({ micro: (pot * 3n) / 7n, rank: 2 });
    const third = await accept({ name: 'c1', drive: 'c', account: 'carl', capturedAt: new Date(MONDAY.getTime() - 1000) });
    const fourth = await accept({ name: 'd1', drive: 'd', account: 'dora', capturedAt: new Date(MONDAY.getTime() + 9000) });
    expect((await pointsOf(world.db, third))!.micro).toBe(pot / 2n);
    expect(await pointsOf(world.db, fourth)).toMatchObject({ micro: 0n, rank: 4, reason: 'beyond_third' });
    await withdraw(third);
    expect(await pointsOf(world.db, third)).toBeNull();
    expect(await pointsOf(world.db, first)).toMatchObject({ micro: pot / 2n, rank: 1 });
    expect(await pointsOf(world.db, fourth)).toMatchObject({ micro: pot / 8n, rank: 3, reason: null });
  });

  test('of the week count from the last capture before it, and refill when that one goes', async () => {
    const monday = await accept({ name: 'e1', drive: 'e', account: 'anna', capturedAt: MONDAY, headingDeg: 180 });
    const saturday = await accept({ name: 'e2', drive: 'e2', account: 'ben', capturedAt: SATURDAY, headingDeg: 180 });
    expect(await pointsOf(world.db, monday)).toMatchObject({ refill: 1, pot: areaPpm(CELL) / 7n });
    const sunday = await accept({ name: 'e3', drive: 'e3', account: 'ben', capturedAt: new Date('2026-05-10T08:00:00Z'), headingDeg: 180 });
    expect(await pointsOf(world.db, monday)).toMatchObject({ refill: 0, micro: 0n, reason: 'already_fresh' });
    await withdraw(sunday);
    await withdraw(saturday);
    expect(await pointsOf(world.db, monday)).toMatchObject({ refill: 7 });
  });

  test('of frames without a heading come from a pot of their own', async () => {
    const key = await accept({ name: 'f1', drive: 'f', account: 'anna', capturedAt: MONDAY, headingDeg: null });
    expect(await pointsOf(world.db, key)).toMatchObject({ octant: -1, micro: areaPpm(CELL) });
  });

  test('of tier C are none, and such a frame empties no pot', async () => {
    const forged = await accept({ name: 'g1', drive: 'g', account: 'mallory', capturedAt: SATURDAY, headingDeg: 270, tier: 'C' });
    const honest = await accept({ name: 'g2', drive: 'g2', account: 'anna', capturedAt: MONDAY, headingDeg: 270 });
    expect(await pointsOf(world.db, forged)).toMatchObject({ micro: 0n, rank: null });
    expect(await pointsOf(world.db, honest)).toMatchObject({ micro: areaPpm(CELL), refill: 7 });
  });

  test('never exceed a pot, over all rows', async () => {
    const broken = await world.db.query(
      `select 1 from frame_points group by h3, octant, epoch having sum(micro_points) > max(pot_micro_points) or count(distinct pot_micro_points) > 1`,
    );
    expect(broken).toEqual([]);
  });
});

test('the job brings a judged drive onto the map and ends in the same transaction', async () => {
  const log = openLog({ level: 'silent' });
  const queue = await openQueue(world.db, log);
  try {
    const place = { latDeg: -33.86, lonDeg: 151.21 };
    const { cell, key } = await addFrame(world.db, { name: 'job', drive: 'job', account: 'anna', quality: 1, ...place });
    await tilesJobs({ db: world.db, queue, recipe: RECIPE });
    await world.db.transaction((tx) => queue.send(tx, 'frames.judged', { driveId: uuidOf('job') as DriveId }));
    await expect.poll(async () => (await queue.depth())['frames.judged'] ?? 0, { timeout: 15_000 }).toBe(0);
    expect(await world.db.query('select frames from cells where h3 = $1', [cell])).toEqual([{ frames: 1 }]);
    expect((await pointsOf(world.db, key))!.micro).toBe(areaPpm(cell));
    expect(await queue.deadLetters()).toEqual([]);
  } finally {
    await queue.close(1000);
  }
});
