import type { Db } from '../../shared/io/db.ts';
import { post, type Posting } from '../../tiles/rewards/ledger.ts';
import { type Bench, medianSeconds, rounded } from './bench.ts';
import { withDatabase } from './database.ts';

const POSTINGS = 10_000;
const ROUNDS = 5;

/** Transactions of 10,000 postings, as a closing epoch writes them: with keys, checks, indexes and triggers, and bare. */
export async function benchLedger(): Promise<Bench> {
  return await withDatabase(async (db) => {
    await db.query('create table bare (id bigint, transaction_id bigint, key text, account text, unit text, amount bigint)');
    let round = 0;
    const oursS = await medianSeconds(ROUNDS, () => db.transaction((tx) => post(tx, { key: `bench:${(round += 1)}`, kind: 'bench', postings: postingsOf(round) })));
    const floorS = await medianSeconds(ROUNDS, () => insertBare(db, postingsOf((round += 1))));
    return {
      figures: { 'postings/s, ledger': rounded(POSTINGS / oursS), 'rows/s, bare insert': rounded(POSTINGS / floorS) },
      ratio: rounded(floorS / oursS),
    };
  });
}

function postingsOf(round: number): readonly Posting[] {
  return Array.from({ length: POSTINGS }, (_, n) => ({ key: `bench:${round}:${n}`, account: `account:${n}`, unit: 'unit', amount: n % 2 === 0 ? 7n : -7n }));
}

async function insertBare(db: Db, postings: readonly Posting[]): Promise<void> {
  await db.query(
    'insert into bare select n, 1, p.key, p.account, p.unit, p.amount from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) with ordinality as p(key, account, unit, amount, n)',
    [postings.map(({ key }) => key), postings.map(({ account }) => account), postings.map(({ unit }) => unit), postings.map(({ amount }) => amount)],
  );
}
