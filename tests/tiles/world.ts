import { createHash } from 'node:crypto';
import type { Db } from '../../shared/io/db.ts';
import { type Cell, cellAt, FRAME_RESOLUTION } from '../../shared/model/cell.ts';
import type { FrameState } from '../../shared/model/frame-state.ts';
import type { LatLon } from '../../shared/model/geo.ts';

/** A frame as a test wants it; what is absent has the value of `addFrame`. */
export interface TestFrame extends LatLon {
  readonly name: string;
  readonly drive: string;
  readonly account: string;
  readonly capturedAt?: Date;
  readonly headingDeg?: number | null;
  readonly quality?: number | null;
  readonly tier?: 'A' | 'B' | 'C';
  readonly state?: FrameState;
  readonly privateReason?: string | null;
  readonly sequence?: number;
  readonly ordinal?: number;
  readonly pictureSha256?: string;
  readonly thumbSha256?: string;
}

/** A UUID that depends on the name alone. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export async function addAccount(db: Db, name: string, roles = ['contributor']): Promise<string> {
  await db.query('insert into accounts (id, name, roles) values ($1, $2, $3) on conflict do nothing', [uuidOf(name), name, roles]);
  return uuidOf(name);
}

export async function addDrive(db: Db, name: string, account: string, options: { demo?: boolean; licence?: string } = {}): Promise<string> {
  await addAccount(db, account);
  await db.query(
    `insert into drives (id, account_id, manifest_sha256, name, licence, demo, state, device)
     values ($1, $2, $3, $4, $5, $6, 'judged', '{"make":"Acme","model":"Cam","serial":"7"}') on conflict do nothing`,
    [uuidOf(name), uuidOf(account), Buffer.from(sha256Of(name), 'hex'), name, options.licence ?? 'CC-BY-SA-4.0', options.demo ?? false],
  );
  return uuidOf(name);
}

/** Adds the frame in its state by legal moves, and answers its cell and key. */
export async function addFrame(db: Db, frame: TestFrame): Promise<{ cell: Cell; key: bigint }> {
  await addDrive(db, frame.drive, frame.account);
  const cell = cellAt(frame, FRAME_RESOLUTION);
  const [row] = await db.query<{ key: bigint }>(
    `insert into frames (drive_id, account_id, path, id, size, captured_at, time_source, lat_deg, lon_deg, position_source,
       heading_deg, quality, tier, sequence, ordinal, private_reason, h3_r12, h3_r5, picture_sha256, thumb_sha256, score)
     values ($1, $2, $3, $4, 1, $5, 'gps', $6, $7, 'track', $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, 0.5) returning key`,
    [
      uuidOf(frame.drive), uuidOf(frame.account), frame.name, Buffer.from(sha256Of(frame.name), 'hex'),
      frame.capturedAt ?? new Date('2026-05-12T10:00:00Z'), frame.latDeg, frame.lonDeg, frame.headingDeg ?? null,
      frame.quality === undefined ? 0.8 : frame.quality, frame.tier ?? 'A', frame.sequence ?? 0, frame.ordinal ?? 0,
      frame.privateReason ?? null, cell,
      bytesOf(frame.pictureSha256), bytesOf(frame.thumbSha256),
    ],
  );
  for (const state of pathTo(frame.state ?? 'accepted')) await db.query('update frames set state = $2 where key = $1', [row!.key, state]);
  return { cell, key: row!.key };
}

function bytesOf(hex: string | undefined): Buffer | null {
  return hex === undefined ? null : Buffer.from(hex, 'hex');
}

function pathTo(state: FrameState): readonly FrameState[] {
  if (state === 'received') return [];
  if (state === 'refused' || state === 'dropped' || state === 'ready') return [state];
  if (state === 'withdrawn' || state === 'taken_down') return ['ready', 'accepted', state];
  return ['ready', state];
}
