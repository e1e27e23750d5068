import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { balance, LedgerConflict, type LedgerTransaction, type Posting, post } from '../../../tiles/rewards/ledger.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await freshDatabase();
});
afterAll(() => world.drop());

let numbered = 0;

function transfer(amount: bigint, rest: Partial<LedgerTransaction> = {}): LedgerTransaction {
  numbered += 1;
  const key = `t${numbered}`;
  return { key, kind: 'transfer', postings: [line(key, 'pool', -amount), line(key, 'anna', amount)], ...rest };
}

function line(key: string, account: string, amount: bigint, unit = 'unit'): Posting {
  return { key: `${key}:${account}:${unit}`, account, amount, unit };
}

function write(transaction: LedgerTransaction): Promise<boolean> {
  return world.db.transaction((tx) => post(tx, transaction));
}

describe('the ledger', () => {
  test('keeps balances as sums', async () => {
    await write(transfer(70n));
    await write(transfer(5_000_000_000_000_000_000n));
    expect(await balance(world.db, 'anna', 'unit')).toBe(5_000_000_000_000_000_070n);
    expect(await balance(world.db, 'pool', 'unit')).toBe(-5_000_000_000_000_000_070n);
    expect(await balance(world.db, 'anna', 'other')).toBe(0n);
  });

  test('posts a key once, and refuses another thing under the same key', async () => {
    const once = transfer(3n);
    expect([await write(once), await write(once)]).toEqual([true, false]);
    await expect(write({ ...once, postings: [line(once.key, 'pool', -4n), line(once.key, 'anna', 4n)] })).rejects.toThrow(LedgerConflict);
  });

  test('of many who post the same key at once, one does', async () => {
    const same = transfer(11n);
    const before = await balance(world.db, 'anna', 'unit');
    const answers = await Promise.all(Array.from({ length: 6 }, () => write(same)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await balance(world.db, 'anna', 'unit')).toBe(before + 11n);
  });

  test('a posting key belongs to one transaction', async () => {
    const first = transfer(1n);
    await write(first);
    await expect(write({ ...first, key: 'another' })).rejects.toMatchObject({ code: '23505' });
  });
});

const insertTransaction = (key: string) => `insert into ledger_transactions (key, kind) values ('${key}', 'raw')`;
const insertPosting = (of: string, key: string, amount: number, unit = 'unit') =>
  `insert into ledger_postings (transaction_id, key, account, unit, amount)
   select id, '${key}', 'x', '${unit}', ${amount} from ledger_transactions where key = '${of}'`;
const run = (...statements: string[]) => world.db.transaction(async (tx) => {
  for (const statement of statements) await tx.query(statement);
});

describe('the database refuses', () => {
  test.each([
    ['one that does not balance', [insertTransaction('a'), insertPosting('a', 'a1', 5), insertPosting('a', 'a2', -4)]],
    ['one that balances only across units', [insertTransaction('b'), insertPosting('b', 'b1', 5), insertPosting('b', 'b2', -5, 'other')]],
    ['one without postings', [insertTransaction('c')]],
    ['a posting of nothing', [insertTransaction('e'), insertPosting('e', 'e1', 0), insertPosting('e', 'e2', 0)]],
    ['what is added after an early check', [
      insertTransaction('f'), insertPosting('f', 'f1', 5), insertPosting('f', 'f2', -5), 'set constraints all immediate', insertPosting('f', 'f3', 1),
    ]],
    ['what is added under a lower id', [
      insertTransaction('g'), insertPosting('g', 'g1', 5), insertPosting('g', 'g2', -5), 'set constraints all immediate', 'set constraints all deferred',
      `insert into ledger_postings (id, transaction_id, key, account, unit, amount) select -1, id, 'g3', 'x', 'unit', 7 from ledger_transactions where key = 'g'`,
    ]],
    ['a transaction that says another one wrote it', [
      `insert into ledger_transactions (key, kind, written_by) values ('h', 'raw', '3')`, insertPosting('h', 'h1', 1), insertPosting('h', 'h2', 1),
    ]],
  ])('%s', async (_name, statements) => {
    await expect(run(...statements)).rejects.toMatchObject({ code: '23514' });
  });

  test('postings to a transaction that ended, even balanced ones', async () => {
    await run(insertTransaction('old'), insertPosting('old', 'old1', 5), insertPosting('old', 'old2', -5));
    await expect(run(insertPosting('old', 'old3', 5), insertPosting('old', 'old4', -5))).rejects.toMatchObject({ code: '23001' });
  });

  test.each([
    'update ledger_postings set amount = amount', 'delete from ledger_postings', 'update ledger_transactions set kind = kind',
    'delete from ledger_transactions', 'truncate ledger_postings', 'truncate ledger_transactions cascade',
    'update ledger_postings set amount = 1 where false',
  ])('%s', async (statement) => {
    await expect(world.db.query(statement)).rejects.toMatchObject({ code: '23001' });
  });
});

test('whatever is posted, the ledger holds exactly the balanced transactions and sums to zero', async () => {
  const amounts = fc.array(fc.bigInt({ min: -3n, max: 3n }), { minLength: 0, maxLength: 5 });
  await fc.assert(fc.asyncProperty(amounts, fc.array(fc.constantFrom('unit', 'credit'), { minLength: 5, maxLength: 5 }), async (amounts, units) => {
    numbered += 1;
    const key = `p${numbered}`;
    const postings = amounts.map((amount, n) => ({ key: `${key}:${n}`, account: `a${n}`, unit: units[n]!, amount }));
    const sums = ['unit', 'credit'].map((unit) => postings.filter((one) => one.unit === unit).reduce((sum, { amount }) => sum + amount, 0n));
    const good = postings.length >= 2 && amounts.every((amount) => amount !== 0n) && sums.every((sum) => sum === 0n);
    const posted = await write({ key, kind: 'property', postings }).catch(() => false);
    expect(posted).toBe(good);
  }), { numRuns: 150 });
  const [total] = await world.db.query<{ sum: string }>('select sum(amount)::text as sum from ledger_postings');
  expect(total!.sum).toBe('0');
});

test('ten thousand postings in one transaction are checked in seconds', async () => {
  const postings = Array.from({ length: 10_000 }, (_, n) => ({ key: `big:${n}`, account: `a${n}`, unit: 'unit', amount: n % 2 === 0 ? 1n : -1n }));
  const begun = performance.now();
  expect(await write({ key: 'big', kind: 'epoch', postings })).toBe(true);
  expect(performance.now() - begun).toBeLessThan(20_000);
});
