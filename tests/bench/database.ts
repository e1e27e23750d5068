import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, openDb } from '../../shared/io/db.ts';
import { startEmbeddedPostgres } from '../../shared/io/embedded-postgres.ts';
import { migrate } from '../../shared/io/migrate.ts';

/** Gives the work a migrated PostgreSQL of its own, and takes it away again. */
export async function withDatabase<Result>(work: (db: Db) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'wayproof-bench-'));
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), stateDir: join(folder, 'state'), databaseName: 'bench' });
  try {
    const db = await openDb({ url: postgres.url, connections: 4, onIdleError: () => {} });
    try {
      await migrate(db, new URL('../../shared/io/migrations/', import.meta.url).pathname);
      return await work(db);
    } finally {
      await db.close();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
