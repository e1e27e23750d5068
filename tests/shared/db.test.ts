import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type Db, isDatabaseAway, openDb } from '../../shared/io/db.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { until } from '../waiting.ts';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = database.db;
  await db.query('create table notes (id int primary key, text text)');
});
afterAll(async () => await database.drop());

async function noteIds(): Promise<readonly number[]> {
  return (await db.query<{ id: number }>('select id from notes order by id')).map(({ id }) => id);
}

describe('a transaction', () => {
  test('that returns is committed, with its answer', async () => {
    expect(await db.transaction(async (tx) => {
      await tx.query('insert into notes values (1)');
      return 'done';
    })).toBe('done');
    expect(await noteIds()).toContain(1);
  });

  test('that throws is rolled back, and the error comes out', async () => {
    await expect(db.transaction(async (tx) => {
      await tx.query('insert into notes values (2)');
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await noteIds()).not.toContain(2);
  });

  test('that broke in the database is rolled back, and its connection is good again', async () => {
    for (let n = 0; n < 20; n += 1) {
      await expect(db.transaction(async (tx) => {
        await tx.query('insert into notes values (3)');
        await tx.query('select 1 / 0');
      })).rejects.toMatchObject({ code: '22012' });
    }
    expect(await noteIds()).not.toContain(3);
  });

  test('acts after the commit only, once, and not after a rollback', async () => {
    const acts: string[] = [];
    await db.transaction(async (tx) => {
      tx.afterCommit(() => acts.push('committed'));
      await tx.query('insert into notes values (4)');
      expect(acts).toEqual([]);
    });
    await db.transaction(async (tx) => {
      tx.afterCommit(() => acts.push('rolled back'));
      throw new Error('no');
    }).catch(() => {});
    expect(acts).toEqual(['committed']);
  });

  test('is tried again after a deadlock, and acts once', async () => {
    await db.query(`insert into notes values (10, ''), (11, '')`);
    let bothHold = 0;
    let tries = 0;
    let acts = 0;
    const crosswise = async (first: number, second: number) => await db.transaction(async (tx) => {
      tries += 1;
      tx.afterCommit(() => {
        acts += 1;
      });
      await tx.query('update notes set text = text || $2 where id = $1', [first, 'x']);
      bothHold += 1;
      if (tries <= 2) await until(() => bothHold >= 2);
      await tx.query('update notes set text = text || $2 where id = $1', [second, 'x']);
    });
    await Promise.all([crosswise(10, 11), crosswise(11, 10)]);
    expect(tries).toBe(3);
    expect(acts).toBe(2);
    expect(await db.query('select text from notes where id in (10, 11)')).toEqual([{ text: 'xx' }, { text: 'xx' }]);
  });

  test('is not tried again after any other error', async () => {
    let tries = 0;
    await expect(db.transaction(async (tx) => {
      tries += 1;
      await tx.query('insert into notes values (1)');
    })).rejects.toMatchObject({ code: '23505' });
    expect(tries).toBe(1);
  });

  test('whose server ends the connection fails, and the process lives', async () => {
    await expect(db.transaction(async (tx) => {
      const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
      await db.query('select pg_terminate_backend($1)', [own!.pid]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await tx.query('insert into notes values (5)');
    })).rejects.toThrow();
    expect(await noteIds()).not.toContain(5);
  });
});

describe('one query', () => {
  test('that opened a transaction and failed does not leave it on the connection', async () => {
    const lone = await openDb({ url: database.url, connections: 1, onIdleError: () => {} });
    await expect(lone.query('begin; select 1 / 0; commit')).rejects.toMatchObject({ code: '22012' });
    expect(await lone.query('select 1 as one')).toEqual([{ one: 1 }]);
    await lone.close();
  });
});

describe('values', () => {
  test('int8 is a bigint, alone and in arrays, beyond 2^53 too', async () => {
    const [row] = await db.query(`select 9007199254740993 as one, array[1, -9223372036854775808]::bigint[] as many, '{}'::bigint[] as none, count(*) as n from notes where false`);
    expect(row).toEqual({ one: 9_007_199_254_740_993n, many: [1n, -9_223_372_036_854_775_808n], none: [], n: 0n });
  });

  test('bigint arrays go in and come out the same', async () => {
    const cells = [631_700_000_000_000_001n, 1n, -5n];
    const [row] = await db.query<{ cells: bigint[] }>('select $1::bigint[] as cells', [cells]);
    expect(row!.cells).toEqual(cells);
  });

  test('bytes, dates, null and json keep their kind', async () => {
    const [row] = await db.query(`select '\\x00ff'::bytea as bytes, '2026-01-02T03:04:05.678Z'::timestamptz as at, null as nothing, '{"a": [1]}'::jsonb as json, 1.5::float8 as half, 7 as whole`);
    expect(row).toEqual({ bytes: Buffer.from([0, 255]), at: new Date('2026-01-02T03:04:05.678Z'), nothing: null, json: { a: [1] }, half: 1.5, whole: 7 });
  });
});

describe('a database that is away', () => {
  test('is one sentence at start', async () => {
    await expect(openDb({ url: 'postgres://nobody@127.0.0.1:1/none', connections: 1, onIdleError: () => {} }))
      .rejects.toThrow(/^the database does not answer: .*ECONNREFUSED/);
  });

  test('is told from a mistake in a query', async () => {
    const mistake = await db.query('select 1 / 0').catch((error: unknown) => error);
    expect(isDatabaseAway(mistake)).toBe(false);
    expect(codeOf(mistake)).toBe('22012');
    for (const words of ['Connection terminated unexpectedly', 'Connection terminated due to connection timeout', 'timeout exceeded when trying to connect']) expect(isDatabaseAway(new Error(words))).toBe(true);
    for (const code of ['ECONNREFUSED', '57P01', '57P03', '08006', '53300']) expect(isDatabaseAway({ code })).toBe(true);
    expect(codeOf('no error')).toBe('');
  });
});
