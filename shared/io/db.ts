import pg from 'pg';

/** Runs one statement. int8 comes back as bigint, numeric as string, bytea as Buffer, timestamptz as Date. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** One transaction: committed when the work given to `Db.transaction` resolves, rolled back when it throws. */
export interface Tx extends Sql {
  /** Runs after the commit, and not at all after a rollback. */
  afterCommit(act: () => void): void;
}

export interface Db extends Sql {
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface DbOptions {
  readonly url: string;
  readonly connections: number;
  /** A connection that broke while idle; the pool replaces it. */
  readonly onIdleError: (error: Error) => void;
}

/** SQLSTATE classes after which the same transaction may be tried again (PostgreSQL manual, appendix A). */
const TRANSIENT = /^(40001|40P01|53300|57P0[123]|08...)$/;
const ATTEMPTS = 4;
const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TRANSACTION_MS = 60_000;

/** Opens the pool; throws where the server does not answer. The only door to `pg`. */
export async function openDb(options: DbOptions): Promise<Db> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'wayproof',
    // A transaction that nobody goes on with would hold its locks for ever.
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    types: { getTypeParser: parserFor },
  });
  pool.on('error', options.onIdleError);
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    throw new Error(`the database does not answer: ${reasonOf(cause)}`, { cause });
  }
  return {
    query: (text, values = []) => single(pool, text, values),
    transaction: (work) => retrying(pool, work),
    close: async () => {
      // A server that stops right after us ends connections that are still saying goodbye: nobody needs to hear of it.
      pool.off('error', options.onIdleError).on('error', () => {});
      await pool.end();
    },
  };
}

async function retrying<Result>(pool: pg.Pool, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(pool, work);
    } catch (error) {
      if (attempt >= ATTEMPTS || !isSerialisationFailure(error)) throw error;
    }
  }
}

async function once<Result>(pool: pg.Pool, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  const afterwards: (() => void)[] = [];
  const result = await withClient(pool, async (client) => {
    await client.query('begin');
    const answer = await work({
      query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
        (await client.query<Row>(text, [...values])).rows,
      afterCommit: (act) => afterwards.push(act),
    });
    await client.query('commit');
    return answer;
  });
  // Out of the client's hands: what fails here must not look like a transaction that failed.
  for (const act of afterwards) act();
  return result;
}

async function single<Row extends object>(pool: pg.Pool, text: string, values: readonly unknown[]): Promise<readonly Row[]> {
  return await withClient(pool, async (client) => (await client.query<Row>(text, [...values])).rows);
}

/**
 * Lends a connection, and takes it back clean: after an error it is rolled back, since even one query may hold a `begin`
 * of its own (pg-boss's maintenance does), or thrown away where that fails too.
 */
async function withClient<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens only while the client is idle: a server that goes away between two queries would end the process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** True for what another try can mend: deadlock and serialisation failure. */
function isSerialisationFailure(error: unknown): boolean {
  return codeOf(error) === '40001' || codeOf(error) === '40P01';
}

/** What `pg` 8 and `pg-pool` 3 say without a code: a server that was killed, and one that takes connections but does not answer. */
const AWAY_WORDS = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** True where the database is away or restarting, so that waiting is the right answer. */
export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  if (code === '' && error instanceof Error && AWAY_WORDS.test(error.message)) return true;
  return TRANSIENT.test(code) || code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'EPIPE';
}

/** The SQLSTATE (or system error) code of what was thrown, else the empty string. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

const INT8 = pg.types.builtins.INT8;
const INT8_ARRAY = 1016;

function parserFor(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === INT8) return BigInt;
  if (oid === INT8_ARRAY) return (text) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(BigInt));
  return pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown;
}
