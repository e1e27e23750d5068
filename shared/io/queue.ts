import PgBoss from 'pg-boss';
import { JOB_NAMES, type JobData, type JobName } from '../model/jobs.ts';
import type { Db, Sql, Tx } from './db.ts';
import type { Log } from './log.ts';
import { ObjectStoreAway } from './objects.ts';

/** A job as its handler sees it. `attempt` counts from 0 and is part of the fence. */
export interface Job<Name extends JobName> {
  readonly id: string;
  readonly name: Name;
  readonly attempt: number;
  readonly data: JobData[Name];
}

export type JobHandler<Name extends JobName> = (job: Job<Name>) => Promise<void>;

/** The job was given to somebody else meanwhile (it expired): whatever was done for it must not be written. */
export class LeaseLost extends Error {
  constructor(job: Job<JobName>) {
    super(`job ${job.name} ${job.id}, attempt ${job.attempt}, expired before its work was written`);
    this.name = 'LeaseLost';
  }
}

export interface DeadLetter {
  readonly name: string;
  readonly id: string;
  readonly data: object;
  readonly reason: string;
  readonly diedAt: Date;
}

export interface JobCount {
  readonly name: string;
  readonly state: 'created' | 'retry' | 'active' | 'failed';
  readonly count: number;
}

export interface Queue {
  /**
   * Sends in the caller's transaction: the job exists if and only if the rows it is about do. With `afterS` nobody gets
   * it before so many seconds have passed since the transaction's `now()`, by the database's clock.
   */
  send<Name extends JobName>(tx: Tx, name: Name, data: JobData[Name], options?: { readonly afterS: number }): Promise<void>;
  /** Starts `concurrency` workers in this process. */
  work<Name extends JobName>(name: Name, concurrency: number, handler: JobHandler<Name>): Promise<void>;
  /**
   * Ends the job inside the transaction that writes its results: both are committed or neither, and a job that
   * was redelivered meanwhile throws LeaseLost, which rolls the late writer back. Call it before the first write.
   */
  finish(tx: Tx, job: Job<JobName>): Promise<void>;
  /** Jobs not ended yet, by name. */
  depth(): Promise<Readonly<Record<string, number>>>;
  /** Jobs that have not ended and those that failed for good, by name and state. */
  counts(): Promise<readonly JobCount[]>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Gives back at once what a dead process held; only for a database that no other process can be using. */
  reclaim(): Promise<number>;
  /** Stops fetching, waits for running handlers at most this long. */
  close(graceMs: number): Promise<void>;
}

/** v10 has no heartbeat, so expiry is also the longest a handler may run; killed workers' jobs return within 60 s. */
const EXPIRE_S = 45;
const MAINTENANCE_S = 5;
const RETRY_LIMIT = 4;
const RETRY_DELAY_S = 1;
const DEAD_LETTERS = 'dead-letters';
const POLL_S = 1;
/** Until a job that found the object store away is tried again. */
const AWAY_S = 5;
const KEEP_DEAD_DAYS = 30;

/** The only door to pg-boss; its tables live in the schema `pgboss` of the same database. */
export async function openQueue(db: Db, log: Log): Promise<Queue> {
  const boss = new PgBoss({
    db: forgiving(executing(db), log),
    maintenanceIntervalSeconds: MAINTENANCE_S,
    // What died stays readable with its reason (`deadLetters`).
    archiveFailedAfterSeconds: KEEP_DEAD_DAYS * 86_400,
    schedule: false,
    retryLimit: RETRY_LIMIT,
    retryDelay: RETRY_DELAY_S,
    retryBackoff: true,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the queue could not be read; trying again'));
  await boss.start();
  await boss.createQueue(DEAD_LETTERS, { name: DEAD_LETTERS, policy: 'standard', retentionDays: KEEP_DEAD_DAYS });
  for (const name of JOB_NAMES) {
    await boss.createQueue(name, {
      name,
      policy: 'standard',
      deadLetter: DEAD_LETTERS,
      expireInSeconds: EXPIRE_S,
      retryLimit: RETRY_LIMIT,
      retryDelay: RETRY_DELAY_S,
      retryBackoff: true,
    });
  }
  const workers = new Map<string, string[]>();
  return {
    send: async (tx, name, data, options) => {
      await boss.send(name, data, { db: executing(tx), ...(options === undefined ? {} : { startAfter: options.afterS }) });
      if (options !== undefined) return;
      // Workers of this process need not wait for their next poll.
      tx.afterCommit(() => workers.get(name)?.forEach((id) => boss.notifyWorker(id)));
    },
    work: async (name, concurrency, handler) => {
      for (let n = 0; n < concurrency; n += 1) {
        const options = { batchSize: 1, includeMetadata: true, pollingIntervalSeconds: POLL_S } as const;
        const id = await boss.work<object>(name, options, async (batch) => {
          for (const fetched of batch) await handle(jobOf(name, fetched), handler, { log, postpone: (job) => postpone(boss, db, job) });
        });
        workers.set(name, [...(workers.get(name) ?? []), id]);
      }
    },
    finish: (tx, job) => finish(boss, tx, job),
    depth: () => depth(db),
    counts: () => counts(db),
    deadLetters: () => deadLetters(db),
    reclaim: () => reclaim(boss, db),
    close: (graceMs) => boss.stop({ graceful: true, wait: true, timeout: graceMs, close: false }),
  };
}

interface Handling {
  readonly log: Log;
  readonly postpone: (job: Job<JobName>) => Promise<void>;
}

async function handle<Name extends JobName>(job: Job<Name>, handler: JobHandler<Name>, { log, postpone }: Handling): Promise<void> {
  try {
    await handler(job);
  } catch (error) {
    if (error instanceof ObjectStoreAway) {
      log.warn({ err: error, job: job.name, id: job.id }, 'the object store does not answer; the job waits for it');
      return await postpone(job);
    }
    log.warn({ err: error, job: job.name, id: job.id, attempt: job.attempt, data: job.data }, 'job failed; it is tried again');
    throw error;
  }
}

/** The same job once more, later and with all its attempts: that a store is away says nothing against the job. */
async function postpone(boss: PgBoss, db: Db, job: Job<JobName>): Promise<void> {
  await db.transaction(async (tx) => {
    await finish(boss, tx, job);
    await boss.send(job.name, job.data, { startAfter: AWAY_S, db: executing(tx) });
  });
}

/** Our `Sql` as pg-boss wants it. Its maintenance sends several statements in one text, whose results it ignores. */
function executing(sql: Sql): PgBoss.Db {
  return {
    executeSql: async (text, values) => ({ rows: [...((await sql.query(text, values ?? [])) ?? [])] }),
  };
}

/** How pg-boss 10.4 reports the end of a job, whose answer it does not wait for. */
const REPORT = /select count\(\*\) from results\s*$/i;

/**
 * A report that does not reach the database would be an unhandled rejection, and so the end of the process. The job
 * expires then, and is given to somebody again.
 */
function forgiving(boss: PgBoss.Db, log: Log): PgBoss.Db {
  return {
    executeSql: async (text, values) => {
      try {
        return await boss.executeSql(text, values);
      } catch (error) {
        if (!REPORT.test(text)) throw error;
        log.warn({ err: error }, 'the end of a job could not be reported; it is tried again when it expires');
        return { rows: [{ count: '0' }] };
      }
    },
  };
}

function jobOf<Name extends JobName>(name: Name, fetched: PgBoss.JobWithMetadata): Job<Name> {
  return { id: fetched.id, name, attempt: fetched.retryCount, data: fetched.data as JobData[Name] };
}

async function finish(boss: PgBoss, tx: Tx, job: Job<JobName>): Promise<void> {
  const held = await tx.query(
    `select 1 from pgboss.job where name = $1 and id = $2 and state = 'active' and retry_count = $3 for update`,
    [job.name, job.id, job.attempt],
  );
  if (held.length === 0) throw new LeaseLost(job);
  // The types of pg-boss 10.4 leave the third argument out; without it this would run on another connection, and wait for ours for ever.
  await boss.complete(job.name, job.id, {}, { db: executing(tx) });
}

async function depth(db: Db): Promise<Readonly<Record<string, number>>> {
  const rows = await db.query<{ name: string; waiting: number }>(
    `select name, count(*)::int as waiting from pgboss.job where state in ('created', 'retry', 'active') and name <> $1 group by name`,
    [DEAD_LETTERS],
  );
  return Object.fromEntries(rows.map(({ name, waiting }) => [name, waiting]));
}

function counts(db: Db): Promise<readonly JobCount[]> {
  return db.query<JobCount>(
    `select name, state::text, count(*)::float8 as count from pgboss.job where state in ('created', 'retry', 'active', 'failed') and name <> $1
     group by name, state order by name, state`,
    [DEAD_LETTERS],
  );
}

async function deadLetters(db: Db): Promise<readonly DeadLetter[]> {
  const rows = await db.query<{ id: string; name: string; data: object; output: { message?: string; value?: { message?: string } } | null; at: Date }>(
    `select id, name, data, output, completed_on as at from pgboss.job
     where state = 'failed' and name <> $1 order by completed_on desc limit 100`,
    [DEAD_LETTERS],
  );
  return rows.map(({ id, name, data, output, at }) => ({
    id,
    name,
    data,
    reason: output?.message ?? output?.value?.message ?? 'unknown',
    diedAt: at,
  }));
}

async function reclaim(boss: PgBoss, db: Db): Promise<number> {
  const held = await db.query<{ name: string; id: string }>(`select name, id from pgboss.job where state = 'active'`);
  for (const { name, id } of held) await boss.fail(name, id, { message: 'the process that held this job ended' });
  return held.length;
}
