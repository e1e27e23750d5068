import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { appendFile, chown, lchown, mkdir, open, readFile, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, type Binaries, EmbeddedPostgresError, OWN_SERVER, type ToolRun, lastLines, runTool } from './postgres-binaries.ts';

/** The superuser of the built-in database. */
export const SUPERUSER = 'wayproof';

/** A data folder, the programs for it and the user who owns it. */
export interface ClusterPlace {
  readonly home: string;
  readonly data: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
}

/** Names of the databases made so far, inside the data folder: without a client this is how a start knows. */
const DATABASES = 'wayproof-databases';

/** Makes or checks the data folder and the database in it, with no server running; gives the password and remarks. */
export async function prepareCluster(place: ClusterPlace, databaseName: string): Promise<{ password: string; remarks: string[] }> {
  if (existsSync(place.data)) await checkOwnership(place);
  const remarks = await clearUnfinished(place);
  const fresh = !existsSync(place.data);
  if (!fresh) await checkVersion(place);
  const { password, kept } = await keepPassword(place);
  if (fresh) {
    await createCluster(place, databaseName);
    return { password, remarks };
  }
  if (!kept) {
    await runSingle(place, place.data, `ALTER ROLE ${SUPERUSER} PASSWORD '${password}'`);
    remarks.push('The file with the database password was missing: the password was made anew.');
  }
  await ensureDatabase(place, place.data, databaseName);
  return { password, remarks };
}

/** Removes what a killed initdb left, and sets aside a data folder that no finished initdb made. */
async function clearUnfinished({ home, data }: ClusterPlace): Promise<string[]> {
  const drafts = (await readdir(home)).filter((name) => name.startsWith('data.new-'));
  // Retried: an orphaned initdb may still be adding files.
  for (const draft of drafts) await rm(join(home, draft), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  const remarks = drafts.length > 0 ? ['The making of the database had been interrupted: it was begun anew.'] : [];
  if (!existsSync(data) || (existsSync(join(data, 'PG_VERSION')) && existsSync(join(data, 'global', 'pg_control')))) return remarks;
  if ((await readdir(data)).length === 0) {
    await rmdir(data);
    return remarks;
  }
  const aside = `${data}.unfinished-${randomBytes(4).toString('hex')}`;
  await rename(data, aside);
  return [...remarks, `${data} was not a complete PostgreSQL folder: it was set aside as ${aside} and a new one made.`];
}

async function checkVersion({ data, binaries }: ClusterPlace): Promise<void> {
  const made = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  const [major = ''] = binaries.version.split('.');
  if (made === major) return;
  throw new EmbeddedPostgresError(
    `The database in ${data} was made by PostgreSQL ${made}, and the built-in one is ${major}: move it over with pg_dump of version ${made}, or move the folder away to begin with an empty database, ${OWN_SERVER}.`,
  );
}

async function checkOwnership({ data, account }: ClusterPlace): Promise<void> {
  const { uid } = statSync(data);
  const user = account?.uid ?? process.getuid?.();
  if (uid === user) return;
  if (account === undefined) {
    throw new EmbeddedPostgresError(
      `The database in ${data} belongs to another user (uid ${uid}), as it does when root started it first: run Wayproof as root again, or give this user the folder (chown -R), ${OWN_SERVER}.`,
    );
  }
  // The data belongs to root: it was unpacked or chowned by root, and PostgreSQL refuses to run as root.
  await chown(data, account.uid, account.gid);
  for (const entry of await readdir(data, { recursive: true })) await lchown(join(data, entry), account.uid, account.gid);
}

async function keepPassword({ home, account }: ClusterPlace): Promise<{ password: string; kept: boolean }> {
  const file = join(home, 'password');
  const found = existsSync(file) ? (await readFile(file, 'utf8')).trim() : '';
  if (/^[0-9a-f]{48}$/.test(found)) return { password: found, kept: true };
  const password = randomBytes(24).toString('hex');
  await rm(file, { force: true });
  await writeFile(file, `${password}\n`, { mode: 0o600, flush: true });
  // initdb reads it as the server's user.
  if (account !== undefined) await chown(file, account.uid, account.gid);
  return { password, kept: false };
}

/** Makes the data folder under another name; the rename to `data` is the mark that it is complete. */
async function createCluster(place: ClusterPlace, databaseName: string): Promise<void> {
  const { home, data, account } = place;
  // A name of its own each time: an initdb orphaned by a kill may still be writing into the former one.
  const draft = `${data}.new-${randomBytes(4).toString('hex')}`;
  await mkdir(draft, { mode: 0o700 });
  if (account !== undefined) await chown(draft, account.uid, account.gid);
  const run = await runProgram(place, 'initdb', {
    args: [
      `--pgdata=${draft}`, `--username=${SUPERUSER}`, `--pwfile=${join(home, 'password')}`, '--auth=scram-sha-256',
      // Code point order and Unicode case, the same on every machine: the C library has no say.
      '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions',
    ],
  });
  if (run.code !== 0) {
    await rm(draft, { recursive: true, force: true });
    throw new EmbeddedPostgresError(`The database could not be made in ${home} (is the disk full?); initdb said: ${lastLines(run.output)}`);
  }
  await ensureDatabase(place, draft, databaseName);
  await rename(draft, data);
  await syncFolder(home);
}

async function ensureDatabase(place: ClusterPlace, data: string, databaseName: string): Promise<void> {
  const file = join(data, DATABASES);
  const made = existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : [];
  if (made.includes(databaseName)) return;
  await runSingle(place, data, `CREATE DATABASE "${databaseName}"`);
  await appendFile(file, `${databaseName}\n`, { mode: 0o600, flush: true });
  if (place.account !== undefined) await chown(file, place.account.uid, place.account.gid);
}

/** Runs one SQL command in a server of a single process, which needs no port and no client. */
async function runSingle(place: ClusterPlace, data: string, sql: string): Promise<void> {
  const run = await runProgram(place, 'postgres', { args: ['--single', '-D', data, 'postgres'], input: `${sql};\n` });
  const refused = run.output.split('\n').find((line) => /\b(ERROR|FATAL|PANIC): /.test(line) && !line.includes('already exists'));
  if (run.code === 0 && refused === undefined) return;
  throw new EmbeddedPostgresError(`The database in ${data} could not be prepared; PostgreSQL said: ${refused ?? lastLines(run.output)}`);
}

async function runProgram(place: ClusterPlace, program: string, call: { args: string[]; input?: string }): Promise<{ code: number | null; output: string }> {
  const settings: ToolRun = { account: place.account, ...(call.input === undefined ? {} : { input: call.input }) };
  const path = join(place.binaries.native, 'bin', program);
  try {
    return await runTool(path, call.args, settings);
  } catch (cause) {
    // The file is there, so ENOENT is its loader (musl), EACCES a noexec mount, EPERM a root that may not change user.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedPostgresError(`The built-in PostgreSQL cannot run on this system (${reason}): set DATABASE_URL to a PostgreSQL of your own.`, { cause });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
