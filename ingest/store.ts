import { createHash } from 'node:crypto';
import type { Clock } from '../shared/io/clock.ts';
import { uuid7 } from '../shared/io/clock.ts';
import type { Sql, Tx } from '../shared/io/db.ts';
import type { AccountId, DriveId, Sha256 } from '../shared/model/ids.ts';
import type { Licence } from '../shared/model/licence.ts';
import type { Refusal } from '../shared/model/reason.ts';
import { jsonColumn } from './json-column.ts';
import { isPicturePath, type Manifest, manifestSha256, inFolderOrder } from './manifest.ts';

/** A drive as its jobs need it. */
export interface DriveRow {
  readonly id: DriveId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly state: 'open' | 'processing' | 'judged' | 'refused';
  readonly trimM: number | null;
  readonly assertStartS: number | null;
  readonly assertIntervalS: number | null;
  readonly cameraOffsetS: number | null;
  readonly documentSha256: Sha256 | null;
  readonly demo: boolean;
}

export interface Announcement {
  readonly account: AccountId;
  readonly name: string;
  readonly licence: Licence;
  readonly trimM: number | null;
  readonly manifest: Manifest;
  readonly demo: boolean;
}

export interface DriveFile {
  readonly ordinal: number;
  readonly path: string;
  readonly size: number;
  readonly sha256: Sha256;
  readonly isStored: boolean;
}

const DRIVE = `id, account_id as "accountId", name, state, trim_m as "trimM",
  extract(epoch from assert_start)::float8 as "assertStartS", assert_interval_s as "assertIntervalS",
  camera_offset_s as "cameraOffsetS", encode(document_sha256, 'hex') as "documentSha256", demo`;

/**
 * The drive of this manifest: made, or found where the account announced the same before. While it is open the last
 * announcement's name, licence and trim hold: somebody who begins again with a wider trim must get it.
 */
export async function announceDrive(tx: Tx, clock: Clock, announcement: Announcement): Promise<DriveRow> {
  const { account, manifest } = announcement;
  const identity = manifestSha256(manifest);
  const [made] = await tx.query<{ id: DriveId; isNew: boolean }>(
    `insert into drives (id, account_id, manifest_sha256, name, licence, trim_m, assert_start, assert_interval_s, camera_offset_s, demo)
     values ($1, $2, $3, $4, $5, $6, to_timestamp($7), $8, $9, $10)
     on conflict (account_id, manifest_sha256)
     do update set name = excluded.name, licence = excluded.licence, trim_m = excluded.trim_m where drives.state = 'open'
     returning id, xmax = 0 as "isNew"`,
    [
      uuid7(clock), account, identity, announcement.name, announcement.licence, announcement.trimM,
      manifest.assert?.startS ?? null, manifest.assert?.intervalS ?? null, manifest.cameraOffsetS, announcement.demo,
    ],
  );
  if (made?.isNew === true) await insertFiles(tx, made.id, announcement);
  const [row] = await tx.query<DriveRow>(`select ${DRIVE} from drives where account_id = $1 and manifest_sha256 = $2`, [account, identity]);
  return row!;
}

/** Files that the same account sent before need not travel again. Other accounts' files must: a hash is no proof of having them. */
async function insertFiles(tx: Tx, drive: DriveId, { account, manifest }: Announcement): Promise<void> {
  const files = inFolderOrder(manifest.files);
  await tx.query(
    `insert into drive_files (drive_id, ordinal, path, size, sha256, stored_at)
     select $1, f.ordinal, f.path, f.size, decode(f.sha256, 'hex'),
       (select max(s.stored_at) from drive_files s join drives d on d.id = s.drive_id
        where s.sha256 = decode(f.sha256, 'hex') and s.size = f.size and d.account_id = $2)
     from unnest($3::int[], $4::text[], $5::bigint[], $6::text[]) as f (ordinal, path, size, sha256)`,
    [drive, account, files.map((_, index) => index), files.map(({ path }) => path), files.map(({ size }) => size), files.map(({ sha256 }) => sha256)],
  );
}

export async function findDrive(sql: Sql, id: DriveId): Promise<DriveRow | null> {
  const [row] = await sql.query<DriveRow>(`select ${DRIVE} from drives where id = $1`, [id]);
  return row ?? null;
}

export async function lockDrive(tx: Tx, id: DriveId): Promise<DriveRow | null> {
  const [row] = await tx.query<DriveRow>(`select ${DRIVE} from drives where id = $1 for update`, [id]);
  return row ?? null;
}

export async function missingPaths(sql: Sql, id: DriveId): Promise<readonly string[]> {
  const rows = await sql.query<{ path: string }>('select path from drive_files where drive_id = $1 and stored_at is null order by ordinal', [id]);
  return rows.map(({ path }) => path);
}

const FILE = `ordinal, path, size::float8 as size, encode(sha256, 'hex') as sha256, stored_at is not null as "isStored"`;

export async function findFile(sql: Sql, id: DriveId, path: string): Promise<DriveFile | null> {
  const [row] = await sql.query<DriveFile>(`select ${FILE} from drive_files where drive_id = $1 and path = $2`, [id, path]);
  return row ?? null;
}

export async function driveFiles(sql: Sql, id: DriveId): Promise<readonly DriveFile[]> {
  return await sql.query<DriveFile>(`select ${FILE} from drive_files where drive_id = $1 order by ordinal`, [id]);
}

/** False where the drive was closed meanwhile: then the file came too late. */
export async function markStored(sql: Sql, id: DriveId, ordinal: number): Promise<boolean> {
  const rows = await sql.query(
    `update drive_files f set stored_at = coalesce(f.stored_at, now()) from drives d
     where d.id = f.drive_id and d.state = 'open' and f.drive_id = $1 and f.ordinal = $2 returning 1`,
    [id, ordinal],
  );
  return rows.length > 0;
}

/** Closes a drive for further files and claims its pictures: of two copies, the one closed first is the original. */
export async function markClosed(tx: Tx, id: DriveId, shards: number): Promise<void> {
  await tx.query(`update drives set state = 'processing', closed_at = clock_timestamp(), shards_left = $2 where id = $1`, [id, shards]);
  const files = await driveFiles(tx, id);
  // In one order everywhere, so that two drives with the same pictures cannot wait for each other.
  const claimed = files.filter(({ path }) => isPicturePath(path)).map(({ sha256 }) => sha256).toSorted();
  await tx.query(`insert into frame_claims (id, drive_id) select distinct decode(s, 'hex'), $2::uuid from unnest($1::text[]) s order by 1 on conflict do nothing`, [claimed, id]);
}

/** Counts a shard as done; true for the last one. */
export async function finishShard(tx: Tx, id: DriveId): Promise<boolean> {
  const [row] = await tx.query<{ left: number }>('update drives set shards_left = shards_left - 1 where id = $1 returning shards_left as left', [id]);
  return row?.left === 0;
}

export async function expectShards(tx: Tx, id: DriveId, shards: number): Promise<void> {
  await tx.query('update drives set shards_left = $2 where id = $1', [id, shards]);
}

/** The drive has nothing that could be judged. */
export async function refuseDrive(tx: Tx, id: DriveId, reason: Refusal, notes: readonly Refusal[]): Promise<void> {
  await tx.query(`update drives set state = 'refused', reason = $2, reason_detail = $3, notes = $4 where id = $1`, [id, reason.code, jsonColumn(reason.detail), jsonColumn(notes)]);
}

export interface Assembly {
  readonly inputSha256: Sha256;
  readonly documentSha256: Sha256;
  readonly device: object;
  readonly notes: readonly Refusal[];
}

export async function saveAssembly(tx: Tx, id: DriveId, assembly: Assembly): Promise<void> {
  await tx.query(
    `update drives set input_sha256 = decode($2, 'hex'), document_sha256 = decode($3, 'hex'), device = $4, notes = $5 where id = $1`,
    [id, assembly.inputSha256, assembly.documentSha256, jsonColumn(assembly.device), jsonColumn(assembly.notes)],
  );
}

export async function saveDocument(tx: Tx, id: DriveId, documentSha256: Sha256): Promise<void> {
  await tx.query(`update drives set document_sha256 = decode($2, 'hex') where id = $1`, [id, documentSha256]);
}

export function sha256Of(bytes: Uint8Array): Sha256 {
  return createHash('sha256').update(bytes).digest('hex') as Sha256;
}
