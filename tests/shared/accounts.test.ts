import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccountNameError, authenticate, createAccount, findAccount, issueToken } from '../../shared/io/accounts.ts';
import { systemClock, uuid7 } from '../../shared/io/clock.ts';
import { parseAccountId } from '../../shared/model/ids.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => await database.drop());

async function anna() {
  return (await findAccount(database.db, 'anna')) ?? (await createAccount(database.db, systemClock, { name: 'anna', roles: ['contributor', 'validator'] }));
}

test('a token names its account and roles', async () => {
  const account = await anna();
  const token = await issueToken(database.db, systemClock, account.id);
  expect(token).toMatch(/^wp_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
  expect(await authenticate(database.db, token)).toEqual({ id: account.id, name: 'anna', roles: ['contributor', 'validator'] });
});

test('two tokens of one account are different and both good', async () => {
  const account = await anna();
  const tokens = [await issueToken(database.db, systemClock, account.id), await issueToken(database.db, systemClock, account.id)];
  expect(tokens[0]).not.toBe(tokens[1]);
  for (const token of tokens) expect((await authenticate(database.db, token))?.id).toBe(account.id);
});

test('a wrong secret, another token\'s secret, a missing part and junk are nobody', async () => {
  const account = await anna();
  const token = await issueToken(database.db, systemClock, account.id);
  const other = await issueToken(database.db, systemClock, account.id);
  const changed = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
  const swapped = token.slice(0, 15) + other.slice(15);
  for (const bad of [changed, swapped, token.slice(0, -1), `${token}A`, 'wp_', '', `wp_000000000000_${'A'.repeat(43)}`, `x${token}`, `${token}\n`]) {
    expect(await authenticate(database.db, bad)).toBeNull();
  }
});

test('a revoked token is nobody, the account\'s others stay', async () => {
  const account = await anna();
  const [revoked, kept] = [await issueToken(database.db, systemClock, account.id), await issueToken(database.db, systemClock, account.id)];
  await database.db.query('update tokens set revoked_at = now() where id = $1', [revoked.split('_')[1]]);
  expect(await authenticate(database.db, revoked)).toBeNull();
  expect((await authenticate(database.db, kept))?.id).toBe(account.id);
});

test('the database never holds a secret', async () => {
  const token = await issueToken(database.db, systemClock, (await anna()).id);
  const rows = JSON.stringify(await database.db.query(`select *, encode(secret_sha256, 'escape') as raw from tokens`));
  expect(rows).not.toContain(token.slice(16));
});

test('a name is taken once and must be a name', async () => {
  await anna();
  await expect(createAccount(database.db, systemClock, { name: 'anna', roles: [] })).rejects.toThrow('there is an account "anna" already');
  for (const name of ['', 'Anna', 'an na', '-anna', 'a'.repeat(40), 'anna;drop', 'añna']) {
    await expect(createAccount(database.db, systemClock, { name, roles: [] })).rejects.toBeInstanceOf(AccountNameError);
  }
  expect(await findAccount(database.db, 'nobody')).toBeNull();
});

function at(nowMs: number): string {
  return uuid7({ nowMs: () => nowMs, random: (bytes) => Buffer.alloc(bytes, 0xff) });
}

test('ids are UUIDv7 and sort by the time they were made', () => {
  const id = at(0x0190_a5a0_1234);
  expect(id).toMatch(/^0190a5a0-1234-7fff-bfff-ffffffffffff$/);
  expect(parseAccountId(id)).toBe(id);
  expect(at(1_780_000_000_000) < at(1_780_000_000_001)).toBe(true);
  expect(new Set(Array.from({ length: 1000 }, () => uuid7(systemClock))).size).toBe(1000);
});
