import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Account, type Binaries, EmbeddedPostgresError, OWN_SERVER } from './postgres-binaries.ts';

/** Where the database lives: `folder` holds `data/`, the password, the port, the log, the lock and perhaps a copy of the programs. */
export interface PostgresHome {
  readonly folder: string;
  /** Whom the server runs as; undefined is this process's own user. */
  readonly account: Account | undefined;
  /** The folder that `account` cannot enter, where that is why the home is elsewhere or the programs are copied. */
  readonly barrier: string | undefined;
  readonly copyPrograms: boolean;
}

/** Chooses the OS user and the folder of the database, and makes the folder. */
export async function openHome(binaries: Binaries, dataDir: string, stateDir: string | undefined): Promise<PostgresHome> {
  const wanted = resolve(dataDir);
  if (process.getuid?.() !== 0) {
    await makeFolder(wanted);
    return { folder: wanted, account: undefined, barrier: undefined, copyPrograms: false };
  }
  const elsewhere = stateHome(wanted, stateDir);
  const found = [wanted, elsewhere].find((folder) => existsSync(join(folder, 'data')));
  const account = await serviceAccount(join(found ?? wanted, 'data'));
  const before = barrierTo(wanted, account);
  const programs = barrierTo(join(binaries.native, 'bin', 'postgres'), account);
  // Data once made elsewhere stays in use when the folder has been opened since: nobody looks for a lost database there.
  const stays = before === undefined && found !== elsewhere;
  const folder = stays ? wanted : elsewhere;
  if (before !== undefined && found === wanted) await refuseStranded(account, before, { wanted, elsewhere });
  await makeFolder(folder);
  const still = barrierTo(folder, account);
  if (still !== undefined) {
    throw new EmbeddedPostgresError(
      `PostgreSQL cannot run as root, and the user "${account.name}" who runs it instead cannot enter ${still}: set WAYPROOF_STATE to a folder that everybody may enter, ${OWN_SERVER}.`,
    );
  }
  return { folder, account, barrier: stays ? programs : (before ?? wanted), copyPrograms: programs !== undefined };
}

function stateHome(dataDir: string, stateDir: string | undefined): string {
  if (stateDir !== undefined && stateDir !== '') return join(resolve(stateDir), 'postgres');
  return join('/var/lib/wayproof', createHash('sha256').update(`${dataDir} ${cloneMark(dirname(dataDir))}`).digest('hex').slice(0, 12), 'postgres');
}

/**
 * A random name kept in the instance's own folder: a clone made anew at the path of a deleted one must not find the old
 * database, whose objects went with the old clone.
 */
function cloneMark(instanceFolder: string): string {
  const file = join(instanceFolder, 'clone');
  mkdirSync(instanceFolder, { recursive: true });
  try {
    writeFileSync(file, randomBytes(16).toString('hex'), { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8');
}

/** Data that its user can no longer reach must not be silently replaced by an empty database elsewhere. */
async function refuseStranded(account: Account, barrier: string, homes: { wanted: string; elsewhere: string }): Promise<void> {
  if (existsSync(join(homes.elsewhere, 'data'))) return;
  throw new EmbeddedPostgresError(
    `The database in ${homes.wanted} belongs to the user "${account.name}", who can no longer enter ${barrier}: open that folder (chmod o+x), or move the database to ${homes.elsewhere}.`,
  );
}

/**
 * The user for a server that may not be root: the owner of the data if there is one (so that a clone used with and
 * without sudo keeps one owner), else `postgres`, else `nobody`.
 */
async function serviceAccount(dataFolder: string): Promise<Account> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const accounts = passwd.split('\n').map(parseAccount);
  const owner = existsSync(dataFolder) ? statSync(dataFolder) : undefined;
  if (owner !== undefined && owner.uid !== 0) {
    const known = accounts.find((account) => account?.uid === owner.uid);
    return known ?? { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  const named = (name: string): Account | undefined => accounts.find((account) => account?.name === name && account.uid !== 0);
  const account = named('postgres') ?? named('nobody');
  if (account !== undefined) return account;
  throw new EmbeddedPostgresError(
    `PostgreSQL cannot run as root, and this machine has neither a user "postgres" nor "nobody": run Wayproof as an ordinary user, ${OWN_SERVER}.`,
  );
}

function parseAccount(line: string): Account | undefined {
  const [name, , uid, gid] = line.split(':');
  if (!name || !uid || !gid) return undefined;
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** The first folder on the way to `path` that `account` may not enter, or `path` itself where it is a file closed to it. */
export function barrierTo(path: string, account: Account): string | undefined {
  let existing = resolve(path);
  while (!existsSync(existing)) existing = dirname(existing);
  const real = realpathSync(existing);
  const steps = [real];
  for (let step = real; step !== dirname(step); step = dirname(step)) steps.unshift(dirname(step));
  return steps.find((step) => {
    const stats = statSync(step);
    // A program is read and executed; a folder on the way needs only to be entered.
    const needed = stats.isDirectory() ? 0o1 : 0o5;
    return (permissionsOf(stats, account) & needed) !== needed;
  });
}

function permissionsOf(stats: Stats, account: Account): number {
  if (stats.uid === account.uid) return (stats.mode >> 6) & 0o7;
  if (stats.gid === account.gid) return (stats.mode >> 3) & 0o7;
  return stats.mode & 0o7;
}

/** Makes a folder; what root makes is open to enter whatever the umask, since another user must pass through it. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined || process.getuid?.() !== 0) return;
  for (let made = folder; ; made = dirname(made)) {
    await chmod(made, 0o755);
    if (made === resolve(first)) return;
  }
}
