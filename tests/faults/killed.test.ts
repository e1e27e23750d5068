import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRandom } from '../../fixtures/random.ts';
import { closeDrive } from '../../ingest/close-drive.ts';
import { announceDrive, driveFiles, markStored, sha256Of } from '../../ingest/store.ts';
import { createAccount } from '../../shared/io/accounts.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { openFileObjects } from '../../shared/io/file-objects.ts';
import { openLog } from '../../shared/io/log.ts';
import type { Objects } from '../../shared/io/objects.ts';
import { openQueue } from '../../shared/io/queue.ts';
import type { Drive } from '../../shared/model/drive.ts';
import type { DriveId, Sha256 } from '../../shared/model/ids.ts';
import { DEFAULT_LICENCE } from '../../shared/model/licence.ts';
import { rebuildCells } from '../../tiles/rollup.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { jpeg } from '../ingest/pictures.ts';
import { teleported } from '../validate/attacks.ts';
import { madeDrive, ROUGH_ROAD, START_S } from '../validate/made-drive.ts';
import { until } from '../waiting.ts';

const FIRST_SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const FRAMES = 131;
/** From the start of work to about the time it takes undisturbed, from reading to the map. */
const LONGEST_MS = 8_000;

/** One honest minute after another, then a jump: some frames are accepted, some wait for people. */
const DRIVE = teleported(madeDrive({ seconds: 2 * (FRAMES - 1), imu: () => ROUGH_ROAD, framesEveryS: 2 }), { atS: START_S + 130, metres: 300, onCourseDeg: 0 });

// At once: for most of their time they wait for jobs to expire.
test.concurrent('the job of a worker killed with SIGKILL comes back to another within 60 s, once', async () => {
  const database = await freshDatabase();
  const queue = await openQueue(database.db, openLog({ level: 'silent' }));
  try {
    await database.db.transaction((tx) => queue.send(tx, 'drive.ready', { driveId: '0190a5a0-0000-7000-8000-000000000001' as DriveId }));
    const child = await spawned('./queue-worker.ts', database.url);
    child.kill('SIGKILL');
    const killedAt = performance.now();
    const attempts: number[] = [];
    await queue.work('drive.ready', 2, async (job) => {
      await database.db.transaction((tx) => queue.finish(tx, job));
      attempts.push(job.attempt);
    });
    await until(() => attempts.length > 0, 60_000);
    expect((performance.now() - killedAt) / 1000).toBeLessThan(60);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(attempts).toEqual([1]);
    expect(await queue.depth()).toEqual({});
  } finally {
    await queue.close(1000);
    await database.drop();
  }
}, 120_000);

test.concurrent.each([0, 1, 2])('killed with SIGKILL at any moment, the pipeline goes on elsewhere and does nothing twice: round %i', async (round) => {
  const root = await mkdtemp(join(tmpdir(), 'wayproof-killed-'));
  await play(round, root).finally(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
}, 180_000);

async function play(round: number, root: string): Promise<void> {
  const seed = FIRST_SEED + round;
  const killAfterMs = makeRandom(seed, 'kill').uniform(0, LONGEST_MS);
  console.log(`killed-pipeline: seed ${seed}, killed after ${Math.round(killAfterMs)} ms`);
  const database = await freshDatabase();
  const objects = await openFileObjects({ root, clock: systemClock, secret: Buffer.alloc(32), publicUrl: 'http://localhost' });
  const drive = await closed(database, objects);
  const first = await spawned('./pipeline-worker.ts', database.url, root);
  await new Promise((resolve) => setTimeout(resolve, killAfterMs));
  first.kill('SIGKILL');
  const killedMs = performance.now();
  const [killed] = await database.db.query<{ at: Date }>('select clock_timestamp() as at');
  const second = await spawned('./pipeline-worker.ts', database.url, root);
  try {
    await until(async () => (await unfinished(database)) === 0, 90_000);
    const tookS = (performance.now() - killedMs) / 1000;
    console.log(`killed-pipeline: seed ${seed}, everything done ${tookS.toFixed(1)} s after the kill`);
    await checkFrames(database, drive);
    await checkObjects(database, objects);
    await checkMap(database);
    // The law is the first; the rest of the work depends on how busy this machine is.
    expect(await returnedAfterS(database, killed!.at)).toBeLessThan(60);
    expect(tookS).toBeLessThan(75);
  } finally {
    second.kill('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await objects.close();
    await database.drop();
  }
}

function lines(header: string, rows: readonly (readonly (number | string | null)[])[]): string {
  return [header, ...rows.map((row) => row.join(','))].join('\n');
}

function filesOf({ gnss, imu, frames }: Drive): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: 'gnss.csv', text: lines('t_s,lat_deg,lon_deg,speed_mps,course_deg,hacc_m', gnss.map(({ tS, latDeg, lonDeg, speedMps, courseDeg, haccM }) => [tS, latDeg, lonDeg, speedMps, courseDeg, haccM])) },
    { path: 'frames.csv', text: lines('file,t_s', frames.map(({ path, capturedAt }) => [path, capturedAt])) },
    { path: 'imu.csv', text: lines('t_s,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps', Array.from(imu!.tS, (tS, n) => [tS, imu!.forceX[n]!, imu!.forceY[n]!, imu!.forceZ[n]!, imu!.gyroX[n]!, imu!.gyroY[n]!, imu!.gyroZ[n]!])) },
  ];
}

/** The drive as its contributor leaves it: all files there, closed, the first jobs sent. */
async function closed({ db }: TestDatabase, objects: Objects): Promise<DriveId> {
  const contents = new Map<string, Buffer>(filesOf(DRIVE).map(({ path, text }) => [path, Buffer.from(text)]));
  for (const [n, { path }] of DRIVE.frames.entries()) contents.set(path, await jpeg(n));
  const files = [...contents].map(([path, bytes]) => ({ path, size: bytes.length, sha256: sha256Of(bytes) }));
  expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(FRAMES + 3);
  const { id: account } = await createAccount(db, systemClock, { name: 'anna', roles: ['contributor'] });
  const { id } = await db.transaction((tx) => announceDrive(tx, systemClock, { account, name: 'killed', licence: DEFAULT_LICENCE, trimM: 0, demo: false, manifest: { files, assert: null, cameraOffsetS: null } }));
  for (const { path, sha256, ordinal } of await driveFiles(db, id)) {
    await objects.putIfAbsent({ prefix: 'original', sha256 }, contents.get(path)!);
    await markStored(db, id, ordinal);
  }
  // Without workers, and gone before they come: nobody but they may look after the queue.
  const queue = await openQueue(db, openLog({ level: 'silent' }));
  await closeDrive({ db, queue }, id);
  await queue.close(1000);
  return id;
}

/** A process of its own, once it has said that it is at work. */
async function spawned(script: string, ...words: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', new URL(script, import.meta.url).pathname, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code, signal) => (signal === 'SIGKILL' ? undefined : reject(new Error(`the worker ended by itself, ${code}`))));
  });
  return child;
}

/** When the last of the dead worker's jobs was taken up by another; 0 where it held none. */
async function returnedAfterS({ db }: TestDatabase, killed: Date): Promise<number> {
  const [row] = await db.query<{ s: number }>(`select coalesce(max(extract(epoch from started_on - $1)), 0)::float8 as s from pgboss.job where retry_count > 0`, [killed]);
  return row!.s;
}

/** Jobs that have not ended. */
async function unfinished({ db }: TestDatabase): Promise<number> {
  const [row] = await db.query<{ n: number }>(`select count(*)::int as n from pgboss.job where state in ('created', 'retry', 'active')`);
  return row!.n;
}

async function checkFrames({ db }: TestDatabase, drive: DriveId): Promise<void> {
  const frames = await db.query<{ state: string; moves: string[]; cases: number }>(
    `select f.state, array(select h.to_state from frame_history h where h.frame_key = f.key order by h.seq) as moves,
       (select count(*)::int from review_case_frames c where c.frame_key = f.key) as cases
     from frames f where f.drive_id = $1 order by f.path`,
    [drive],
  );
  // Flagged frames that follow one another are one case.
  const stretches = frames.filter(({ state }, n) => state === 'flagged' && frames[n - 1]?.state !== 'flagged').length;
  expect(frames).toHaveLength(FRAMES);
  expect(new Set(frames.map(({ state }) => state))).toEqual(new Set(['accepted', 'flagged', 'rejected']));
  for (const { state, moves, cases } of frames) {
    expect(moves).toEqual(['received', 'ready', state]);
    expect(cases).toBe(state === 'flagged' ? 1 : 0);
  }
  expect(await db.query(`select state, (select count(*)::int from verdicts v where v.drive_id = d.id) as verdicts, (select count(*)::int from review_cases c where c.drive_id = d.id) as cases from drives d`)).toEqual([{ state: 'judged', verdicts: 1, cases: stretches }]);
  expect(await db.query(`select name, output from pgboss.job where state = 'failed' or name = 'dead-letters'`)).toEqual([]);
}

async function checkObjects({ db }: TestDatabase, objects: Objects): Promise<void> {
  const named = await db.query<{ prefix: 'original' | 'derived' | 'documents'; sha256: Sha256 }>(
    `select 'original' as prefix, encode(sha256, 'hex') as sha256 from drive_files
     union select 'derived', encode(s, 'hex') from frames f, unnest(array[f.picture_sha256, f.thumb_sha256, f.grey_sha256]) s
     union select 'documents', encode(document_sha256, 'hex') from drives`,
  );
  expect(named.length).toBeGreaterThan(2 * FRAMES);
  for (const { prefix, sha256 } of named) expect(sha256Of((await objects.get({ prefix, sha256 }))!)).toBe(sha256);
}

async function checkMap({ db }: TestDatabase): Promise<void> {
  const cells = () => db.query('select h3, digest, frames, contributors, first_day, last_day, quality, headings, unheaded from cells where frames > 0 order by h3');
  const before = await cells();
  expect(before.length).toBeGreaterThan(20);
  await db.query('truncate cells');
  await rebuildCells(db);
  expect(before).toEqual(await cells());
  expect(await db.query(`select (select count(*) from frame_points) = (select count(*) from frames where state = 'accepted' and not private) as same`)).toEqual([{ same: true }]);
}
