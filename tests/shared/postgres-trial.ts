import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../../shared/io/embedded-postgres.ts';
import { serversOn } from '../../shared/io/postgres-process.ts';

/** This clone, with a slash at its end. */
export const clone = fileURLToPath(new URL('../../', import.meta.url));

/** The database of every trial. */
export const databaseName = 'wayproof';

/** Some tests are about root, who may not run a server, and cannot be made by anybody else. */
export const isRoot = process.getuid?.() === 0;

/** What a child process said about its start. */
export interface ChildStart {
  readonly child: ChildProcess;
  readonly said: { readonly url?: string; readonly remarks?: readonly string[]; readonly error?: string };
}

/** Whose child, from which clone. */
export interface ChildOptions {
  readonly clone?: string;
  readonly uid?: number;
  readonly stateDir?: string;
}

/** A temporary folder for databases, and the processes started on them; all are gone after the tests. */
export class PostgresTrial {
  base = '';
  dataDir = '';
  #folders = 0;
  readonly #children: ChildProcess[] = [];
  readonly #running: EmbeddedPostgres[] = [];

  /** Registers the cleaning up with vitest. */
  register(): this {
    beforeAll(() => {
      this.base = mkdtempSync(join(tmpdir(), 'wayproof-postgres-'));
      // As root the server runs as another user, who has to get in.
      chmodSync(this.base, 0o755);
    });
    afterEach(() => this.#clear());
    afterAll(() => rmSync(this.base, { recursive: true, force: true }));
    return this;
  }

  newFolder(): string {
    this.#folders += 1;
    this.dataDir = join(this.base, String(this.#folders), '.wayproof', 'postgres');
    return this.dataDir;
  }

  get data(): string {
    return join(this.dataDir, 'data');
  }

  async start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dataDir: this.dataDir, databaseName, ...options });
    this.#running.push(server);
    return server;
  }

  /** Runs code in a process of its own, with `start()` in scope for a start on the folder of this test. */
  spawnChild(code: string, options: ChildOptions = {}): ChildProcess {
    const module = new URL('shared/io/embedded-postgres.ts', `file://${options.clone ?? clone}`).href;
    const { stateDir } = options;
    const args = JSON.stringify({ dataDir: this.dataDir, databaseName, ...(stateDir === undefined ? {} : { stateDir }) });
    const whole = `const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
      const start = () => startEmbeddedPostgres(${args});
      ${code}`;
    const user = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', whole], {
      cwd: clone, stdio: ['ignore', 'pipe', 'inherit'], ...user,
    });
    this.#children.push(child);
    return child;
  }

  /** Starts the database from another process, which then stays. */
  async startInChild(options: ChildOptions = {}): Promise<ChildStart> {
    const child = this.spawnChild(
      `setInterval(() => {}, 1000);
      const said = await start().then(({ url, remarks }) => ({ url, remarks }), (error) => ({ error: error.message }));
      console.log(JSON.stringify(said));`,
      options,
    );
    let output = '';
    for await (const chunk of child.stdout!) {
      output += String(chunk);
      if (output.endsWith('\n')) return { child, said: JSON.parse(output) as ChildStart['said'] };
    }
    throw new Error(`the child ended early: ${output}`);
  }

  /** Left to the clearing after the test. */
  keep(child: ChildProcess): void {
    this.#children.push(child);
  }

  postmasters(): number[] {
    return serversOn(this.data).filter(({ postmaster }) => postmaster).map(({ pid }) => pid);
  }

  async #clear(): Promise<void> {
    for (const server of this.#running.splice(0)) await server.stop();
    for (const child of this.#children.splice(0)) if (child.exitCode === null && child.signalCode === null) await killHard(child);
    // A child killed above leaves its server behind: a start and a stop clear it away.
    if (serversOn(this.data).length > 0) await (await startEmbeddedPostgres({ dataDir: this.dataDir, databaseName })).stop();
  }
}

/** One statement over a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** `kill -9`, and until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}
