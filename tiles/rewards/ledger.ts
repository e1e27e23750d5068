import type { Sql, Tx } from '../../shared/io/db.ts';

/**
 * The ledger: double entry, append-only. The database itself refuses a transaction that does not sum to zero in each
 * unit, has fewer than two postings or is added to later (migration 0005); a balance is the sum of its postings.
 */
export interface Posting {
  /** Unique in the whole ledger: what this posting is, such as `epoch:12:account:<id>`. */
  readonly key: string;
  /** Whose balance it changes, such as `account:<id>`, `pool` or `burned`. */
  readonly account: string;
  readonly unit: string;
  /** Whole units of the smallest kind; positive is what the account gains. Never 0. */
  readonly amount: bigint;
}

export interface LedgerTransaction {
  /** Unique in the whole ledger: what happened. Posting it again changes nothing. */
  readonly key: string;
  readonly kind: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly postings: readonly Posting[];
}

/** The key stands for something else already: two different things must not share one name. */
export class LedgerConflict extends Error {
  override readonly name = 'LedgerConflict';
}

/**
 * Writes the transaction, or finds that it was written before and answers false. Of two who post the same key at once,
 * the second waits for the first. Throws LedgerConflict where the key's postings are others; what the database
 * refuses (SQLSTATE 23514) fails the commit.
 */
export async function post(tx: Tx, transaction: LedgerTransaction): Promise<boolean> {
  const { key, kind, detail, postings } = transaction;
  const [made] = await tx.query<{ id: bigint }>(
    'insert into ledger_transactions (key, kind, detail) values ($1, $2, $3) on conflict (key) do nothing returning id',
    [key, kind, detail ?? {}],
  );
  if (made === undefined) {
    await requireSame(tx, transaction);
    return false;
  }
  await tx.query(
    `insert into ledger_postings (transaction_id, key, account, unit, amount)
     select $1, p.key, p.account, p.unit, p.amount
     from unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) with ordinality as p(key, account, unit, amount, n) order by p.n`,
    [
      made.id,
      postings.map(({ key }) => key), postings.map(({ account }) => account),
      postings.map(({ unit }) => unit), postings.map(({ amount }) => amount),
    ],
  );
  return true;
}

/** What the account holds of the unit; 0 where nothing was ever posted. */
export async function balance(sql: Sql, account: string, unit: string): Promise<bigint> {
  const [row] = await sql.query<{ total: string }>(
    'select coalesce(sum(amount), 0)::text as total from ledger_postings where account = $1 and unit = $2',
    [account, unit],
  );
  return BigInt(row!.total);
}

async function requireSame(tx: Tx, { key, postings }: LedgerTransaction): Promise<void> {
  const written = await tx.query<Posting>(
    `select p.key, p.account, p.unit, p.amount from ledger_postings p
     join ledger_transactions t on t.id = p.transaction_id where t.key = $1`,
    [key],
  );
  const line = (posting: Posting): string => JSON.stringify([posting.key, posting.account, posting.unit, String(posting.amount)]);
  if (written.map(line).toSorted().join('\n') !== postings.map(line).toSorted().join('\n')) {
    throw new LedgerConflict(`ledger transaction "${key}" was posted before with other postings`);
  }
}
