import type { Sql, Tx } from '../../shared/io/db.ts';
import type { Cell } from '../../shared/model/cell.ts';
import type { Epoch } from '../../shared/model/epoch.ts';
import type { Tier } from '../../shared/model/verdict.ts';

/** Drives with public frames in these cells whose octants are not known yet. */
export async function drivesWithoutOctants(sql: Sql, cells: readonly Cell[]): Promise<readonly string[]> {
  const rows = await sql.query<{ id: string }>(
    `select distinct f.drive_id as id
     from unnest($1::bigint[]) as c(h3)
     join frames f on f.h3_r12 = c.h3 and f.state = 'accepted' and f.private_reason is null
     left join frame_octants o on o.frame_key = f.key
     where o.frame_key is null order by 1`,
    [cells],
  );
  return rows.map(({ id }) => id);
}

export interface HeadedFrame {
  readonly key: bigint;
  readonly sequence: number | null;
  readonly headingDeg: number | null;
}

/** All frames of a drive that have a place, in time order, whatever became of them. */
export function headingsOfDrive(sql: Sql, driveId: string): Promise<readonly HeadedFrame[]> {
  return sql.query<HeadedFrame>(
    `select key, sequence, heading_deg as "headingDeg" from frames
     where drive_id = $1 and h3_r12 is not null order by sequence, ordinal, key`,
    [driveId],
  );
}

export async function putOctants(tx: Tx, keys: readonly bigint[], octants: readonly number[]): Promise<void> {
  await tx.query(
    `insert into frame_octants (frame_key, octant)
     select key, octant from unnest($1::bigint[], $2::smallint[]) as o(key, octant) on conflict do nothing`,
    [keys, octants],
  );
}

/** A public frame as the pots of its cell see it. */
export interface PotFrame {
  readonly key: bigint;
  readonly id: string;
  readonly h3: Cell;
  readonly octant: number;
  readonly accountId: string;
  readonly capturedAtUs: bigint;
  readonly qualityPpm: number | null;
  readonly tier: Tier | null;
}

export function potFrames(sql: Sql, cells: readonly Cell[]): Promise<readonly PotFrame[]> {
  return sql.query<PotFrame>(
    `select f.key, encode(f.id, 'hex') as "id", f.h3_r12 as "h3", o.octant, f.account_id as "accountId",
            (extract(epoch from f.captured_at) * 1000000)::bigint as "capturedAtUs",
            round(f.quality * 1000000)::integer as "qualityPpm", f.tier
     from unnest($1::bigint[]) as c(h3)
     join frames f on f.h3_r12 = c.h3 and f.state = 'accepted' and f.private_reason is null
     join frame_octants o on o.frame_key = f.key`,
    [cells],
  );
}

/** A row of `frame_points`. */
export interface PointRow {
  readonly frameKey: bigint;
  readonly epoch: number;
  readonly h3: Cell;
  readonly octant: number;
  readonly accountId: string;
  readonly rank: number | null;
  readonly best: boolean;
  readonly microPoints: bigint;
  readonly potMicroPoints: bigint;
  readonly refillDays: number;
  readonly refillOfDays: number;
  readonly areaPpm: bigint;
  readonly share: number;
  readonly shareOf: number;
  readonly qualityPpm: bigint | null;
  readonly tierHalves: number;
  readonly reason: string | null;
}

/** Which points may still change: those in the cells, of epochs after the last closed one (null: none is closed). */
export interface Unsettled {
  readonly cells: readonly Cell[];
  readonly closed: Epoch | null;
}

/** Replaces all unsettled points in these cells by the rows; a row of a closed epoch is written only for a frame that had none, and earns nothing. */
export async function replacePoints(tx: Tx, { cells, closed }: Unsettled, all: readonly PointRow[]): Promise<void> {
  await tx.query('delete from frame_points where h3 = any($1::bigint[]) and ($2::integer is null or epoch > $2)', [cells, closed]);
  const rows = all.map((row) => (closed !== null && row.epoch <= closed ? { ...row, microPoints: 0n, reason: 'epoch_closed' } : row));
  await tx.query(
    `insert into frame_points (frame_key, epoch, h3, octant, account_id, rank, best, micro_points, pot_micro_points,
       refill_days, refill_of_days, area_ppm, share, share_of, quality_ppm, tier_halves, reason)
     select * from unnest($1::bigint[], $2::integer[], $3::bigint[], $4::smallint[], $5::uuid[], $6::integer[], $7::boolean[],
       $8::bigint[], $9::bigint[], $10::integer[], $11::integer[], $12::integer[], $13::integer[], $14::integer[],
       $15::integer[], $16::integer[], $17::text[]) as r(frame_key, epoch)
     where $18::integer is null or r.epoch > $18 or not exists (select from frame_points p where p.frame_key = r.frame_key)`,
    [
      rows.map(({ frameKey }) => frameKey), rows.map(({ epoch }) => epoch), rows.map(({ h3 }) => h3),
      rows.map(({ octant }) => octant), rows.map(({ accountId }) => accountId), rows.map(({ rank }) => rank),
      rows.map(({ best }) => best), rows.map(({ microPoints }) => microPoints), rows.map(({ potMicroPoints }) => potMicroPoints),
      rows.map(({ refillDays }) => refillDays), rows.map(({ refillOfDays }) => refillOfDays), rows.map(({ areaPpm }) => areaPpm),
      rows.map(({ share }) => share), rows.map(({ shareOf }) => shareOf), rows.map(({ qualityPpm }) => qualityPpm),
      rows.map(({ tierHalves }) => tierHalves), rows.map(({ reason }) => reason),
      closed,
    ],
  );
}
