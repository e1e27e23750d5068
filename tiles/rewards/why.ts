import type { Sql } from '../../shared/io/db.ts';
import { type Cell, cellHex } from '../../shared/model/cell.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { PostingWhy } from './answers.ts';
import type { BalanceLine } from './balance.ts';
import type { Purse } from './emissions.ts';
import { type ShareRow, sharesOf } from './epoch-store.ts';
import { auditPath, leafHash, merkleRoot } from './merkle.ts';
import { accountOf } from './settlement.ts';
import { leavesOf } from './verify.ts';

/** The explanation of one of the account's postings; null where it has no such. */
export async function whyAmount(sql: Sql, { account, key }: { readonly account: AccountId; readonly key: string }, page: { readonly after: number; readonly limit: number }): Promise<PostingWhy | null> {
  const posting = await ownPosting(sql, account, key);
  if (posting === null) return null;
  const { kind, epoch, at, amount } = posting;
  const told = { key, kind, epoch, at: at.toISOString(), amount: String(amount) };
  const share = await ownShare(sql, account, posting);
  if (share === null || epoch === null) return { ...told, share: null, proof: null, lines: [], next: null };
  const { purse, pseudonym, purseUnits, weight, ofWeight, recipe } = share;
  const lines = await ownLines(sql, { epoch, purse, pseudonym }, { ...page, limit: page.limit + 1 });
  return {
    ...told,
    share: { purse, pseudonym, purseUnits, microPoints: weight, ofMicroPoints: ofWeight, recipe },
    proof: proofOf(await sharesOf(sql, epoch), pseudonym),
    lines: lines.slice(0, page.limit).map(lineOf),
    next: lines.length > page.limit ? String(page.after + page.limit) : null,
  };
}

function proofOf(shares: readonly ShareRow[], pseudonym: string): NonNullable<PostingWhy['proof']> {
  const leaves = leavesOf(shares);
  const hashes = leaves.map(leafHash);
  const index = leaves.findIndex((leaf) => leaf.pseudonym.toString('hex') === pseudonym);
  return { index, count: leaves.length, leaf: hashes[index]!.toString('hex'), path: auditPath(hashes, index).map((hash) => hash.toString('hex')), root: merkleRoot(hashes).toString('hex') };
}

function lineOf(line: OwnLine): PostingWhy['lines'][number] {
  const { amount, weight, commitment, salt, frameId, driveId, driveName, state, capturedAt, h3, octant, points } = line;
  return {
    amount, microPoints: weight, commitment, salt, factors: points,
    frame: frameId === null ? null : { id: frameId, driveId: driveId!, drive: driveName!, capturedAt: capturedAt?.toISOString() ?? null, state: state! },
    place: h3 === null ? null : { h3: cellHex(h3), octant: octant! },
  };
}

/** The caller's own posting, or null: others' are not told apart from none. */
async function ownPosting(sql: Sql, account: AccountId, key: string): Promise<BalanceLine | null> {
  const [row] = await sql.query<BalanceLine>(
    `select p.id, p.key, t.kind, (t.detail->>'epoch')::integer as epoch, t.posted_at as at, p.amount
     from ledger_postings p join ledger_transactions t on t.id = p.transaction_id where p.key = $1 and p.account = $2`,
    [key, accountOf(account)],
  );
  return row ?? null;
}

/** An account's share of a purse with what it is a share of. */
interface OwnShare {
  readonly purse: Purse;
  readonly pseudonym: string;
  readonly weight: string;
  readonly ofWeight: string;
  readonly purseUnits: string;
  readonly amount: string;
  readonly recipe: number;
}

/** Of the purse that a posting of this epoch paid from; null where it was no share of an epoch. */
async function ownShare(sql: Sql, account: AccountId, posting: BalanceLine): Promise<OwnShare | null> {
  const purse = /^epoch:\d+:([a-z]+):/.exec(posting.key)?.[1];
  if (posting.epoch === null || purse === undefined) return null;
  const [row] = await sql.query<OwnShare>(
    `select s.purse, encode(s.pseudonym, 'hex') as pseudonym, s.weight::text, p.weight::text as "ofWeight",
       (p.emitted + p.carried_in)::text as "purseUnits", s.amount::text, e.recipe
     from epoch_shares s join epoch_purses p on p.epoch = s.epoch and p.purse = s.purse join epochs e on e.epoch = s.epoch
     where s.epoch = $1 and s.purse = $2 and s.account_id = $3`,
    [posting.epoch, purse, account],
  );
  return row ?? null;
}

/** A paid frame with every factor; null where the frame or its place is gone. */
interface OwnLine {
  readonly commitment: string;
  readonly salt: string | null;
  readonly weight: string;
  readonly amount: string;
  readonly frameId: string | null;
  readonly driveId: string | null;
  readonly driveName: string | null;
  readonly capturedAt: Date | null;
  readonly state: string | null;
  readonly h3: Cell | null;
  readonly octant: number | null;
  readonly points: PostingWhy['lines'][number]['factors'];
}

/** Lines of the share, the largest first; `after` is how many were shown already. */
function ownLines(sql: Sql, { epoch, purse, pseudonym }: { readonly epoch: number; readonly purse: Purse; readonly pseudonym: string }, page: { readonly after: number; readonly limit: number }): Promise<readonly OwnLine[]> {
  return sql.query<OwnLine>(
    `select encode(l.commitment, 'hex') as commitment, encode(l.salt, 'hex') as salt, l.weight::text, l.amount::text,
       encode(f.id, 'hex') as "frameId", f.drive_id as "driveId", d.name as "driveName", f.captured_at as "capturedAt", f.state,
       p.h3, p.octant,
       case when p.frame_key is not null then json_build_object('potMicroPoints', p.pot_micro_points::text, 'refillDays', p.refill_days,
         'refillOfDays', p.refill_of_days, 'areaPpm', p.area_ppm, 'rank', p.rank, 'share', p.share, 'shareOf', p.share_of,
         'qualityPpm', p.quality_ppm, 'tierHalves', p.tier_halves) end as points
     from epoch_lines l
     left join frames f on f.key = l.frame_key left join drives d on d.id = f.drive_id
     left join frame_points p on p.frame_key = l.frame_key and l.salt is not null
     where l.epoch = $1 and l.purse = $2 and l.pseudonym = decode($3, 'hex')
     order by l.amount desc, l.commitment offset $4 limit $5`,
    [epoch, purse, pseudonym, page.after, page.limit],
  );
}
