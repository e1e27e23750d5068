import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeFolderLock } from './folder-lock.ts';
import { type Binaries, EmbeddedPostgresError, OWN_SERVER, copyBinaries, findBinaries, linkLibraries } from './postgres-binaries.ts';
import { type ClusterPlace, SUPERUSER, prepareCluster } from './postgres-cluster.ts';
import { type PostgresHome, openHome } from './postgres-home.ts';
import { type Postmaster, clearOrphans, startPostmaster } from './postgres-process.ts';

export { EmbeddedPostgresError };

/** Another Wayproof runs this database: `joinEmbeddedPostgres` gives its address. */
export class EmbeddedPostgresBusy extends EmbeddedPostgresError {}


/** A running PostgreSQL of Wayproof's own. */
export interface EmbeddedPostgres {
  readonly url: string;
  /** One-line remarks for the user: recovered, copied, other port. */
  readonly remarks: readonly string[];
  stop(): Promise<void>;
}

/** Where the built-in database lives and what it is called. */
export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  /** Where programs and data go when the server's user cannot reach them in the clone; default under /var/lib/wayproof. */
  readonly stateDir?: string;
  readonly databaseName: string;
  /** The preferred port; default: the one used last, else a free one. */
  readonly port?: number;
}

/** Ports below the range that Linux and macOS hand out to outgoing connections, so that a kept one stays free. */
const PORTS = { from: 20_000, to: 32_000, attempts: 20 };

/** Starts the built-in PostgreSQL on a folder, making or recovering its database as needed. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    // Postgres cuts longer names; the rest keeps the name safe in a URL and in SQL.
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(options.databaseName)) {
      throw new EmbeddedPostgresError(`"${options.databaseName}" is no name for the built-in database: use up to 63 of a-z, 0-9 and _.`);
    }
    const binaries = await findBinaries();
    const home = await openHome(binaries, options.dataDir, options.stateDir);
    return await startIn(home, binaries, options);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EmbeddedPostgresError(
      `The built-in database could not be started in ${options.dataDir} (${reason}): make that folder writable for this user, ${OWN_SERVER}.`,
      { cause: error },
    );
  }
}

/** The address of the built-in PostgreSQL that another process of this machine runs on the folder, or null. */
export async function joinEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<string | null> {
  const { folder } = await openHome(await findBinaries(), options.dataDir, options.stateDir);
  const read = async (name: string) => await readFile(join(folder, name), 'utf8').then((text) => text.trim(), () => '');
  const [password, port] = await Promise.all([read('password'), read('port')]);
  return password === '' || port === '' ? null : `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${options.databaseName}`;
}

async function startIn(home: PostgresHome, binaries: Binaries, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const lock = takeFolderLock(home.folder);
  if ('heldBy' in lock) {
    const holder = lock.heldBy === process.pid ? 'this process' : `another Wayproof (process ${lock.heldBy})`;
    throw new EmbeddedPostgresBusy(`The database in ${home.folder} is in use by ${holder}: stop that one first, ${OWN_SERVER}.`);
  }
  try {
    const data = join(home.folder, 'data');
    const orphan = await clearOrphans(data);
    const programs = await usablePrograms(home, binaries);
    const place: ClusterPlace = { home: home.folder, data, binaries: programs.binaries, account: home.account };
    const cluster = await prepareCluster(place, options.databaseName);
    const { server, remark } = await startOnFreePort(place, options.port);
    const remarks = [programs.remark, orphan, ...cluster.remarks, remark].filter((line) => line !== undefined);
    let stopping: Promise<void> | undefined;
    return {
      url: `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${server.port}/${options.databaseName}`,
      remarks,
      stop: () => (stopping ??= server.stop().finally(() => lock.release())),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function usablePrograms(home: PostgresHome, binaries: Binaries): Promise<{ binaries: Binaries; remark: string | undefined }> {
  const linked = !home.copyPrograms && (await linkLibraries(binaries.native));
  const usable = linked ? binaries : await copyBinaries(binaries, home.folder);
  if (home.barrier !== undefined && home.account !== undefined) {
    return { binaries: usable, remark: `As root, PostgreSQL runs as the user "${home.account.name}", who cannot enter ${home.barrier}: the database${linked ? '' : ' and a copy of its programs'} is kept in ${home.folder}.` };
  }
  return { binaries: usable, remark: linked ? undefined : `node_modules cannot be written: a copy of PostgreSQL's programs is kept in ${home.folder}.` };
}

async function startOnFreePort(place: ClusterPlace, preferred: number | undefined): Promise<{ server: Postmaster; remark: string | undefined }> {
  const file = join(place.home, 'port');
  const kept = existsSync(file) ? Number.parseInt(await readFile(file, 'utf8'), 10) : Number.NaN;
  const wanted = preferred ?? (kept >= 1024 && kept <= 65_535 ? kept : undefined);
  let port = wanted ?? randomInt(PORTS.from, PORTS.to);
  for (let attempt = 0; attempt < PORTS.attempts; attempt += 1) {
    // Asking PostgreSQL itself leaves no gap between finding a port free and taking it.
    const server = await startPostmaster(place, port);
    if (server !== 'port taken') {
      if (port !== preferred && port !== kept) await writeFile(file, `${port}\n`);
      const remark = wanted === undefined || port === wanted ? undefined : `Port ${wanted} is in use by another program: PostgreSQL listens on port ${port} instead.`;
      return { server, remark };
    }
    port = attempt === 0 && preferred !== undefined && kept >= 1024 && kept !== preferred ? kept : randomInt(PORTS.from, PORTS.to);
  }
  throw new EmbeddedPostgresError(`No free port was found for the built-in database: free some between ${PORTS.from} and ${PORTS.to}, ${OWN_SERVER}.`);
}
