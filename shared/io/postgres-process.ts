import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, fchownSync, fstatSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, lastLines, spawnSettings } from './postgres-binaries.ts';
import type { ClusterPlace } from './postgres-cluster.ts';

/** Fast shutdown; where it takes too long an immediate one, which costs a recovery at the next start; then the last means. */
const STOP_STEPS = [['SIGINT', 10_000], ['SIGQUIT', 5_000], ['SIGKILL', 5_000]] as const;
/** Replaying the log after a crash can take a while; a server that is still alive gets this long. */
const READY_MS = 120_000;
const LOG_LIMIT_BYTES = 8 * 2 ** 20;

interface ServerProcess {
  readonly pid: number;
  /** Not one of its children (backends, checkpointer …), which call themselves "postgres: what they do". */
  readonly postmaster: boolean;
}

/** The live PostgreSQL processes that work in a data folder, whoever started them. */
export function serversOn(data: string): ServerProcess[] {
  if (!existsSync(data)) return [];
  return process.platform === 'linux' ? serversByFolder(data) : serversByCommand(data);
}

/** Every PostgreSQL process has its data folder as working directory; compared by inode, for paths have aliases. */
function serversByFolder(data: string): ServerProcess[] {
  const folder = statSync(data);
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const { dev, ino } = statSync(`/proc/${name}/cwd`);
      if (dev !== folder.dev || ino !== folder.ino) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')[0] ?? '';
      const child = command.startsWith('postgres:');
      return child || basename(command) === 'postgres' ? [{ pid: Number(name), postmaster: !child }] : [];
    } catch {
      // Gone since, or another user's: none of ours.
      return [];
    }
  });
}

function serversByCommand(data: string): ServerProcess[] {
  const lines = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes('/bin/postgres') && line.includes(` -D ${data} `))
    .map((line) => ({ pid: Number.parseInt(line, 10), postmaster: true }));
}

/** Stops what a killed Wayproof left running on the data folder, clears a pid file that would block; gives a remark. */
export async function clearOrphans(data: string): Promise<string | undefined> {
  const pidFile = join(data, 'postmaster.pid');
  const [first] = serversOn(data);
  if (first !== undefined) await endServers(data, first.pid);
  const left = existsSync(pidFile);
  // PostgreSQL sees to the file of a dead process itself, but takes a recycled pid, a zombie or an empty file (power
  // loss) for a living server. Nobody works in this folder and we hold its lock: the file is nobody's.
  const pid = left ? Math.abs(Number.parseInt(readFileSync(pidFile, 'utf8'), 10)) : 0;
  if (left && (Number.isNaN(pid) || sendSignal(pid, 0))) rmSync(pidFile, { force: true });
  if (first !== undefined) {
    return `A PostgreSQL left running by a Wayproof that was killed (process ${first.pid}) was stopped, and a new one started on its data.`;
  }
  return left ? 'The database had not been shut down in order: PostgreSQL recovers it by itself.' : undefined;
}

async function endServers(data: string, named: number): Promise<void> {
  for (const [signal, patience] of STOP_STEPS) {
    const running = serversOn(data);
    const postmasters = running.filter(({ postmaster }) => postmaster);
    // Only the postmaster understands a fast shutdown; children whose postmaster is gone are ended more firmly.
    if (signal === 'SIGINT' && postmasters.length === 0) continue;
    for (const { pid } of signal === 'SIGINT' ? postmasters : running) sendSignal(pid, signal);
    if (await comesTrue(() => serversOn(data).length === 0, patience)) return;
  }
  throw new EmbeddedPostgresError(`A PostgreSQL (process ${named}) that cannot be stopped is running on ${data}: end it, then start again.`);
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function comesTrue(condition: () => boolean, patience: number): Promise<boolean> {
  for (const deadline = performance.now() + patience; performance.now() < deadline; await sleep(25)) {
    if (condition()) return true;
  }
  return condition();
}

/** A server that accepts connections. */
export interface Postmaster {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the server on `port`, or says that the port is taken. */
export async function startPostmaster(place: ClusterPlace, port: number): Promise<Postmaster | 'port taken'> {
  const { child, saidSince } = await spawnPostmaster(place, port);
  // The server outlives no ordinary end of this process, however abrupt: `exit` also comes after an uncaught error.
  const atExit = (): void => void child.kill('SIGINT');
  process.on('exit', atExit);
  child.once('exit', () => process.off('exit', atExit));
  const ready = (): boolean => {
    const lines = readLines(join(place.data, 'postmaster.pid'));
    // Line 1 is the pid, line 8 the state: what pg_ctl waits for.
    return lines[0] === String(child.pid) && lines[7]?.trim() === 'ready';
  };
  await comesTrue(() => hasEnded(child) || ready(), READY_MS);
  if (!hasEnded(child) && ready()) return { port, stop: () => stopPostmaster(child) };
  const inTime = hasEnded(child);
  await stopPostmaster(child);
  const said = saidSince();
  if (said.includes('Address already in use')) return 'port taken';
  throw new EmbeddedPostgresError(
    `PostgreSQL ${inTime ? 'did not start' : `was not ready after ${READY_MS / 1000} s`} on ${place.data}; the end of its log ${logFile(place)} says:\n${lastLines(said)}`,
  );
}

async function spawnPostmaster(place: ClusterPlace, port: number): Promise<{ child: ChildProcess; saidSince: () => string }> {
  const { descriptor, saidSince } = openLog(place);
  const settings = {
    port, listen_addresses: '127.0.0.1',
    // No socket file: its path would have to be short, private and cleaned up, and TCP is enough.
    unix_socket_directories: '', max_connections: 60, shared_buffers: '128MB', fsync: 'on', timezone: 'UTC',
    log_timezone: 'UTC', log_destination: 'stderr', logging_collector: 'off',
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const program = join(place.binaries.native, 'bin', 'postgres');
  try {
    // Detached: a session of its own, so that Ctrl-C in the terminal does not reach it before we stop it in order.
    const child = spawn(program, ['-D', place.data, ...flags], {
      ...spawnSettings(place.account), detached: true, stdio: ['ignore', descriptor, descriptor],
    });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return { child, saidSince };
  } finally {
    closeSync(descriptor);
  }
}

function logFile({ data }: ClusterPlace): string {
  return join(dirname(data), 'postgres.log');
}

function openLog(place: ClusterPlace): { descriptor: number; saidSince: () => string } {
  const path = logFile(place);
  if (existsSync(path) && statSync(path).size > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
  const descriptor = openSync(path, 'a', 0o600);
  if (place.account !== undefined) fchownSync(descriptor, place.account.uid, place.account.gid);
  const { size } = fstatSync(descriptor);
  return { descriptor, saidSince: () => readFileSync(path).subarray(size).toString() };
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopPostmaster(child: ChildProcess): Promise<void> {
  for (const [signal, patience] of STOP_STEPS) {
    if (hasEnded(child)) return;
    child.kill(signal);
    await comesTrue(() => hasEnded(child), patience);
  }
}
