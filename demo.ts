import { setTimeout as pause } from 'node:timers/promises';
import { type DemoPerson, demoPeople } from './demo-people.ts';
import { openStudio, type Studio } from './demo-pictures.ts';
import { type DemoDrive, demoNetwork, eachDemoDrive, lastNoon } from './fixtures/demo.ts';
import { toDriveFiles } from './fixtures/drive-folder.ts';
import { closeDrive } from './ingest/close-drive.ts';
import { encodeJpeg } from './ingest/image.ts';
import { eachAtMost } from './ingest/pace.ts';
import { announceDrive, driveFiles, markStored, sha256Of } from './ingest/store.ts';
import type { Instance, Say } from './instance.ts';
import type { Db } from './shared/io/db.ts';
import type { Queue } from './shared/io/queue.ts';
import { type Epoch, epochOf, epochSpan } from './shared/model/epoch.ts';
import type { AccountId, DriveId } from './shared/model/ids.ts';
import { DEFAULT_LICENCE } from './shared/model/licence.ts';
import { RECIPE } from './shared/model/recipe.ts';
import { closeEpoch, EpochNotReady } from './tiles/rewards/epoch.ts';

export interface DemoDoors extends Omit<Instance, 'close' | 'embedded' | 'objectSecret'> {
  readonly queue: Queue;
  readonly say: Say;
  readonly signal: AbortSignal;
  /** Where the tokens of its people are kept. */
  readonly home: string;
  /** Threads that render. */
  readonly threads: number;
}

interface DemoFile {
  readonly path: string;
  readonly bytes: Buffer;
}

const POLL_MS = 250;
const MOST_WAIT_MS = 180_000;
const DRIVES = 11;
const DAY_S = 86_400;
/** In the middle of a week's daylight. */
const WEDNESDAY_NOON_S = 2.5 * DAY_S;

/**
 * Puts the demo drives through the same pipeline as everybody's, once; every account and drive of it is marked. A start
 * that was interrupted is taken up by the next one: the same drives have the same manifests.
 */
export async function runDemo(doors: DemoDoors): Promise<void> {
  const { db, clock, home, say, signal } = doors;
  if (await isComplete(db)) return say('demo', `${DRIVES} demo drives are on the map (\`wayproof demo remove\` takes them away)`);
  const people = await demoPeople(db, clock, home);
  introduce(people, say);
  const endsAtS = await demoEnd(db);
  const past = lastClosable(endsAtS);
  say('demo', `rendering ${DRIVES} simulated drives …`);
  const studio = await openStudio(doors.threads);
  try {
    const plan = { network: demoNetwork(), endsAtS, pastEndsAtS: epochSpan(past)[0] + WEDNESDAY_NOON_S };
    for (const drive of eachDemoDrive(plan)) {
      const { id } = people.find(({ name }) => name === `demo-${drive.contributor}`)!;
      await submit(doors, id, { name: drive.driveJson.id, files: await filesOf(drive, studio, signal) });
    }
  } finally {
    await studio.close();
  }
  await untilJudged(db, signal);
  await payOut(doors, past);
  say('demo', await outcome(db));
}

function introduce(people: readonly DemoPerson[], say: Say): void {
  for (const { name, role, token } of people.filter(({ isNew }) => isNew)) say('demo', `${name.padEnd(9)} ${role.padEnd(11)} ${token}`);
}

/**
 * Demo drives end at the last noon before the demo was first begun: an interrupted demo goes on with the very same
 * drives, and their pictures show daylight.
 */
async function demoEnd(db: Db): Promise<number> {
  const [row] = await db.query<{ at: number }>(`select floor(extract(epoch from created_at))::float8 as at from accounts where name = 'demo-ada'`);
  return lastNoon(row!.at);
}

/** The last epoch whose grace was over by then. */
function lastClosable(atS: number): Epoch {
  return epochOf(atS - RECIPE.rewards.graceS) - 1;
}

/** The week before is paid out like any other, unless somebody's older drives come first. */
async function payOut({ db, clock, say }: DemoDoors, epoch: Epoch): Promise<void> {
  try {
    await closeEpoch({ db, clock, recipe: RECIPE }, epoch);
  } catch (error) {
    if (!(error instanceof EpochNotReady)) throw error;
    say('demo', `nothing is paid out: ${error.message}`);
  }
}

/** A few more pictures than threads are under way, so that no thread waits for the encoder. */
async function filesOf(drive: DemoDrive, studio: Studio, signal: AbortSignal): Promise<readonly DemoFile[]> {
  const pictures = await eachAtMost(studio.threads + 2, drive.frames, async ({ path, shot }): Promise<DemoFile> => {
    signal.throwIfAborted();
    return { path, bytes: await encodeJpeg(await studio.render(shot)) };
  });
  return [...toDriveFiles(drive).map(({ path, text }) => ({ path, bytes: Buffer.from(text) })), ...pictures];
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
  return drives.length >= DRIVES && drives.every(({ state }) => state === 'judged');
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
