import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { type Db, openDb } from '../../shared/io/db.ts';
import { joinEmbeddedPostgres } from '../../shared/io/embedded-postgres.ts';
import { openLog } from '../../shared/io/log.ts';
import { openQueue } from '../../shared/io/queue.ts';
import { rebuildCells } from '../../tiles/rollup.ts';

const run = promisify(execFile);

/** Runs a command of the program to its end, in its own process. */
export async function wayproof(words: readonly string[], settings: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await run(process.execPath, ['wayproof.js', ...words], { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, ...settings }, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** What `wayproof upload --json` says of one drive. */
export interface Uploaded {
  readonly drive: { readonly id: string; readonly verdict: string; readonly counts: Readonly<Record<string, number>> };
  readonly frames: readonly { readonly id: string; readonly latDeg: number; readonly lonDeg: number }[];
}

/** Sends a folder and waits for its verdict. */
export async function upload(folder: string, url: string, settings: Readonly<Record<string, string>>, trim = '0'): Promise<Uploaded> {
  const [uploaded] = JSON.parse(await wayproof(['upload', '--json', '--trim', trim, '--url', url, folder], settings)) as [Uploaded];
  return uploaded;
}

/** The database that an instance with the built-in one runs on. */
export async function databaseOf(home: string): Promise<Db> {
  const url = await joinEmbeddedPostgres({ dataDir: join(home, 'postgres'), stateDir: join(home, 'state'), databaseName: 'wayproof' });
  return await openDb({ url: url!, connections: 2, onIdleError: () => {} });
}

/** What must hold of a drive whatever happened meanwhile: each frame once, with one history, one verdict, no job that died. */
export async function expectWhole(db: Db, driveId: string, frames: number): Promise<void> {
  const rows = await db.query<{ state: string; moves: string[] }>(
    `select f.state, array(select h.to_state from frame_history h where h.frame_key = f.key order by h.seq) as moves from frames f where f.drive_id = $1`,
    [driveId],
  );
  expect(rows).toHaveLength(frames);
  // Where the car stands, pictures are near copies of one another.
  for (const { state, moves } of rows) expect(moves).toEqual(state === 'dropped' ? ['received', state] : ['received', 'ready', state]);
  expect(await db.query(`select state, (select array_agg(kind order by kind desc) from verdicts v where v.drive_id = d.id and kind <> 'context') as verdicts,
    (select count(*) <= 1 from verdicts v where v.drive_id = d.id and kind = 'context') as "hasOneContext" from drives d where id = $1`, [driveId])).toEqual([{ state: 'judged', verdicts: ['judge'], hasOneContext: true }]);
  const queue = await openQueue(db, openLog({ level: 'silent' }));
  try {
    expect(await queue.deadLetters()).toEqual([]);
  } finally {
    await queue.close(1000);
  }
}

/** The map's cells as they are, which are those that its accepted frames make. */
export async function expectMapOfFrames(db: Db): Promise<readonly object[]> {
  const cells = () => db.query('select h3, digest, frames, contributors, first_day, last_day, quality, headings, unheaded from cells where frames > 0 order by h3');
  const before = await cells();
  await db.query('truncate cells');
  await rebuildCells(db);
  expect(before).toEqual(await cells());
  return before;
}

/** Running processes of a program whose command line names the folder. */
export function processesIn(home: string, program: string): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return words.some((word) => word.startsWith(home)) && words[0]!.endsWith(program);
    } catch {
      return false;
    }
  }).map(Number);
}
