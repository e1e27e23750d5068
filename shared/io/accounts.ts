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
export class AccountNameError extends Error {
  readonly isTaken: boolean;

  constructor(message: string, options: { readonly isTaken: boolean }) {
    super(message);
    this.name = 'AccountNameError';
    this.isTaken = options.isTaken;
  }
}

const TOKEN = /^wp_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;
const TOKEN_ID_BYTES = 6;
const SECRET_BYTES = 32;

export async function createAccount(sql: Sql, clock: Clock, account: NewAccount): Promise<Account> {
  if (!/^[a-z0-9][a-z0-9_-]{0,38}$/.test(account.name)) {
    throw new AccountNameError(`"${account.name}" cannot be a name: 1 to 39 of a-z, 0-9, - and _, beginning with a letter or digit`, { isTaken: false });
  }
  const id = uuid7(clock) as AccountId;
  const made = await sql.query(
    'insert into accounts (id, name, roles, demo) values ($1, $2, $3, $4) on conflict (name) do nothing returning id',
    [id, account.name, account.roles, account.demo ?? false],
  );
  if (made.length === 0) throw new AccountNameError(`there is an account "${account.name}" already`, { isTaken: true });
  return { id, name: account.name, roles: account.roles };
}

export async function findAccount(sql: Sql, name: string): Promise<Account | null> {
  const [row] = await sql.query<Account>('select id, name, roles from accounts where name = $1', [name]);
  return row ?? null;
}

/** A new `wp_<id>_<secret>`; it cannot be read again, only its hash is stored. */
export async function issueToken(sql: Sql, clock: Clock, account: AccountId, label = ''): Promise<string> {
  const { id, secret, secretSha256 } = newSecret(clock);
  await sql.query('insert into tokens (id, account_id, secret_sha256, label) values ($1, $2, $3, $4)', [id, account, secretSha256, label]);
  return `wp_${id}_${secret}`;
}

export interface NewSecret {
  readonly id: string;
  readonly secret: string;
  /** What is stored of it: 256 random bits need no salt. */
  readonly secretSha256: Buffer;
}

export function newSecret(clock: Clock): NewSecret {
  const secret = clock.random(SECRET_BYTES).toString('base64url');
  return { id: clock.random(TOKEN_ID_BYTES).toString('hex'), secret, secretSha256: hash(secret) };
}

export function isSecret(secret: string, secretSha256: Buffer): boolean {
  return timingSafeEqual(secretSha256, hash(secret));
}

/** The part of a token that is no secret and names it; null where it is none. */
export function tokenIdOf(token: string): string | null {
  return TOKEN.exec(token)?.[1] ?? null;
}

export interface TokenRow {
  readonly id: string;
  readonly label: string;
  readonly createdAt: Date;
}

/** The account's tokens that work, newest first. */
export function tokensOf(sql: Sql, account: AccountId): Promise<readonly TokenRow[]> {
  return sql.query<TokenRow>(
    `select id, label, created_at as "createdAt" from tokens where account_id = $1 and revoked_at is null order by created_at desc, id`,
    [account],
  );
}

/** Ends a token, of this account where one is given; false where there is none that works. */
export async function revokeToken(sql: Sql, id: string, account: AccountId | null): Promise<boolean> {
  const rows = await sql.query(
    'update tokens set revoked_at = now() where id = $1 and revoked_at is null and ($2::uuid is null or account_id = $2) returning 1',
    [id, account],
  );
  return rows.length > 0;
}

export interface ListedAccount extends Account {
  readonly createdAt: Date;
  readonly tokens: readonly string[];
  readonly drives: number;
}

/** Everybody here, oldest first, without the demo's people. */
export function listAccounts(sql: Sql): Promise<readonly ListedAccount[]> {
  return sql.query<ListedAccount>(
    `select a.id, a.name, a.roles, a.created_at as "createdAt",
       array(select t.id from tokens t where t.account_id = a.id and t.revoked_at is null order by t.created_at) as tokens,
       (select count(*)::int from drives d where d.account_id = a.id) as drives
     from accounts a where not a.demo order by a.created_at, a.id`,
  );
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
  if (row === undefined || !isSecret(secret, row.secret)) return null;
  return { id: row.id, name: row.name, roles: row.roles };
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
