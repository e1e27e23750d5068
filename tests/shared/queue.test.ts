import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../shared/io/db.ts';
import { openLog } from '../../shared/io/log.ts';
import { ObjectStoreAway } from '../../shared/io/objects.ts';
import { type Job, type JobHandler, LeaseLost, openQueue, type Queue } from '../../shared/io/queue.ts';
import type { DriveId } from '../../shared/model/ids.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { until } from '../waiting.ts';

const driveId = '0190a5a0-0000-7000-8000-000000000001' as DriveId;

let database: TestDatabase;
let db: Db;
let queue: Queue;
beforeAll(async () => {
  database = await freshDatabase();
  db = database.db;
  await db.query('create table written (by_attempt int)');
});
afterEach(async () => {
  await queue.close(1000);
  await db.query('delete from pgboss.job');
  await db.query('delete from written');
});
afterAll(async () => await database.drop());

async function open(): Promise<void> {
  queue = await openQueue(db, openLog({ level: 'silent' }));
}

async function send(): Promise<void> {
  await db.transaction((tx) => queue.send(tx, 'drive.ready', { driveId }));
}

/** As if the time until the next attempt had passed. */
async function skipBackoff(): Promise<void> {
  await db.query(`update pgboss.job set start_after = now() - interval '1 second' where state = 'retry'`);
}

/** As if the worker had been silent until the job expired; `maintenance` then gives it back. */
async function expireNow(): Promise<void> {
  await db.query(`update pgboss.job set started_on = now() - interval '10 minutes' where state = 'active'`);
}

const finishing = (handled: Job<'drive.ready'>[]): JobHandler<'drive.ready'> => async (job) => {
  await db.transaction((tx) => queue.finish(tx, job));
  handled.push(job);
};

describe('a job', () => {
  test('reaches a handler once, with its data, and is ended by it', async () => {
    await open();
    const handled: Job<'drive.ready'>[] = [];
    await queue.work('drive.ready', 1, finishing(handled));
    await send();
    await until(() => handled.length > 0);
    expect(handled[0]).toMatchObject({ name: 'drive.ready', attempt: 0, data: { driveId } });
    expect(await queue.depth()).toEqual({});
    const [row] = await db.query('select state from pgboss.job');
    expect(row).toEqual({ state: 'completed' });
  });

  test('of a transaction that was rolled back does not exist', async () => {
    await open();
    const sent = db.transaction(async (tx) => {
      await queue.send(tx, 'drive.ready', { driveId });
      throw new Error('changed my mind');
    });
    await expect(sent).rejects.toThrow('changed my mind');
    expect(await queue.depth()).toEqual({});
  });

  test('is not seen before its transaction is committed', async () => {
    await open();
    await db.transaction(async (tx) => {
      await queue.send(tx, 'drive.ready', { driveId });
      expect(await queue.depth()).toEqual({});
    });
    expect(await queue.depth()).toEqual({ 'drive.ready': 1 });
  });

  test('is tried again after a failure, as another attempt', async () => {
    await open();
    const attempts: number[] = [];
    await queue.work('drive.ready', 1, async (job) => {
      attempts.push(job.attempt);
      if (job.attempt < 2) throw new Error('not today');
      await db.transaction((tx) => queue.finish(tx, job));
    });
    await send();
    await until(async () => {
      await skipBackoff();
      return attempts.length === 3;
    });
    expect(attempts).toEqual([0, 1, 2]);
    await until(async () => Object.keys(await queue.depth()).length === 0);
  });

  test('that always fails ends in the dead letters with the reason, and frees the worker', async () => {
    await open();
    let attempts = 0;
    await queue.work('drive.ready', 1, async () => {
      attempts += 1;
      throw new Error('this drive breaks the machine');
    });
    await send();
    await until(async () => {
      await skipBackoff();
      return (await queue.deadLetters()).length > 0;
    });
    expect(attempts).toBe(5);
    const [letter] = await queue.deadLetters();
    expect(letter).toMatchObject({ name: 'drive.ready', data: { driveId }, reason: 'this drive breaks the machine' });
    expect(letter!.diedAt).toBeInstanceOf(Date);
    expect(await queue.depth()).toEqual({});
    // Days later maintenance has been by many times, and the letter is still there.
    await db.query(`update pgboss.job set completed_on = now() - interval '5 days', created_on = now() - interval '5 days' where state = 'failed'`);
    await db.query(`update pgboss.version set maintained_on = now() - interval '1 day'`);
    await until(async () => (await db.query(`select 1 from pgboss.version where maintained_on > now() - interval '1 hour'`)).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await queue.deadLetters()).toHaveLength(1);
  });

  test('whose end cannot be reported, because the database is away, neither ends the process nor is lost', async () => {
    let isAway = false;
    const flaky: Db = {
      ...db,
      query: async (text, values) => {
        if (isAway) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
        return await db.query(text, values);
      },
    };
    queue = await openQueue(flaky, openLog({ level: 'silent' }));
    let attempts = 0;
    await queue.work('drive.ready', 1, async (job) => {
      attempts += 1;
      isAway = attempts === 1;
      if (isAway) throw new Error('the database went away in the middle');
      await db.transaction((tx) => queue.finish(tx, job));
    });
    await send();
    // An unhandled rejection would fail this run.
    await until(() => attempts === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    isAway = false;
    expect(await db.query('select state from pgboss.job')).toEqual([{ state: 'active' }]);
    await expireNow();
    await until(async () => {
      await skipBackoff();
      return attempts === 2;
    });
    await until(async () => Object.keys(await queue.depth()).length === 0);
  });
});

test('a job that finds the object store away waits for it, however often, and keeps its attempts', async () => {
  await open();
  const attempts: number[] = [];
  await queue.work('drive.ready', 1, async (job) => {
    attempts.push(job.attempt);
    if (attempts.length <= 7) throw new ObjectStoreAway('it does not answer');
    await db.transaction((tx) => queue.finish(tx, job));
  });
  await send();
  for (let n = 1; n <= 8; n += 1) {
    await until(() => attempts.length >= n);
    await until(async () => (await db.query(`select 1 from pgboss.job where state = 'active'`)).length === 0);
    if (n === 1) expect(await db.query(`select start_after > now() + interval '3 seconds' as later from pgboss.job where state = 'created'`)).toEqual([{ later: true }]);
    await db.query(`update pgboss.job set start_after = now() where state = 'created'`);
  }
  expect(attempts).toEqual(Array.from({ length: 8 }, () => 0));
  expect(await queue.depth()).toEqual({});
  expect(await queue.deadLetters()).toEqual([]);
});

describe('the fence', () => {
  test('rolls back whoever is late: the job was given to another meanwhile', async () => {
    await open();
    let mayGoOn = false;
    let lateError: unknown;
    const write = async (job: Job<'drive.ready'>) => await db.transaction(async (tx) => {
      await queue.finish(tx, job);
      await tx.query('insert into written values ($1)', [job.attempt]);
    });
    await queue.work('drive.ready', 2, async (job) => {
      if (job.attempt > 0) return await write(job);
      await until(() => mayGoOn, 60_000);
      await write(job).catch((error: unknown) => {
        lateError = error;
        throw error;
      });
    });
    await send();
    await until(async () => (await db.query(`select 1 from pgboss.job where state = 'active'`)).length > 0);
    await expireNow();
    await until(async () => {
      await skipBackoff();
      return (await db.query('select 1 from written')).length > 0;
    }, 20_000);
    mayGoOn = true;
    await until(() => lateError !== undefined);
    expect(lateError).toBeInstanceOf(LeaseLost);
    expect(await db.query('select by_attempt from written')).toEqual([{ by_attempt: 1 }]);
  });

  test('writes of a transaction that fails after finish leave the job to be tried again', async () => {
    await open();
    await queue.work('drive.ready', 1, async (job) => await db.transaction(async (tx) => {
      await queue.finish(tx, job);
      await tx.query('insert into written values ($1)', [job.attempt]);
      if (job.attempt === 0) throw new Error('the power went');
    }));
    await send();
    await until(async () => {
      await skipBackoff();
      return (await db.query('select 1 from written')).length > 0;
    });
    expect(await db.query('select by_attempt from written')).toEqual([{ by_attempt: 1 }]);
  });

  test('finishing twice, or a job that nobody holds, is a lost lease', async () => {
    await open();
    let job: Job<'drive.ready'> | undefined;
    await queue.work('drive.ready', 1, async (given) => {
      await db.transaction((tx) => queue.finish(tx, given));
      job = given;
    });
    await send();
    await until(() => job !== undefined);
    await expect(db.transaction((tx) => queue.finish(tx, job!))).rejects.toBeInstanceOf(LeaseLost);
  });
});

describe('many workers', () => {
  test('never hold the same job at once, and do every job exactly once', async () => {
    await open();
    const other = await openQueue(db, openLog({ level: 'silent' }));
    const held = new Set<string>();
    const done: string[] = [];
    const handler: JobHandler<'drive.ready'> = async (job) => {
      expect(held.has(job.id)).toBe(false);
      held.add(job.id);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await db.transaction((tx) => queue.finish(tx, job));
      held.delete(job.id);
      done.push(job.id);
    };
    await queue.work('drive.ready', 3, handler);
    await other.work('drive.ready', 3, handler);
    await db.transaction(async (tx) => {
      for (let n = 0; n < 12; n += 1) await queue.send(tx, 'drive.ready', { driveId });
    });
    await until(() => done.length >= 12, 30_000);
    await other.close(1000);
    expect(new Set(done).size).toBe(12);
    expect(done.length).toBe(12);
  });
});

test('reclaim gives back at once what a dead process held', async () => {
  await open();
  await queue.work('drive.ready', 1, async () => await new Promise<void>(() => {}));
  await send();
  await until(async () => (await db.query(`select 1 from pgboss.job where state = 'active'`)).length > 0);
  expect(await queue.reclaim()).toBe(1);
  const [row] = await db.query(`select state, output ->> 'message' as message from pgboss.job where name = 'drive.ready'`);
  expect(row).toEqual({ state: 'retry', message: 'the process that held this job ended' });
});

test('an expired job of a silent worker comes back by itself', async () => {
  await open();
  const attempts: number[] = [];
  await queue.work('drive.ready', 2, async (job) => {
    attempts.push(job.attempt);
    if (job.attempt === 0) await new Promise<void>(() => {});
    await db.transaction((tx) => queue.finish(tx, job));
  });
  await send();
  await until(() => attempts.length === 1);
  await expireNow();
  await until(async () => {
    await skipBackoff();
    return attempts.length === 2;
  }, 20_000);
  expect(attempts).toEqual([0, 1]);
});
