import type { AccountId } from '../model/ids.ts';
import type { Role } from '../model/role.ts';
import { type Account, createAccount, isSecret, issueToken, newSecret } from './accounts.ts';
import type { Clock } from './clock.ts';
import type { Db, Sql, Tx } from './db.ts';

const INVITE = /^wpi_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

/** Leave for somebody to make an account. */
export interface NewInvite {
  readonly roles: readonly Role[];
  readonly expiresInS: number;
  /** How many accounts it makes. */
  readonly uses: number;
  /** Null: made at the machine itself. */
  readonly madeBy: AccountId | null;
}

export interface MadeInvite {
  /** `wpi_<id>_<secret>`; it cannot be read again, only its hash is stored. */
  readonly invite: string;
  readonly expiresAt: Date;
}

export async function makeInvite(sql: Sql, clock: Clock, { roles, expiresInS, uses, madeBy }: NewInvite): Promise<MadeInvite> {
  const { id, secret, secretSha256 } = newSecret(clock);
  const [row] = await sql.query<{ expiresAt: Date }>(
    `insert into invites (id, secret_sha256, roles, made_by, expires_at, uses_left)
     values ($1, $2, $3, $4, now() + make_interval(secs => $5), $6) returning expires_at as "expiresAt"`,
    [id, secretSha256, roles, madeBy, expiresInS, uses],
  );
  return { invite: `wpi_${id}_${secret}`, expiresAt: row!.expiresAt };
}

/** Why an invite lets nobody in. A wrong secret is as unknown as an invite that never was. */
export type InviteRefusal = 'unknown' | 'expired' | 'used';

export interface Welcome {
  readonly account: Account;
  readonly token: string;
}

/** Makes the account and its first token, and uses the invite up, all or nothing. AccountNameError where the name is none. */
export async function acceptInvite(db: Db, clock: Clock, { invite, name }: { readonly invite: string; readonly name: string }): Promise<Welcome | InviteRefusal> {
  const [, id, secret] = INVITE.exec(invite) ?? [];
  if (id === undefined || secret === undefined) return 'unknown';
  return await db.transaction(async (tx) => {
    const found = await lockInvite(tx, id);
    if (found === null || !isSecret(secret, found.secret)) return 'unknown';
    if (found.isExpired) return 'expired';
    if (found.usesLeft === 0) return 'used';
    const account = await createAccount(tx, clock, { name, roles: found.roles });
    await tx.query('update invites set uses_left = uses_left - 1 where id = $1', [id]);
    await tx.query('insert into invite_uses (invite_id, account_id) values ($1, $2)', [id, account.id]);
    return { account, token: await issueToken(tx, clock, account.id) };
  });
}

interface InviteRow {
  readonly secret: Buffer;
  readonly roles: readonly Role[];
  readonly isExpired: boolean;
  readonly usesLeft: number;
}

async function lockInvite(tx: Tx, id: string): Promise<InviteRow | null> {
  const [row] = await tx.query<InviteRow>(
    `select secret_sha256 as secret, roles, expires_at <= now() as "isExpired", uses_left as "usesLeft" from invites where id = $1 for update`,
    [id],
  );
  return row ?? null;
}
