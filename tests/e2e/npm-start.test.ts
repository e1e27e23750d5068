import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processesIn } from './after-trouble.ts';
import { freePort, instanceHome } from './wayproof-process.ts';

/** As a service manager or a container does: it knows the process it started, and nothing of what that started. */
test('SIGTERM to `npm start` alone stops the server and its Postgres', async () => {
  const { home, remove } = await instanceHome();
  const port = await freePort();
  const npm = spawn('npm', ['start'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, WAYPROOF_HOME: home, WAYPROOF_STATE: join(home, 'state'), PORT: String(port), DEMO: 'no' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: the signal reaches npm only, not its children, as `kill` from elsewhere does.
    detached: true,
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => { output += String(chunk); });
  const ended = new Promise<number | null>((resolve) => npm.once('exit', (code) => resolve(code)));
  try {
    await expect.poll(() => output, { timeout: 90_000 }).toContain(`http://localhost:${port}`);
    expect((await fetch(`http://localhost:${port}/healthz`)).status).toBe(200);
    const family = descendants(npm.pid!);
    expect(family.length).toBeGreaterThan(0);
    expect(processesIn(home, '/postgres')).toHaveLength(1);
    npm.kill('SIGTERM');
    await ended;
    await expect.poll(() => family.filter(isAlive), { timeout: 30_000 }).toEqual([]);
    expect(processesIn(home, '/postgres')).toEqual([]);
    await expect(fetch(`http://localhost:${port}/healthz`)).rejects.toThrow();
  } finally {
    // Only where the test failed is there anything left.
    for (const pid of descendants(npm.pid!).filter(isAlive)) process.kill(pid, 'SIGTERM');
    if (npm.exitCode === null && npm.signalCode === null) npm.kill('SIGKILL');
    await remove();
  }
}, 180_000);

function descendants(of: number): readonly number[] {
  const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      // `pid (name) state ppid …`; a name may hold spaces and brackets.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const];
    } catch {
      return [];
    }
  });
  const found: number[] = [];
  for (let next = [of]; next.length > 0; next = parents.filter(([, parent]) => next.includes(parent)).map(([pid]) => pid)) found.push(...next);
  return found.filter((pid) => pid !== of);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
