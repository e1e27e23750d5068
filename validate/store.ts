import type { AccountId, DriveId, Sha256 } from '../shared/model/ids.ts';
import type { DriveVerdict } from '../shared/model/verdict.ts';
import { type Clock, uuid7 } from '../shared/io/clock.ts';
import type { Sql, Tx } from '../shared/io/db.ts';
import type { PlacedMoment } from './evidence.ts';
import { printJudgement } from './receipt.ts';

/** Where the assembled drive lies in the store; null before Ingest has made it. */
export async function documentOf(sql: Sql, drive: DriveId): Promise<Sha256 | null> {
  const [row] = await sql.query<{ sha256: string | null }>(`select encode(document_sha256, 'hex') as sha256 from drives where id = $1`, [drive]);
  return (row?.sha256 ?? null) as Sha256 | null;
}

/** The drive's frames that wait for a verdict, by path; locked until the transaction ends. */
export async function readyFrames(tx: Tx, drive: DriveId): Promise<ReadonlyMap<string, bigint>> {
  const rows = await tx.query<{ key: bigint; path: string }>(
    `select key, path from frames where drive_id = $1 and state = 'ready' order by key for update`,
    [drive],
  );
  return new Map(rows.map(({ key, path }) => [path, key]));
}

/** Adds a verdict that supersedes the newest one of the drive. */
export async function insertVerdict(tx: Tx, clock: Clock, { drive, verdict }: { drive: DriveId; verdict: DriveVerdict }): Promise<void> {
  await tx.query(
    `insert into verdicts (id, drive_id, supersedes, recipe, verdict, tier, score, judgement)
     values ($1, $2, (select v.id from verdicts v where v.drive_id = $2 and not exists (select from verdicts s where s.supersedes = v.id)), $3, $4, $5, $6, $7)`,
    [uuid7(clock), drive, verdict.receipt.recipe, verdict.verdict, verdict.tier, verdict.score, printJudgement(verdict)],
  );
}

export interface FrameMark {
  readonly key: bigint;
  readonly score: number;
}

/** Writes score and tier onto frames, before they move. */
export async function markFrames(tx: Tx, marks: readonly FrameMark[], tier: DriveVerdict['tier']): Promise<void> {
  await tx.query(
    `update frames f set score = m.score, tier = $3 from unnest($1::bigint[], $2::double precision[]) as m (key, score) where f.key = m.key`,
    [marks.map(({ key }) => key), marks.map(({ score }) => score), tier],
  );
}

/** Closes the drive's case. */
export async function markDrive(tx: Tx, clock: Clock, { drive, verdict }: { drive: DriveId; verdict: DriveVerdict }): Promise<void> {
  await tx.query(
    `update drives set state = 'judged', verdict = $2, tier = $3, score = $4, judged_at = $5 where id = $1`,
    [drive, verdict.verdict, verdict.tier, verdict.score, new Date(clock.nowMs())],
  );
}

export interface DriveCase {
  readonly owner: AccountId;
  readonly demo: boolean;
  /** As printed, byte for byte; null before the drive is judged. */
  readonly judgement: string | null;
}

/** Whose drive it is and the machine's newest judgement, which a review supersedes and does not change; or null where there is no such drive. */
export async function caseOf(sql: Sql, drive: DriveId): Promise<DriveCase | null> {
  const [row] = await sql.query<DriveCase>(
    `select d.account_id as owner, d.demo,
       (select v.judgement from verdicts v where v.drive_id = d.id and v.kind = 'judge' order by v.created_at desc, v.id desc limit 1) as judgement
     from drives d where d.id = $1`,
    [drive],
  );
  return row ?? null;
}

/** When each kept frame of the drive was taken and whether it is private, in time order. */
export function placedMoments(sql: Sql, drive: DriveId): Promise<readonly PlacedMoment[]> {
  return sql.query<PlacedMoment>(
    `select extract(epoch from captured_at)::float8 as "capturedS", private as "isPrivate" from frames
     where drive_id = $1 and ordinal is not null order by captured_at, key`,
    [drive],
  );
}
