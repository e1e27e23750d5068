import { BASE_CELLS, baseCell, type Cell, descendantRange } from '../shared/model/cell.ts';
import type { Sql, Tx } from '../shared/io/db.ts';
import type { CellFrame, CellRow } from './bucket.ts';
import type { TileFrame } from './tile.ts';

/** Of the two-number advisory locks of Postgres, ours are (this, number of a base cell). */
const CELL_LOCKS = 7_291_004;

/**
 * Holds the trees of these base cells until the transaction ends. In ascending order, so that two callers cannot
 * wait for each other; a statement of its own, so that what follows sees what the previous holder committed.
 */
export async function lockTrees(tx: Tx, baseCells: readonly number[]): Promise<void> {
  for (const number of baseCells.toSorted((a, b) => a - b)) {
    await tx.query('select pg_advisory_xact_lock($1, $2)', [CELL_LOCKS, number]);
  }
}

export async function nextVersion(tx: Tx): Promise<bigint> {
  const [row] = await tx.query<{ version: bigint }>(`select nextval('map_versions') as version`);
  return row!.version;
}

/** Cells that any frame of the drive is or was in, whatever its state. */
export async function cellsOfDrive(sql: Sql, driveId: string): Promise<readonly Cell[]> {
  const rows = await sql.query<{ h3: Cell }>(
    'select distinct h3_r12 as h3 from frames where drive_id = $1 and h3_r12 is not null',
    [driveId],
  );
  return rows.map(({ h3 }) => h3);
}

/** The accepted, public frames in these resolution 12 cells. */
export function publicFrames(sql: Sql, cells: readonly Cell[]): Promise<readonly CellFrame[]> {
  return sql.query<CellFrame>(
    `select f.h3_r12 as "h3", encode(f.id, 'hex') as "id", f.account_id as "accountId", f.drive_id as "driveId",
            f.sequence, f.ordinal, d.demo, d.licence, f.captured_at as "capturedAt", f.lat_deg as "latDeg",
            f.lon_deg as "lonDeg", f.heading_deg as "headingDeg", f.quality, f.tier
     from unnest($1::bigint[]) as c(h3)
     join frames f on f.h3_r12 = c.h3 and f.state = 'accepted' and f.private_reason is null
     join drives d on d.id = f.drive_id`,
    [cells],
  );
}

/** The rows one resolution below these cells of `resolution`. */
export function childRows(sql: Sql, cells: readonly Cell[], resolution: number): Promise<readonly CellRow[]> {
  return rowsWithin(sql, cells.map((cell) => descendantRange(cell, resolution + 1)));
}

/** Every row whose index lies in one of the ranges, both ends included, in order. */
export function rowsWithin(sql: Sql, ranges: readonly (readonly [Cell, Cell])[]): Promise<readonly CellRow[]> {
  return sql.query<CellRow>(
    `select c.h3, c.digest, c.frames, c.contributors, c.first_day as "firstDay", c.last_day as "lastDay",
            c.last_captured_at as "lastCapturedAt", c.quality, c.headings, c.unheaded, c.licences
     from unnest($1::bigint[], $2::bigint[]) as r(low, high)
     join cells c on c.h3 between r.low and r.high
     order by c.h3`,
    [ranges.map(([low]) => low), ranges.map(([, high]) => high)],
  );
}

/** Writes the rows that differ from what is there, under the new version; an empty row is written only over a full one. */
export async function putRows(tx: Tx, version: bigint, rows: readonly CellRow[]): Promise<void> {
  await tx.query(
    `insert into cells as c
       (h3, version, digest, frames, contributors, first_day, last_day, last_captured_at, quality, headings, unheaded, licences)
     select r.h3, $1, r.digest, r.frames, r.contributors, r.first_day, r.last_day, r.last_captured_at, r.quality,
            string_to_array(r.headings, ',')::integer[], r.unheaded, string_to_array(r.licences, ',')
     from unnest($2::bigint[], $3::bytea[], $4::integer[], $5::bytea[], $6::integer[], $7::integer[], $8::timestamptz[],
                 $9::double precision[], $10::text[], $11::integer[], $12::text[])
       as r(h3, digest, frames, contributors, first_day, last_day, last_captured_at, quality, headings, unheaded, licences)
     where r.frames > 0 or exists (select from cells e where e.h3 = r.h3)
     order by r.h3
     on conflict (h3) do update set
       version = excluded.version, digest = excluded.digest, frames = excluded.frames, contributors = excluded.contributors,
       first_day = excluded.first_day, last_day = excluded.last_day, last_captured_at = excluded.last_captured_at,
       quality = excluded.quality, headings = excluded.headings, unheaded = excluded.unheaded, licences = excluded.licences
     where (c.digest, c.frames, c.contributors, c.first_day, c.last_day, c.last_captured_at, c.quality, c.headings, c.unheaded, c.licences)
       is distinct from
       (excluded.digest, excluded.frames, excluded.contributors, excluded.first_day, excluded.last_day,
        excluded.last_captured_at, excluded.quality, excluded.headings, excluded.unheaded, excluded.licences)`,
    [
      version,
      rows.map(({ h3 }) => h3), rows.map(({ digest }) => digest), rows.map(({ frames }) => frames),
      rows.map(({ contributors }) => contributors), rows.map(({ firstDay }) => firstDay), rows.map(({ lastDay }) => lastDay),
      rows.map(({ lastCapturedAt }) => lastCapturedAt), rows.map(({ quality }) => quality),
      rows.map(({ headings }) => headings.join(',')), rows.map(({ unheaded }) => unheaded),
      rows.map(({ licences }) => licences.join(',')),
    ],
  );
}

/** The next resolution 12 cells of a range that have public frames or a row, in order, at most `limit`, after `after`. */
export async function occupiedCells(sql: Sql, [low, high]: readonly [Cell, Cell], limit: number): Promise<readonly Cell[]> {
  const rows = await sql.query<{ h3: Cell }>(
    `select h3 from (
       select h3_r12 as h3 from frames
       where state = 'accepted' and private_reason is null and h3_r12 between $1 and $2
       union
       select h3 from cells where h3 between $1 and $2
     ) as known order by h3 limit $3`,
    [low, high, limit],
  );
  return rows.map(({ h3 }) => h3);
}

/** The digests of these cells, in order; cells without frames are left out. */
export function digestsOf(sql: Sql, cells: readonly Cell[]): Promise<readonly { readonly h3: Cell; readonly digest: Buffer }[]> {
  return sql.query('select h3, digest from cells where h3 = any($1::bigint[]) and frames > 0 order by h3', [cells]);
}

/** The accepted, public frames of the resolution 12 cells in these ranges. */
export async function tileFrames(sql: Sql, ranges: readonly (readonly [Cell, Cell])[]): Promise<readonly TileFrame[]> {
  if (ranges.length === 0) return [];
  return sql.query<TileFrame>(
    `select encode(f.id, 'hex') as "id", f.drive_id as "driveId", d.demo, coalesce(f.sequence, 0) as "sequence",
            coalesce(f.ordinal, 0) as "ordinal", f.captured_at as "capturedAt", f.lat_deg as "latDeg",
            f.lon_deg as "lonDeg", f.heading_deg as "headingDeg", f.quality, f.tier
     from unnest($1::bigint[], $2::bigint[]) as r(low, high)
     join frames f on f.h3_r12 between r.low and r.high and f.state = 'accepted' and f.private_reason is null
     join drives d on d.id = f.drive_id`,
    [ranges.map(([low]) => low), ranges.map(([, high]) => high)],
  );
}

/** All statements of this transaction see the same rows, and it writes none; call it first. */
export async function holdSnapshot(tx: Tx): Promise<void> {
  await tx.query('set transaction isolation level repeatable read, read only');
}

/** Licences of everything on the map, sorted. */
export async function licencesOnMap(sql: Sql): Promise<readonly string[]> {
  const [low, high] = [baseCell(0), baseCell(BASE_CELLS - 1)];
  const rows = await sql.query<{ licence: string }>(
    'select distinct unnest(licences) as licence from cells where h3 between $1 and $2 order by 1',
    [low, high],
  );
  return rows.map(({ licence }) => licence);
}

/** The row of one cell, with frames in it; null where there are none. */
export async function cellRow(sql: Sql, cell: Cell): Promise<CellRow | null> {
  const [row] = await rowsWithin(sql, [[cell, cell]]);
  return row === undefined || row.frames === 0 ? null : row;
}
