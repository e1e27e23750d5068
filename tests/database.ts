import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Db, openDb } from '../shared/io/db.ts';
import { TEMPLATE } from './postgres-server.ts';

export interface TestDatabase {
  readonly db: Db;
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty, migrated database of its own for a test file; `drop` fails where the test left a transaction open. */
export async function freshDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('databaseServer');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name} template ${TEMPLATE}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const db = await openDb({ url: url.href, connections: 8, onIdleError: () => {} });
  return {
    db,
    url: url.href,
    drop: async () => {
      const [open] = await db.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = $1 and state like 'idle in transaction%'`,
        [name],
      );
      await db.close();
      await onServer(serverUrl, `drop database ${name} with (force)`);
      if ((open?.n ?? 0) > 0) throw new Error(`the test left ${open?.n} transactions open`);
    },
  };
}

/** Two test files may clone the template at the same moment, which Postgres refuses: they take turns. */
async function onServer(serverUrl: string, statement: string): Promise<void> {
  const admin = await openDb({ url: serverUrl, connections: 1, onIdleError: () => {} });
  try {
    await admin.query('select pg_advisory_lock(1)');
    await admin.query(statement);
  } finally {
    await admin.close();
  }
}
