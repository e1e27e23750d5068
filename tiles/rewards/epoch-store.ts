import type { Sql, Tx } from '../../shared/io/db.ts';
import type { Cell } from '../../shared/model/cell.ts';
import type { Epoch } from '../../shared/model/epoch.ts';
import { type Purse, PURSES } from './emissions.ts';

/** Advisory lock of the one who closes an epoch; those who write points of open epochs share it. */
const EPOCH_LOCK = 7_291_005;

/** Until the transaction ends nobody else closes an epoch, and nobody writes points. */
export async function lockEpochs(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [EPOCH_LOCK]);
}

/** Until the transaction ends no epoch closes; the last one that is closed, or null. A statement of its own sees what the closer committed. */
export async function holdEpochsOpen(tx: Tx): Promise<Epoch | null> {
  await tx.query('select pg_advisory_xact_lock_shared($1)', [EPOCH_LOCK]);
  return await lastClosed(tx);
}

export async function lastClosed(sql: Sql): Promise<Epoch | null> {
  const [row] = await sql.query<{ epoch: Epoch | null }>('select max(epoch) as epoch from epochs');
  return row!.epoch;
}

/** The first epoch in which anything was earned, or null. */
export async function firstEarned(sql: Sql): Promise<Epoch | null> {
  const [row] = await sql.query<{ epoch: Epoch | null }>('select min(epoch) as epoch from frame_points where micro_points > 0');
  return row!.epoch;
}

/** A frame that earned in an epoch. */
export interface EarnedFrame {
  readonly frameKey: bigint;
  readonly accountId: string;
  readonly h3: Cell;
  readonly octant: number;
  readonly microPoints: bigint;
}

export function earnedFrames(sql: Sql, epoch: Epoch): Promise<readonly EarnedFrame[]> {
  return sql.query<EarnedFrame>(
    `select frame_key as "frameKey", account_id as "accountId", h3, octant, micro_points as "microPoints"
     from frame_points where epoch = $1 and micro_points > 0 order by frame_key`,
    [epoch],
  );
}

export interface EpochRow {
  readonly epoch: Epoch;
  readonly closedAt: Date;
  readonly recipe: number;
  readonly pool: string;
  readonly forced: boolean;
  readonly merkleRoot: string;
}

const EPOCH = `epoch, closed_at as "closedAt", recipe, pool::text, forced, encode(merkle_root, 'hex') as "merkleRoot"`;

export async function findEpoch(sql: Sql, epoch: Epoch): Promise<EpochRow | null> {
  const [row] = await sql.query<EpochRow>(`select ${EPOCH} from epochs where epoch = $1`, [epoch]);
  return row ?? null;
}

/** Newest first. */
export function closedEpochs(sql: Sql, limit: number): Promise<readonly (EpochRow & { readonly paid: string; readonly accounts: number })[]> {
  return sql.query(
    `select ${EPOCH}, (select sum(paid)::text from epoch_purses p where p.epoch = e.epoch) as paid,
       (select count(distinct pseudonym)::int from epoch_shares s where s.epoch = e.epoch) as accounts
     from epochs e order by epoch desc limit $1`,
    [limit],
  );
}

export interface PurseRow {
  readonly purse: Purse;
  readonly percent: number;
  readonly emitted: string;
  readonly carriedIn: string;
  readonly paid: string;
  readonly carriedOut: string;
  readonly weight: string;
}

export async function pursesOf(sql: Sql, epoch: Epoch): Promise<readonly PurseRow[]> {
  const rows = await sql.query<PurseRow>(
    `select purse, percent, emitted::text, carried_in::text as "carriedIn", paid::text, carried_out::text as "carriedOut", weight::text
     from epoch_purses where epoch = $1`,
    [epoch],
  );
  return rows.toSorted((a, b) => PURSES.indexOf(a.purse) - PURSES.indexOf(b.purse));
}

export interface ShareRow {
  readonly purse: Purse;
  readonly pseudonym: string;
  readonly accountId: string | null;
  readonly weight: string;
  readonly amount: string;
}

export function sharesOf(sql: Sql, epoch: Epoch): Promise<readonly ShareRow[]> {
  return sql.query<ShareRow>(
    `select purse, encode(pseudonym, 'hex') as pseudonym, account_id as "accountId", weight::text, amount::text
     from epoch_shares where epoch = $1 order by purse, epoch_shares.pseudonym`,
    [epoch],
  );
}

export function commitmentsOf(sql: Sql, epoch: Epoch): Promise<readonly { readonly purse: Purse; readonly pseudonym: string; readonly lines: readonly string[] }[]> {
  return sql.query(
    `select purse, encode(pseudonym, 'hex') as pseudonym, array_agg(encode(commitment, 'hex') order by commitment) as lines
     from epoch_lines where epoch = $1 group by purse, epoch_lines.pseudonym`,
    [epoch],
  );
}

export interface NewEpoch extends Omit<EpochRow, 'merkleRoot' | 'pool'> {
  readonly pool: bigint;
  readonly merkleRoot: Buffer;
}

export async function insertEpoch(tx: Tx, { epoch, closedAt, recipe, pool, forced, merkleRoot }: NewEpoch): Promise<void> {
  await tx.query('insert into epochs (epoch, closed_at, recipe, pool, forced, merkle_root) values ($1, $2, $3, $4, $5, $6)', [epoch, closedAt, recipe, String(pool), forced, merkleRoot]);
}

export async function insertPurses(tx: Tx, epoch: Epoch, purses: readonly PurseRow[]): Promise<void> {
  await tx.query(
    `insert into epoch_purses (epoch, purse, percent, emitted, carried_in, paid, carried_out, weight)
     select $1, * from unnest($2::text[], $3::integer[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[])`,
    [
      epoch, purses.map(({ purse }) => purse), purses.map(({ percent }) => percent), purses.map(({ emitted }) => emitted),
      purses.map(({ carriedIn }) => carriedIn), purses.map(({ paid }) => paid), purses.map(({ carriedOut }) => carriedOut), purses.map(({ weight }) => weight),
    ],
  );
}

export interface NewLine {
  readonly pseudonym: Buffer;
  readonly commitment: Buffer;
  readonly salt: Buffer;
  readonly frameKey: bigint;
  readonly weight: bigint;
  readonly amount: bigint;
}

export interface NewShare {
  readonly pseudonym: Buffer;
  readonly accountId: string;
  readonly weight: bigint;
  readonly amount: bigint;
  readonly lines: readonly NewLine[];
}

/** Shares of one purse, each with its lines. */
export async function insertShares(tx: Tx, { epoch, purse }: { readonly epoch: Epoch; readonly purse: Purse }, shares: readonly NewShare[]): Promise<void> {
  await tx.query(
    `insert into epoch_shares (epoch, purse, pseudonym, account_id, weight, amount)
     select $1, $2, * from unnest($3::bytea[], $4::uuid[], $5::numeric[], $6::numeric[])`,
    [epoch, purse, shares.map(({ pseudonym }) => pseudonym), shares.map(({ accountId }) => accountId), shares.map(({ weight }) => String(weight)), shares.map(({ amount }) => String(amount))],
  );
  const lines = shares.flatMap((share) => share.lines);
  await tx.query(
    `insert into epoch_lines (epoch, purse, pseudonym, commitment, salt, frame_key, weight, amount)
     select $1, $2, * from unnest($3::bytea[], $4::bytea[], $5::bytea[], $6::bigint[], $7::bigint[], $8::bigint[])`,
    [
      epoch, purse, lines.map(({ pseudonym }) => pseudonym), lines.map(({ commitment }) => commitment), lines.map(({ salt }) => salt),
      lines.map(({ frameKey }) => frameKey), lines.map(({ weight }) => weight), lines.map(({ amount }) => amount),
    ],
  );
}
