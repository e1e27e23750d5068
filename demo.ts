import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { demoDrives, type DemoDrive, demoNetwork } from './fixtures/demo.ts';
import { toDriveFiles } from './fixtures/drive-folder.ts';
import { closeDrive } from './ingest/close-drive.ts';
import { encodeJpeg } from './ingest/image.ts';
import { announceDrive, driveFiles, markStored, sha256Of } from './ingest/store.ts';
import type { Instance, Say } from './instance.ts';
import { createAccount, findAccount } from './shared/io/accounts.ts';
import type { Db } from './shared/io/db.ts';
import type { Queue } from './shared/io/queue.ts';
import type { AccountId, DriveId } from './shared/model/ids.ts';
import { DEFAULT_LICENCE } from './shared/model/licence.ts';

export interface DemoDoors extends Omit<Instance, 'close' | 'embedded' | 'objectSecret'> {
  readonly queue: Queue;
  readonly say: Say;
  readonly signal: AbortSignal;
}

interface DemoFile {
  readonly path: string;
  readonly bytes: Buffer;
}

const POLL_MS = 250;
const MOST_WAIT_MS = 180_000;

/**
 * Puts the demo drives through the same pipeline as everybody's, once; every account and drive of it is marked. A start
 * that was interrupted is taken up by the next one: the same drives have the same manifests.
 */
export async function runDemo(doors: DemoDoors): Promise<void> {
  const { db, clock, say, signal } = doors;
  if (await isComplete(db)) return say('demo', 'three demo drives are on the map (`wayproof demo remove` takes them away)');
  const network = demoNetwork();
  const drives = demoDrives({ network, endsAtS: await demoEnd(db, clock) });
  say('demo', `rendering ${drives.reduce((sum, { frames }) => sum + frames.length, 0)} pictures of ${drives.length} simulated drives …`);
  for (const drive of drives) {
    const { id } = await demoAccount(db, clock, drive.contributor);
    await submit(doors, id, { name: drive.driveJson.id, files: await filesOf(drive, signal) });
  }
  await untilJudged(db, signal);
  say('demo', await outcome(db));
}

/** Demo drives end when the demo was first begun, so that an interrupted demo goes on with the very same drives. */
async function demoEnd(db: Db, clock: DemoDoors['clock']): Promise<number> {
  await demoAccount(db, clock, 'ada');
  const [row] = await db.query<{ at: number }>(`select floor(extract(epoch from created_at))::float8 as at from accounts where name = 'demo-ada'`);
  return row!.at;
}

async function demoAccount(db: Db, clock: DemoDoors['clock'], contributor: string): Promise<{ readonly id: AccountId }> {
  const name = `demo-${contributor}`;
  return (await findAccount(db, name)) ?? (await createAccount(db, clock, { name, roles: ['contributor'], demo: true }));
}

async function filesOf(drive: DemoDrive, signal: AbortSignal): Promise<readonly DemoFile[]> {
  const files: DemoFile[] = toDriveFiles(drive).map(({ path, text }) => ({ path, bytes: Buffer.from(text) }));
  for (const frame of drive.frames) {
    signal.throwIfAborted();
    files.push({ path: frame.path, bytes: await encodeJpeg(frame.render()) });
    // Rendering takes the processor for tens of milliseconds: requests get their turn in between.
    await setImmediate();
  }
  return files;
}

async function submit({ db, objects, queue, clock }: DemoDoors, account: AccountId, drive: { readonly name: string; readonly files: readonly DemoFile[] }): Promise<void> {
  const files = drive.files.map(({ path, bytes }) => ({ path, bytes, size: bytes.length, sha256: sha256Of(bytes) }));
  const { id } = await db.transaction((tx) =>
    announceDrive(tx, clock, { account, name: drive.name, licence: DEFAULT_LICENCE, trimM: 0, demo: true, manifest: { files, assert: null, cameraOffsetS: null } }),
  );
  const contents = new Map(files.map(({ path, bytes }) => [path, bytes]));
  for (const { path, sha256, ordinal } of (await driveFiles(db, id)).filter(({ isStored }) => !isStored)) {
    await objects.putIfAbsent({ prefix: 'original', sha256 }, contents.get(path)!);
    await markStored(db, id, ordinal);
  }
  await closeDrive({ db, queue }, id);
}

async function isComplete(db: Db): Promise<boolean> {
  const drives = await db.query<{ state: string }>('select state from drives where demo');
  return drives.length >= 3 && drives.every(({ state }) => state === 'judged');
}

async function untilJudged(db: Db, signal: AbortSignal): Promise<void> {
  for (let waitedMs = 0; waitedMs < MOST_WAIT_MS; waitedMs += POLL_MS) {
    signal.throwIfAborted();
    const [row] = await db.query<{ left: number }>(
      `select (select count(*) from drives where demo and state in ('open', 'processing'))::int
            + (select count(*) from pgboss.job where name = 'frames.judged' and state in ('created', 'retry', 'active'))::int as left`,
    );
    if (row!.left === 0) return;
    await pause(POLL_MS);
  }
  throw new Error('the demo drives were not judged in time');
}

async function outcome(db: Db): Promise<string> {
  const rows = await db.query<{ state: string; n: number }>(
    `select f.state, count(*)::int as n from frames f join drives d on d.id = f.drive_id where d.demo group by f.state order by f.state`,
  );
  return `complete: ${rows.map(({ state, n }) => `${n} frames ${state}`).join(', ')}`;
}

/** Ids of the demo drives, for their removal. */
export async function demoDriveIds(db: Db): Promise<readonly DriveId[]> {
  return (await db.query<{ id: DriveId }>('select id from drives where demo')).map(({ id }) => id);
}
