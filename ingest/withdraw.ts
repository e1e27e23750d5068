import type { Db, Sql, Tx } from '../shared/io/db.ts';
import { type LeaveMap, moveFrames } from '../shared/io/frame-moves.ts';
import type { Objects } from '../shared/io/objects.ts';
import { Problem } from '../shared/io/problem.ts';
import type { Job, Queue } from '../shared/io/queue.ts';
import type { AccountId, DriveId, FrameId, Sha256 } from '../shared/model/ids.ts';
import { lockDrive } from './store.ts';

export interface WithdrawDoors {
  readonly db: Db;
  readonly queue: Queue;
  readonly leaveMap: LeaveMap;
}

/** What an owner takes back: one frame, or with null all of the drive. */
export interface Withdrawal {
  readonly drive: DriveId;
  readonly frame: FrameId | null;
  readonly owner: AccountId;
}

/**
 * Takes frames out of the network at their owner's word: off the map and out of unsettled pay in this transaction,
 * and their published copies out of the store. What was sent stays in its private room. Again is no mistake.
 */
export async function withdraw({ db, queue, leaveMap }: WithdrawDoors, { drive, frame, owner }: Withdrawal): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await lockDrive(tx, drive);
    if (row === null) return;
    if (row.state === 'processing') throw new Problem({ status: 409, type: 'drive_processing', title: 'This drive is still being checked', detail: 'Ask again when it is done, in a minute or two.' });
    if (frame === null && row.state === 'open') return await forget(tx, drive);
    const frames = await withdrawable(tx, drive, frame);
    if (frames === null) throw new Problem({ status: 404, type: 'frame_unknown', title: 'No such frame', detail: 'This drive has no such frame.' });
    const keys = frames.map(({ key }) => key);
    await moveFrames(tx, leaveMap, { keys, to: 'withdrawn', reasons: ['withdrawn_by_owner'], movedBy: owner });
    await tx.query('update frames set picture_sha256 = null, thumb_sha256 = null, grey_sha256 = null where key = any($1)', [keys]);
    const derived = [...new Set(frames.flatMap(({ derived }) => derived))];
    for (let from = 0; from < derived.length; from += DISCARD_SHARD) await queue.send(tx, 'ingest.discard', { derived: derived.slice(from, from + DISCARD_SHARD) });
  });
}

/** Some milliseconds each, also where the store is a network away. */
const DISCARD_SHARD = 600;

/** Nothing was made of an open drive: it need not be remembered. */
async function forget(tx: Tx, drive: DriveId): Promise<void> {
  await tx.query('delete from drive_files where drive_id = $1', [drive]);
  await tx.query('delete from drives where id = $1', [drive]);
}

interface Withdrawable {
  readonly key: bigint;
  readonly derived: readonly Sha256[];
}

/** The frames that are still in, or null where the drive has no such frame. */
async function withdrawable(tx: Tx, drive: DriveId, frame: FrameId | null): Promise<readonly Withdrawable[] | null> {
  const rows = await tx.query<Withdrawable & { readonly isOut: boolean }>(
    `select key, state in ('withdrawn', 'taken_down') as "isOut",
       (select coalesce(array_agg(encode(s, 'hex')), '{}') from unnest(array[picture_sha256, thumb_sha256, grey_sha256]) s where s is not null) as derived
     from frames where drive_id = $1 and ($2::text is null or id = decode($2, 'hex')) order by key for no key update`,
    [drive, frame],
  );
  return frame !== null && rows.length === 0 ? null : rows.filter(({ isOut }) => !isOut);
}

/** Deletes copies that no frame shows any more; frames of the same pixels share them. */
export async function discard({ db, objects, queue }: { readonly db: Db; readonly objects: Objects; readonly queue: Queue }, job: Job<'ingest.discard'>): Promise<void> {
  for (const sha256 of await unshown(db, job.data.derived)) await objects.delete({ prefix: 'derived', sha256 });
  await db.transaction((tx) => queue.finish(tx, job));
}

async function unshown(sql: Sql, derived: readonly Sha256[]): Promise<readonly Sha256[]> {
  const rows = await sql.query<{ sha256: Sha256 }>(
    `select s as sha256 from unnest($1::text[]) s where not exists (
       select from frames f where f.picture_sha256 is not null and array[f.picture_sha256, f.thumb_sha256, f.grey_sha256] && array[decode(s, 'hex')])`,
    [derived],
  );
  return rows.map(({ sha256 }) => sha256);
}
