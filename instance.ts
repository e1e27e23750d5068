import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from './shared/io/clock.ts';
import type { Config } from './shared/io/config.ts';
import { type Db, openDb } from './shared/io/db.ts';
import { EmbeddedPostgresBusy, joinEmbeddedPostgres, startEmbeddedPostgres } from './shared/io/embedded-postgres.ts';
import { openFileObjects } from './shared/io/file-objects.ts';
import { type Log, openLog } from './shared/io/log.ts';
import { migrate } from './shared/io/migrate.ts';
import type { Objects } from './shared/io/objects.ts';
import { openQueue, type Queue } from './shared/io/queue.ts';
import { secretOf } from './shared/io/secrets.ts';

/** Says a line to the person at the terminal. */
export type Say = (stage: string, line: string) => void;

/** A database server that we may have to stop. */
interface Server {
  readonly url: string;
  readonly embedded: boolean;
  readonly stop: () => Promise<void>;
}

/** The open doors of an instance; `close` shuts them in reverse. */
export interface Instance {
  readonly db: Db;
  readonly objects: Objects;
  readonly log: Log;
  readonly clock: Clock;
  readonly embedded: boolean;
  readonly objectSecret: Buffer;
  close(): Promise<void>;
}

const MIGRATIONS = fileURLToPath(new URL('./shared/io/migrations/', import.meta.url));
const DATABASE_NAME = 'wayproof';

/** Opens database and object store; the embedded database is started, or joined where `join` allows another process's. */
export async function openInstance(config: Config, say: Say, options: { readonly join: boolean }): Promise<Instance> {
  const log = openLog({ level: config.logLevel });
  const server = await openServer(config, say, options.join);
  const shut: (() => Promise<void>)[] = [server.stop];
  const close = async () => {
    for (const step of shut.splice(0).toReversed()) await step();
  };
  try {
    const db = await openDb({ url: server.url, connections: config.databaseConnections, onIdleError: (error) => log.warn({ err: error }, 'a database connection broke; a new one is opened') });
    shut.push(() => db.close());
    const applied = await migrate(db, MIGRATIONS);
    if (applied.length > 0) say('database', `${applied.length} migrations applied`);
    const objectSecret = await secretOf(db, systemClock, 'objects');
    const objects = await openObjects(config, objectSecret, say);
    shut.push(() => objects.close());
    return { db, objects, log, clock: systemClock, embedded: server.embedded, objectSecret, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openObjects(config: Config, secret: Buffer, say: Say): Promise<Objects> {
  if (config.s3 !== null) {
    // The client takes a third of a second to load, which an instance on files need not pay.
    const { openS3Objects } = await import('./shared/io/s3-objects.ts');
    const objects = await openS3Objects(config.s3, systemClock);
    say('objects', `bucket ${config.s3.bucket} at ${new URL(config.s3.endpoint).host}`);
    return objects;
  }
  const root = join(config.home, 'objects');
  const objects = await openFileObjects({ root, clock: systemClock, secret, publicUrl: config.publicUrl ?? config.localUrl });
  say('objects', `files in ${root}`);
  return objects;
}

/** The queue, for an instance that runs or sends jobs. What a killed process held is given back at once where nobody else can hold it. */
export async function openInstanceQueue(instance: Instance, say: Say): Promise<Queue> {
  const queue = await openQueue(instance.db, instance.log);
  const reclaimed = instance.embedded ? await queue.reclaim() : 0;
  if (reclaimed > 0) say('queue', `${reclaimed} jobs of a process that was killed are done again`);
  return queue;
}

async function openServer(config: Config, say: Say, join: boolean): Promise<Server> {
  if (config.databaseUrl !== null) {
    say('database', new URL(config.databaseUrl).host);
    return { url: config.databaseUrl, embedded: false, stop: async () => {} };
  }
  const options = { dataDir: `${config.home}/postgres`, databaseName: DATABASE_NAME, ...(config.stateDir === null ? {} : { stateDir: config.stateDir }) };
  try {
    const postgres = await startEmbeddedPostgres(options);
    for (const remark of postgres.remarks) say('database', remark);
    say('database', `embedded PostgreSQL on port ${new URL(postgres.url).port}`);
    return { url: postgres.url, embedded: true, stop: () => postgres.stop() };
  } catch (error) {
    const url = join && error instanceof EmbeddedPostgresBusy ? await joinEmbeddedPostgres(options) : null;
    if (url === null) throw error;
    return { url, embedded: true, stop: async () => {} };
  }
}
