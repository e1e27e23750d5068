import type { Sql, Tx } from '../shared/io/db.ts';
import type { Frame } from '../shared/model/drive.ts';
import { cellAt, FRAME_RESOLUTION, parentOf } from '../shared/model/cell.ts';
import type { AccountId, DriveId, FrameId, Sha256 } from '../shared/model/ids.ts';
import type { Look } from '../shared/model/look.ts';
import type { ReasonCode, Refusal } from '../shared/model/reason.ts';
import { jsonColumn } from './json-column.ts';
import type { PictureMetadata } from './picture-metadata.ts';

/** A picture file as the first step found it. */
export interface FoundPicture {
  readonly path: string;
  readonly id: FrameId;
  readonly size: number;
  readonly metadata: PictureMetadata | null;
  readonly refusal: Refusal | null;
}

export interface FrameRow {
  readonly key: bigint;
  readonly path: string;
  readonly id: FrameId;
  readonly exif: PictureMetadata;
}

/** Rows of growing keys carry an H3 parent, by which the table can later be partitioned (design.md, Growth). */
const PARENT_RESOLUTION = 5;

/** One row a picture; those that are none are refused at once, through the state machine like all. */
export async function insertFrames(tx: Tx, drive: { readonly id: DriveId; readonly accountId: AccountId }, found: readonly FoundPicture[]): Promise<void> {
  const rows = await tx.query<{ key: bigint; path: string }>(
    `insert into frames (drive_id, account_id, path, id, size, exif)
     select $1, $2, f.path, decode(f.id, 'hex'), f.size, f.exif
     from unnest($3::text[], $4::text[], $5::bigint[], $6::jsonb[]) as f (path, id, size, exif) returning key, path`,
    [drive.id, drive.accountId, found.map(({ path }) => path), found.map(({ id }) => id), found.map(({ size }) => size), found.map(({ metadata }) => (metadata === null ? null : jsonColumn(metadata)))],
  );
  const keys = new Map(rows.map(({ key, path }) => [path, key]));
  await leaveOut(tx, found.flatMap(({ path, refusal }) => (refusal === null ? [] : [{ key: keys.get(path)!, to: 'refused' as const, refusal, duplicateOf: null }])), 'ingest.read');
}

/** The drive's pictures that are still in, in the folder's order. */
export async function receivedFrames(sql: Sql, drive: DriveId): Promise<readonly FrameRow[]> {
  return await sql.query<FrameRow>(
    `select f.key, f.path, encode(f.id, 'hex') as id, f.exif from frames f
     join drive_files d on d.drive_id = f.drive_id and d.path = f.path
     where f.drive_id = $1 and f.state = 'received' order by d.ordinal`,
    [drive],
  );
}

/** Takes the claims that were given back since the drive was closed, for those of its pictures that are still in. */
export async function claimAgain(sql: Sql, drive: DriveId): Promise<void> {
  await sql.query(
    `insert into frame_claims (id, drive_id) select distinct id, drive_id from frames where drive_id = $1 and state = 'received'
     order by 1 on conflict do nothing`,
    [drive],
  );
}

/** Which of these pictures an earlier drive holds. */
export async function claimedElsewhere(sql: Sql, drive: DriveId, ids: readonly FrameId[]): Promise<ReadonlySet<FrameId>> {
  const rows = await sql.query<{ id: FrameId }>(
    `select encode(id, 'hex') as id from frame_claims where id in (select decode(s, 'hex') from unnest($1::text[]) s) and drive_id <> $2`,
    [ids, drive],
  );
  return new Set(rows.map(({ id }) => id));
}

export interface LeftOut {
  readonly key: bigint;
  readonly to: 'refused' | 'dropped';
  readonly refusal: Refusal;
  readonly duplicateOf: FrameId | null;
}

/** Moves frames out of the pipeline; the claims of refused ones are given back. */
export async function leaveOut(tx: Tx, frames: readonly LeftOut[], movedBy: string): Promise<void> {
  await tx.query(
    `update frames f set state = l.state, reasons = array[l.reason], reason_detail = l.detail, duplicate_of = decode(l.duplicate_of, 'hex'), moved_by = $6
     from unnest($1::bigint[], $2::text[], $3::text[], $4::jsonb[], $5::text[]) as l (key, state, reason, detail, duplicate_of)
     where f.key = l.key`,
    [
      frames.map(({ key }) => key), frames.map(({ to }) => to), frames.map(({ refusal }) => refusal.code),
      frames.map(({ refusal }) => jsonColumn(refusal.detail)), frames.map(({ duplicateOf }) => duplicateOf), movedBy,
    ],
  );
  await tx.query(
    `delete from frame_claims c using frames f where f.key = any($1) and f.state = 'refused' and c.id = f.id and c.drive_id = f.drive_id
       and not exists (select from frames o where o.drive_id = f.drive_id and o.id = f.id and o.state <> 'refused')`,
    [frames.map(({ key }) => key)],
  );
}

export interface PlacedFrame {
  readonly key: bigint;
  readonly frame: Frame;
  readonly ordinal: number;
  readonly privateReason: ReasonCode | null;
}

/** Writes times, places and sequences of the frames that are judged. */
export async function placeFrames(tx: Tx, placed: readonly PlacedFrame[]): Promise<void> {
  const rows = placed.map(({ key, frame, ordinal, privateReason }) => {
    const cell = cellAt(frame, FRAME_RESOLUTION);
    return {
      key: String(key),
      ordinal,
      private_reason: privateReason,
      captured_at: frame.capturedAt,
      time_source: frame.timeSource,
      position_source: frame.positionSource,
      lat_deg: frame.latDeg,
      lon_deg: frame.lonDeg,
      alt_m: frame.altM,
      heading_deg: frame.headingDeg,
      speed_mps: frame.speedMps,
      hacc_m: frame.haccM,
      sequence: frame.sequence,
      h3_r12: String(cell),
      h3_r5: String(parentOf(cell, PARENT_RESOLUTION)),
    };
  });
  await tx.query(
    `update frames f set ordinal = p.ordinal, private_reason = p.private_reason, captured_at = to_timestamp(p.captured_at),
       time_source = p.time_source, position_source = p.position_source, lat_deg = p.lat_deg, lon_deg = p.lon_deg,
       alt_m = p.alt_m, heading_deg = p.heading_deg, speed_mps = p.speed_mps, hacc_m = p.hacc_m, sequence = p.sequence,
       h3_r12 = p.h3_r12, h3_r5 = p.h3_r5
     from jsonb_to_recordset($1) as p (key bigint, ordinal int, private_reason text, captured_at float8, time_source text,
       position_source text, lat_deg float8, lon_deg float8, alt_m float8, heading_deg float8, speed_mps float8, hacc_m float8,
       sequence int, h3_r12 bigint, h3_r5 bigint)
     where f.key = p.key`,
    [JSON.stringify(rows)],
  );
}

export interface PlacedRow {
  readonly key: bigint;
  readonly path: string;
  readonly id: FrameId;
  readonly ordinal: number;
  /** Held by an earlier drive: judged with the others, and counts for nothing. */
  readonly isCopy: boolean;
}

/** Judged frames whose place in time order is in `[from, to)`. */
export async function placedFrames(sql: Sql, drive: DriveId, span: { readonly from: number; readonly to: number }): Promise<readonly PlacedRow[]> {
  return await sql.query<PlacedRow>(
    `select key, path, encode(id, 'hex') as id, ordinal, state = 'dropped' as "isCopy" from frames
     where drive_id = $1 and state in ('received', 'dropped') and ordinal >= $2 and ordinal < $3 order by ordinal`,
    [drive, span.from, span.to],
  );
}

export interface DerivedFrame {
  readonly key: bigint;
  readonly pictureSha256: Sha256;
  readonly thumbSha256: Sha256;
  readonly greySha256: Sha256;
  readonly look: Look;
  readonly width: number;
  readonly height: number;
  readonly quality: number;
}

/** Writes what was made of the pictures. Those that an earlier drive holds stay dropped. */
export async function markDerived(tx: Tx, frames: readonly DerivedFrame[]): Promise<void> {
  await tx.query(
    `update frames f set state = case f.state when 'received' then 'ready' else f.state end,
       moved_by = case f.state when 'received' then 'ingest.derive' else f.moved_by end, width = d.width, height = d.height, quality = d.quality, look = d.look,
       picture_sha256 = decode(d."pictureSha256", 'hex'), thumb_sha256 = decode(d."thumbSha256", 'hex'), grey_sha256 = decode(d."greySha256", 'hex')
     from jsonb_to_recordset($1) as d (key bigint, "pictureSha256" text, "thumbSha256" text, "greySha256" text, look bigint, width int, height int, quality float8)
     where f.key = d.key`,
    [JSON.stringify(frames.map((frame) => ({ ...frame, key: String(frame.key), look: String(frame.look) })))],
  );
}

/** Paths of the frames whose picture could be decoded, for the final document. */
export async function decodedPaths(sql: Sql, drive: DriveId): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ path: string }>(`select path from frames where drive_id = $1 and ordinal is not null and width is not null`, [drive]);
  return new Set(rows.map(({ path }) => path));
}
