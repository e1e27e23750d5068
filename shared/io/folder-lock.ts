import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder held by this process until it is released or the process is gone, however it went. */
export interface FolderLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** When that process started, as the OS says it: a recycled pid has another. Empty once released. */
  readonly started: string;
}

/** When a process started, in the OS's own words, or undefined if no such process lives (a zombie does not). */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // After the command name, which may itself hold spaces and brackets: state is field 3, start time field 22.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    }
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.slice(line.indexOf(' ')).trim();
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock of a folder, or says which live process holds it.
 *
 * The lock is the file `lock.N` of the highest N. Whoever finds its holder gone links `lock.N+1`, which only one
 * process can; numbers only grow, so a slow process can never replace the lock of a quicker one by mistake.
 */
export function takeFolderLock(folder: string): FolderLock | { readonly heldBy: number } {
  const self: Holder = { pid: process.pid, started: processStart(process.pid) ?? '' };
  for (;;) {
    const last = highest(folder);
    const holder = last === 0 ? undefined : readHolder(join(folder, `lock.${last}`));
    if (holder !== undefined && isAlive(holder)) return { heldBy: holder.pid };
    const mine = last + 1;
    if (!linkNew(folder, mine, self)) continue;
    // A lock higher than mine means that I judged an old listing: that one stands.
    if (highest(folder) !== mine) {
      rmSync(join(folder, `lock.${mine}`), { force: true });
      continue;
    }
    for (const number of numbers(folder)) if (number < mine) rmSync(join(folder, `lock.${number}`), { force: true });
    return {
      release: () => {
        const released = writeDraft(folder, { pid: self.pid, started: '' });
        renameSync(released, join(folder, `lock.${mine}`));
      },
    };
  }
}

function numbers(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => /^lock\.(\d+)$/.exec(name)?.[1] ?? []).map(Number);
}

function highest(folder: string): number {
  return Math.max(0, ...numbers(folder));
}

function isAlive(holder: Holder): boolean {
  return holder.started !== '' && processStart(holder.pid) === holder.started;
}

/** An unreadable lock (power loss leaves empty files) is nobody's; one that just vanished is looked at again. */
function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== undefined && code !== 'ENOENT') throw error;
    return undefined;
  }
}

function writeDraft(folder: string, holder: Holder): string {
  const draft = join(folder, `lock-${randomBytes(6).toString('hex')}`);
  writeFileSync(draft, JSON.stringify(holder));
  // Readable under any umask: the next to come may be another OS user.
  chmodSync(draft, 0o644);
  return draft;
}

/** A link appears with its whole content or not at all, and fails where the name is taken. */
function linkNew(folder: string, number: number, holder: Holder): boolean {
  const draft = writeDraft(folder, holder);
  try {
    linkSync(draft, join(folder, `lock.${number}`));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
