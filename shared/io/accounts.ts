import { createHash, timingSafeEqual } from 'node:crypto';
import type { AccountId } from '../model/ids.ts';
import type { Role } from '../model/role.ts';
import { type Clock, uuid7 } from './clock.ts';
import type { Sql } from './db.ts';

/** Somebody who may do something here. */
export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly roles: readonly Role[];
}

export interface NewAccount {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly demo?: boolean;
}

/** Thrown where the name is taken or cannot be one. */
export class AccountNameError extends Error {}

const TOKEN = /^wp_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;
const TOKEN_ID_BYTES = 6;
const SECRET_BYTES = 32;

export async function createAccount(sql: Sql, clock: Clock, account: NewAccount): Promise<Account> {
  if (!/^[a-z0-9][a-z0-9_-]{0,38}$/.test(account.name)) {
    throw new AccountNameError(`"${account.name}" cannot be a name: 1 to 39 of a-z, 0-9, - and _, beginning with a letter or digit`);
  }
  const id = uuid7(clock) as AccountId;
  const made = await sql.query(
    'insert into accounts (id, name, roles, demo) values ($1, $2, $3, $4) on conflict (name) do nothing returning id',
    [id, account.name, account.roles, account.demo ?? false],
  );
  if (made.length === 0) throw new AccountNameError(`there is an account "${account.name}" already`);
  return { id, name: account.name, roles: account.roles };
}

export async function findAccount(sql: Sql, name: string): Promise<Account | null> {
  const [row] = await sql.query<Account>('select id, name, roles from accounts where name = $1', [name]);
  return row ?? null;
}

/** A new `wp_<id>_<secret>`; it cannot be read again, only its hash is stored. */
export async function issueToken(sql: Sql, clock: Clock, account: AccountId): Promise<string> {
  const id = clock.random(TOKEN_ID_BYTES).toString('hex');
  const secret = clock.random(SECRET_BYTES).toString('base64url');
  await sql.query('insert into tokens (id, account_id, secret_sha256) values ($1, $2, $3)', [id, account, hash(secret)]);
  return `wp_${id}_${secret}`;
}

/** Whose token this is, or null where it is malformed, unknown, wrong or revoked. */
export async function authenticate(sql: Sql, token: string): Promise<Account | null> {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  if (id === undefined || secret === undefined) return null;
  const [row] = await sql.query<Account & { secret: Buffer }>(
    `select a.id, a.name, a.roles, t.secret_sha256 as secret
     from tokens t join accounts a on a.id = t.account_id where t.id = $1 and t.revoked_at is null`,
    [id],
  );
  if (row === undefined || !timingSafeEqual(row.secret, hash(secret))) return null;
  return { id: row.id, name: row.name, roles: row.roles };
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
