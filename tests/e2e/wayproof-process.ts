import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for one instance, entered by the database's user too when the tests run as root. */
export async function instanceHome(): Promise<{ readonly home: string; remove(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'wayproof-e2e-'));
  await chmod(home, 0o755);
  return { home, remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface RunningProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Everything it has said so far. */
  output(): string;
  /** Waits until the output has the words; throws with the output where the process ends or the time is up. */
  says(words: string | RegExp, withinMs: number): Promise<void>;
  /** Sends the signal and waits for the end; gives the exit status. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  token(): Promise<string>;
}

/** Starts the real program as a user would, on a free port, and waits for its address. */
export async function startWayproof(home: string, settings: Readonly<Record<string, string>> = {}): Promise<RunningProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, ['wayproof.js', 'start'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, WAYPROOF_HOME: home, WAYPROOF_STATE: join(home, 'state'), PORT: String(port), LOG_LEVEL: 'warn', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => { output += String(chunk); });
  child.stderr.on('data', (chunk) => { output += String(chunk); });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const running: RunningProcess = {
    url: `http://localhost:${port}`,
    child,
    output: () => output,
    says: async (words, withinMs) => {
      const isSaid = () => (typeof words === 'string' ? output.includes(words) : words.test(output));
      for (let waitedMs = 0; !isSaid(); waitedMs += 50) {
        if (child.exitCode !== null || waitedMs > withinMs) throw new Error(`it did not say ${String(words)} within ${withinMs} ms:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    end: async (signal) => {
      child.kill(signal);
      return await ended;
    },
    token: async () => (await readFile(join(home, 'token'), 'utf8')).trim(),
  };
  // Generous: the machine may be busy with other tests; how fast it is, the bench measures.
  await running.says(running.url, 60_000);
  return running;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
