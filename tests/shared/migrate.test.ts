import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDb } from '../../shared/io/db.ts';
import { migrate } from '../../shared/io/migrate.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await freshDatabase();
  // As a database that no Wayproof has seen yet.
  await database.db.query('drop table migrations');
  folder = await mkdtemp(join(tmpdir(), 'wayproof-migrations-'));
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function put(name: string, sql: string): Promise<void> {
  await writeFile(join(folder, name), sql);
}

test('files are applied in order, once', async () => {
  await put('0001_fruit.sql', 'create table fruit (name text); insert into fruit values ($$apple$$)');
  await put('0002_more.sql', 'insert into fruit select $$p$$ || name from fruit');
  await put('README.md', 'no migration');
  expect(await migrate(database.db, folder)).toEqual(['0001_fruit.sql', '0002_more.sql']);
  expect(await migrate(database.db, folder)).toEqual([]);
  await put('0003_last.sql', 'delete from fruit where name = $$apple$$');
  expect(await migrate(database.db, folder)).toEqual(['0003_last.sql']);
  expect(await database.db.query('select name from fruit')).toEqual([{ name: 'papple' }]);
});

test('two processes that start together apply each file once', async () => {
  for (let n = 1; n <= 5; n += 1) await put(`000${n}_step.sql`, n === 1 ? 'create table steps (n int)' : `select pg_sleep(0.02); insert into steps values (${n})`);
  const others = await Promise.all([1, 2, 3].map(() => openDb({ url: database.url, connections: 2, onIdleError: () => {} })));
  const applied = await Promise.all(others.map((db) => migrate(db, folder)));
  await Promise.all(others.map((db) => db.close()));
  expect(applied.flat().toSorted()).toEqual([1, 2, 3, 4, 5].map((n) => `000${n}_step.sql`));
  expect(await database.db.query('select n from steps order by n')).toEqual([{ n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }]);
});

test('a gap in the numbers, a doubled number and a name without one are refused before anything runs', async () => {
  await put('0001_one.sql', 'create table one ()');
  await put('0003_three.sql', 'create table three ()');
  await expect(migrate(database.db, folder)).rejects.toThrow('0003_three.sql should be number 0002');
  await rm(join(folder, '0003_three.sql'));
  await put('0001_other.sql', 'create table other ()');
  await expect(migrate(database.db, folder)).rejects.toThrow('0001_other.sql should be number 0002');
  await rm(join(folder, '0001_other.sql'));
  await put('two.sql', 'create table two ()');
  await expect(migrate(database.db, folder)).rejects.toThrow('NNNN_name.sql');
  expect(await database.db.query(`select to_regclass('one') as one`)).toEqual([{ one: null }]);
});

test('a file that fails changes nothing and is tried again', async () => {
  await put('0001_half.sql', 'create table half (); select 1 / 0');
  await expect(migrate(database.db, folder)).rejects.toMatchObject({ code: '22012' });
  await put('0001_half.sql', 'create table half ()');
  expect(await migrate(database.db, folder)).toEqual(['0001_half.sql']);
});

test('a database that is ahead of the program is refused, and stays as it is', async () => {
  await put('0001_one.sql', 'create table one ()');
  await migrate(database.db, folder);
  await database.db.query(`insert into migrations (name) values ('0002_future.sql')`);
  await put('0002_mine.sql', 'create table mine ()');
  await expect(migrate(database.db, folder)).rejects.toThrow('newer Wayproof (0002_future.sql)');
  expect(await database.db.query(`select to_regclass('mine') as mine`)).toEqual([{ mine: null }]);
});
