import type { Sql } from '../../shared/io/db.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { accountOf, UNIT } from './settlement.ts';

/** One posting as its owner reads it. */
export interface BalanceLine {
  readonly id: bigint;
  readonly key: string;
  readonly kind: string;
  readonly epoch: number | null;
  readonly at: Date;
  readonly amount: bigint;
}

/** A page of an account's postings, oldest first: opening + lines = closing. */
export interface BalancePage {
  readonly balance: bigint;
  readonly opening: bigint;
  readonly closing: bigint;
  readonly lines: readonly BalanceLine[];
  /** Where the next page begins; null on the last one. */
  readonly next: bigint | null;
}

/** The postings after the one of the id given; 0: from the first. */
export async function balancePage(sql: Sql, account: AccountId, page: { readonly after: bigint; readonly limit: number }): Promise<BalancePage> {
  const lines = await sql.query<BalanceLine>(
    `select p.id, p.key, t.kind, (t.detail->>'epoch')::integer as epoch, t.posted_at as at, p.amount
     from ledger_postings p join ledger_transactions t on t.id = p.transaction_id
     where p.account = $1 and p.unit = $2 and p.id > $3 order by p.id limit $4`,
    [accountOf(account), UNIT, page.after, page.limit + 1],
  );
  const [sums] = await sql.query<{ all: string; before: string }>(
    `select coalesce(sum(amount), 0)::text as all, coalesce(sum(amount) filter (where id <= $3), 0)::text as before
     from ledger_postings where account = $1 and unit = $2`,
    [accountOf(account), UNIT, page.after],
  );
  const shown = lines.slice(0, page.limit);
  const opening = BigInt(sums!.before);
  return {
    balance: BigInt(sums!.all),
    opening,
    closing: shown.reduce((sum, { amount }) => sum + amount, opening),
    lines: shown,
    next: lines.length > page.limit ? shown.at(-1)!.id : null,
  };
}

/** What is earned in epochs that are still open. */
export function provisionalPoints(sql: Sql, account: AccountId): Promise<readonly { readonly epoch: number; readonly microPoints: string; readonly ofMicroPoints: string; readonly frames: number }[]> {
  return sql.query(
    `select p.epoch, sum(p.micro_points) filter (where p.account_id = $1)::text as "microPoints", sum(p.micro_points)::text as "ofMicroPoints",
       (count(*) filter (where p.account_id = $1 and p.micro_points > 0))::int as frames
     from frame_points p
     where p.epoch > coalesce((select max(epoch) from epochs), -1) and p.micro_points > 0
     group by p.epoch having count(*) filter (where p.account_id = $1) > 0 order by p.epoch`,
    [account],
  );
}
