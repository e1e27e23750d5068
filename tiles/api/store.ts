import type { Sql } from '../../shared/io/db.ts';
import type { Cell } from '../../shared/model/cell.ts';
import type { FrameState } from '../../shared/model/frame-state.ts';
import type { Tier } from '../../shared/model/verdict.ts';

/** A frame as the picture page shows it, with what decides who may see it. */
export interface FrameRow {
  readonly key: bigint;
  readonly id: string;
  readonly driveId: string;
  readonly accountId: string;
  readonly state: FrameState;
  readonly private: boolean;
  readonly demo: boolean;
  readonly licence: string;
  readonly device: object | null;
  readonly reasons: readonly string[];
  /** Microseconds of the database are kept as fractional seconds, for the windows of a verdict. */
  readonly capturedS: number | null;
  readonly latDeg: number | null;
  readonly lonDeg: number | null;
  readonly headingDeg: number | null;
  readonly haccM: number | null;
  readonly tier: Tier | null;
  readonly score: number | null;
  readonly ordinal: number | null;
  readonly pictureSha256: string | null;
  readonly thumbSha256: string | null;
}

/**
 * The frame of this id. Several rows can hold the same bytes: the live one first, then what became of the others,
 * those of `accountId` before those of strangers.
 */
export async function findFrame(sql: Sql, id: string, accountId: string | null): Promise<FrameRow | null> {
  const [row] = await sql.query<FrameRow>(
    `select f.key, encode(f.id, 'hex') as "id", f.drive_id as "driveId", f.account_id as "accountId", f.state, f.private,
            d.demo, d.licence, d.device, f.reasons, extract(epoch from f.captured_at)::double precision as "capturedS",
            f.lat_deg as "latDeg", f.lon_deg as "lonDeg", f.heading_deg as "headingDeg", f.hacc_m as "haccM", f.tier, f.score,
            f.ordinal, encode(f.picture_sha256, 'hex') as "pictureSha256", encode(f.thumb_sha256, 'hex') as "thumbSha256"
     from frames f join drives d on d.id = f.drive_id
     where f.id = decode($1, 'hex')
     order by f.state not in ('refused', 'dropped', 'withdrawn', 'taken_down') desc,
              coalesce(f.account_id = $2::uuid, false) desc,
              f.state in ('withdrawn', 'taken_down') desc, f.key desc
     limit 1`,
    [id, accountId],
  );
  return row ?? null;
}

export interface Neighbours {
  /** Counted from 1 among the drive's public frames. */
  readonly number: number;
  readonly of: number;
  readonly previous: string | null;
  readonly next: string | null;
}

/** Where a public frame stands among the public frames of its drive, in time order. */
export async function neighboursOf(sql: Sql, frame: Pick<FrameRow, 'key' | 'driveId'>): Promise<Neighbours | null> {
  const [row] = await sql.query<Neighbours>(
    `select number, "of", encode(previous, 'hex') as "previous", encode(next, 'hex') as "next"
     from (
       select key, row_number() over in_order::integer as number, count(*) over ()::integer as "of",
              lag(id) over in_order as previous, lead(id) over in_order as next
       from frames where drive_id = $1 and state = 'accepted' and private_reason is null
       window in_order as (order by ordinal, key)
     ) as public_frames where key = $2`,
    [frame.driveId, frame.key],
  );
  return row ?? null;
}

/** The machine's newest judgement of the drive, as it was printed; null where it was not judged. */
export async function newestJudgement(sql: Sql, driveId: string): Promise<string | null> {
  const [row] = await sql.query<{ judgement: string }>(
    `select v.judgement from verdicts v
     where v.drive_id = $1 and v.kind = 'judge'
     order by v.created_at desc, v.id desc limit 1`,
    [driveId],
  );
  return row?.judgement ?? null;
}

export interface NewestFrame {
  readonly id: string;
  readonly capturedAt: Date;
  readonly lonDeg: number;
  readonly demo: boolean;
  readonly hasThumb: boolean;
}

/** The newest public frames of these resolution 12 cells. */
export function newestFrames(sql: Sql, cells: readonly Cell[], limit: number): Promise<readonly NewestFrame[]> {
  return sql.query<NewestFrame>(
    `select encode(f.id, 'hex') as "id", f.captured_at as "capturedAt", f.lon_deg as "lonDeg", d.demo,
            f.thumb_sha256 is not null as "hasThumb"
     from frames f join drives d on d.id = f.drive_id
     where f.h3_r12 = any($1::bigint[]) and f.state = 'accepted' and f.private_reason is null
     order by f.captured_at desc, f.id limit $2`,
    [cells, limit],
  );
}

/** Of the cells one level below these, those with the newest captures. */
export async function freshestChildren(sql: Sql, ranges: readonly (readonly [Cell, Cell])[], limit: number): Promise<readonly Cell[]> {
  const rows = await sql.query<{ h3: Cell }>(
    `select c.h3 from unnest($1::bigint[], $2::bigint[]) as r(low, high)
     join cells c on c.h3 between r.low and r.high and c.frames > 0
     order by c.last_captured_at desc, c.h3 limit $3`,
    [ranges.map(([low]) => low), ranges.map(([, high]) => high), limit],
  );
  return rows.map(({ h3 }) => h3);
}

/** Provisional micro-points of a frame; 0 where it has none. */
export async function pointsOfFrame(sql: Sql, key: bigint): Promise<{ readonly microPoints: bigint; readonly reason: string | null }> {
  const [row] = await sql.query<{ microPoints: bigint; reason: string | null }>(
    'select micro_points as "microPoints", reason from frame_points where frame_key = $1',
    [key],
  );
  return row ?? { microPoints: 0n, reason: null };
}
