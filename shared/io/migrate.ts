import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from './db.ts';

/** Any fixed number does, as long as no other advisory lock of ours uses it. */
const MIGRATION_LOCK = 7_291_001;
const NUMBERED = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * Applies the numbered SQL files of `folder` that the database has not seen, each in a transaction of its own,
 * under one advisory lock so that two processes starting together take turns. Returns the names applied.
 * Throws where the database holds a migration that the folder does not: then the code is older than the data.
 */
export async function migrate(db: Db, folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  for (const [index, name] of files.entries()) {
    const number = NUMBERED.exec(name)?.[1];
    if (number === undefined || Number(number) !== index + 1) {
      throw new Error(`migration ${name} should be number ${String(index + 1).padStart(4, '0')}: NNNN_name.sql, without gaps`);
    }
  }
  await db.query(
    'create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())',
  ).catch(ignoreRace);
  // Before anything is changed: an older program must leave a newer database as it is.
  const [ahead] = await db.query<{ name: string }>('select name from migrations where name <> all($1) limit 1', [files]);
  if (ahead !== undefined) {
    throw new Error(`the database was migrated by a newer Wayproof (${ahead.name}); update this one`);
  }
  const applied: string[] = [];
  for (const name of files) {
    const sql = await readFile(join(folder, name), 'utf8');
    const isNew = await db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const known = await tx.query('select 1 from migrations where name = $1', [name]);
      if (known.length > 0) return false;
      await tx.query(sql);
      await tx.query('insert into migrations (name) values ($1)', [name]);
      return true;
    });
    if (isNew) applied.push(name);
  }
  return applied;
}

/** `create table if not exists` can still collide when two processes run it in the same instant. */
function ignoreRace(error: unknown): void {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  if (code !== '23505' && code !== '42P07') throw error;
}
