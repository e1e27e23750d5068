import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../shared/io/embedded-postgres.ts';
import { openDb } from '../shared/io/db.ts';
import { openLog } from '../shared/io/log.ts';
import { migrate } from '../shared/io/migrate.ts';
import { openQueue } from '../shared/io/queue.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly databaseServer: string;
  }
}

/** A migrated database that every test file's own is cloned from. */
export const TEMPLATE = 'wayproof_template';

/** One real Postgres for the whole run: TEST_DATABASE_URL where it is set, else the embedded one in a temporary folder. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given === undefined ? await startTemporary() : { url: given, stop: async () => {} };
  await makeTemplate(server.url);
  project.provide('databaseServer', server.url);
  return server.stop;
}

async function startTemporary() {
  const folder = await mkdtemp(join(tmpdir(), 'wayproof-test-'));
  // As root the server runs as another user, who must be able to enter.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), stateDir: join(folder, 'state'), databaseName: 'wayproof' });
  return {
    url: postgres.url,
    stop: async () => {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const admin = await openDb({ url: serverUrl, connections: 1, onIdleError: () => {} });
  await admin.query(`drop database if exists ${TEMPLATE} with (force)`);
  await admin.query(`create database ${TEMPLATE}`);
  await admin.close();
  const url = new URL(serverUrl);
  url.pathname = `/${TEMPLATE}`;
  const db = await openDb({ url: url.href, connections: 2, onIdleError: () => {} });
  await migrate(db, new URL('../shared/io/migrations/', import.meta.url).pathname);
  const queue = await openQueue(db, openLog({ level: 'silent' }));
  await queue.close(1000);
  await db.close();
}
