import { type Clock, uuid7 } from '../../shared/io/clock.ts';
import type { Sql, Tx } from '../../shared/io/db.ts';
import type { Cell } from '../../shared/model/cell.ts';
import type { ContextVerdict } from '../../shared/model/context-verdict.ts';
import type { DriveId, FrameId, Sha256 } from '../../shared/model/ids.ts';
import { isTelling, type Look } from '../../shared/model/look.ts';
import type { DriveVerdict } from '../../shared/model/verdict.ts';
import { printContext } from './context-receipt.ts';
import type { SensorBlock } from './sensor-blocks.ts';

/** Of one cell only so many drives are looked at, the newest: older copies are found by their pictures and readings. */
const MOST_OF_A_CELL = 64;
/** A drive that was closed this long before and is still in work will not be waited for. */
const LONGEST_WAIT = '10 minutes';

/** When the server closed the drive, in its own seconds; null where it was put here by other means. */
export async function closedAt(sql: Sql, drive: DriveId): Promise<number | null> {
  const [row] = await sql.query<{ at: number | null }>('select extract(epoch from closed_at)::float8 as at from drives where id = $1', [drive]);
  return row?.at ?? null;
}

/** Whether a drive that was closed before is still in work: of two copies it is the original, so its judgement comes first. */
export async function mustWait(sql: Sql, drive: DriveId): Promise<boolean> {
  const [row] = await sql.query<{ waits: boolean }>(
    `select exists (select from drives e, drives d where d.id = $1 and e.state = 'processing' and (e.closed_at, e.id) < (d.closed_at, d.id)
       and e.closed_at > clock_timestamp() - interval '${LONGEST_WAIT}') as waits`,
    [drive],
  );
  return row!.waits;
}

/** By what a drive may be known again. */
export interface Traces {
  readonly cells: readonly Cell[];
  readonly blocks: readonly SensorBlock[];
  readonly looks: readonly Look[];
  readonly ids: readonly FrameId[];
}

export interface EarlierDrive {
  readonly id: DriveId;
  readonly account: string;
  readonly isOwn: boolean;
  readonly inputSha256: Sha256;
  readonly documentSha256: Sha256;
}

/**
 * Judged drives that were closed before this one and share readings, pictures, looks or cells with it, those that share
 * most of each kind. What its owner took back, and what was taken down, is not among them.
 */
export function earlierDrives(sql: Sql, drive: DriveId, { cells, blocks, looks, ids }: Traces, most: number): Promise<readonly EarlierDrive[]> {
  return sql.query<EarlierDrive>(
    `with shared as (
       (select drive_id, 0 as kind, count(*) as n from sensor_blocks where hash = any($2) and drive_id <> $1 group by drive_id order by n desc, drive_id limit $6)
       union all (select drive_id, 1, count(*) as n from frames where id in (select decode(s, 'hex') from unnest($3::text[]) s) and drive_id <> $1 group by drive_id order by n desc, drive_id limit $6)
       union all (select drive_id, 2, count(*) as n from frames where look = any($4) and drive_id <> $1 group by drive_id having count(*) > 1 order by n desc, drive_id limit $6)
       union all (select c.drive_id, 3, count(*) as n from unnest($5::bigint[]) h, lateral (select drive_id from drive_cells where h3 = h order by drive_id desc limit ${MOST_OF_A_CELL}) c
         where c.drive_id <> $1 group by c.drive_id order by n desc, c.drive_id limit $6)
     ), ranked as (select drive_id, min(place) as place from (select drive_id, row_number() over (partition by kind order by n desc, drive_id) as place from shared) s group by drive_id)
     select e.id, e.account_id as account, e.account_id = d.account_id as "isOwn", encode(e.input_sha256, 'hex') as "inputSha256", encode(e.document_sha256, 'hex') as "documentSha256"
     from ranked r join drives e on e.id = r.drive_id join drives d on d.id = $1
     where e.state = 'judged' and e.document_sha256 is not null and e.input_sha256 is not null and (e.closed_at, e.id) < (d.closed_at, d.id)
       and not (exists (select from frames f where f.drive_id = e.id and f.state in ('withdrawn', 'taken_down'))
         and not exists (select from frames f where f.drive_id = e.id and f.state not in ('withdrawn', 'taken_down', 'refused', 'dropped')))
     order by r.place, e.id limit $6`,
    [drive, blocks.map(({ hash }) => hash), ids, looks.filter(isTelling), cells, most],
  );
}

export interface EarlierFrame {
  readonly driveId: DriveId;
  readonly id: FrameId;
  readonly capturedAt: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly look: Look;
  readonly greySha256: Sha256;
}

/** Pictures of these drives in time order, without those that were taken back. */
export function earlierFrames(sql: Sql, drives: readonly DriveId[]): Promise<readonly EarlierFrame[]> {
  return sql.query<EarlierFrame>(
    `select drive_id as "driveId", encode(id, 'hex') as id, extract(epoch from captured_at)::float8 as "capturedAt", lat_deg as "latDeg", lon_deg as "lonDeg",
       look, encode(grey_sha256, 'hex') as "greySha256"
     from frames where drive_id = any($1) and look is not null and grey_sha256 is not null and ordinal is not null and state not in ('withdrawn', 'taken_down')
     order by drive_id, ordinal`,
    [drives],
  );
}

/** Blocks of these drives that are among the given ones. */
export function sharedBlocks(sql: Sql, drives: readonly DriveId[], blocks: readonly SensorBlock[]): Promise<readonly (SensorBlock & { readonly driveId: DriveId })[]> {
  return sql.query<SensorBlock & { readonly driveId: DriveId }>(
    'select drive_id as "driveId", hash, from_s as "fromS", to_s as "toS" from sensor_blocks where drive_id = any($1) and hash = any($2) order by drive_id, hash',
    [drives, blocks.map(({ hash }) => hash)],
  );
}

/** Makes the drive part of the context of later ones. Again is no mistake. */
export async function leaveTraces(tx: Tx, drive: DriveId, { cells, blocks }: Pick<Traces, 'cells' | 'blocks'>): Promise<void> {
  await tx.query('insert into drive_cells (h3, drive_id) select unnest($2::bigint[]), $1 on conflict do nothing', [drive, cells]);
  await tx.query(
    `insert into sensor_blocks (hash, drive_id, from_s, to_s) select b.hash, $1, b.from_s, b.to_s
     from unnest($2::bigint[], $3::float8[], $4::float8[]) as b (hash, from_s, to_s) on conflict do nothing`,
    [drive, blocks.map(({ hash }) => hash), blocks.map(({ fromS }) => fromS), blocks.map(({ toS }) => toS)],
  );
}

/** Adds the verdict with the context, which supersedes the intrinsic one and leaves it as it was printed. */
export async function insertContextVerdict(tx: Tx, clock: Clock, { drive, intrinsic, context }: { readonly drive: DriveId; readonly intrinsic: DriveVerdict; readonly context: ContextVerdict }): Promise<void> {
  await tx.query(
    `insert into verdicts (id, drive_id, supersedes, recipe, kind, verdict, tier, score, context)
     values ($1, $2, (select v.id from verdicts v where v.drive_id = $2 and not exists (select from verdicts s where s.supersedes = v.id)), $3, 'context', $4, $5, $6, $7)`,
    [uuid7(clock), drive, intrinsic.receipt.recipe, context.verdict, intrinsic.tier, intrinsic.score, printContext(context, intrinsic)],
  );
}

/** The newest context lines of the drive as printed; null where it was held against nothing. */
export async function contextOf(sql: Sql, drive: DriveId): Promise<string | null> {
  const [row] = await sql.query<{ context: string }>(`select context from verdicts where drive_id = $1 and kind = 'context' order by created_at desc, id desc limit 1`, [drive]);
  return row?.context ?? null;
}
