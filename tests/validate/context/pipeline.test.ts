import { afterAll, beforeAll, expect, test } from 'vitest';
import { sceneOnce, simulateDrive, type SimulatedDrive } from '../../../fixtures/drive.ts';
import { toDriveFiles } from '../../../fixtures/drive-folder.ts';
import { resent } from '../../../fixtures/attacks/resent.ts';
import { renderFrame } from '../../../fixtures/camera.ts';
import { encodeJpeg } from '../../../ingest/image.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import { openLog } from '../../../shared/io/log.ts';
import type { DriveId } from '../../../shared/model/ids.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { leaveMap, tilesJobs } from '../../../tiles/jobs.ts';
import { parseContext } from '../../../validate/context/context-receipt.ts';
import { contextOf, mustWait } from '../../../validate/context/store.ts';
import { validateJobs } from '../../../validate/jobs.ts';
import type { Net } from '../../../validate/net.ts';
import { announce, type Contributor, framesOf, type IngestServer, openIngest, send, summaryOf, upload, type UploadFile } from '../../ingest/server.ts';
import { until } from '../../waiting.ts';
import { committedNet } from '../committed-net.ts';
import { STREETS, TODAY_S, wandering } from './streets.ts';

/** Every stage on a real database, queue and store, in one process. */
let server: IngestServer;
let net: Net;
let anna: Contributor;
let boris: Contributor;
const scene = sceneOnce(STREETS);

beforeAll(async () => {
  server = await openIngest();
  net = await committedNet();
  [anna, boris] = [await server.contributor('anna'), await server.contributor('boris')];
  const { db, queue, objects } = server;
  await server.startJobs();
  await validateJobs({ db, objects, queue, clock: systemClock, log: openLog({ level: 'silent' }), recipe: RECIPE, leaveMap, net });
  await tilesJobs({ db, queue, recipe: RECIPE });
}, 120_000);
afterAll(async () => {
  await server.close();
  await net.close();
});

function drive(seed: number, route = wandering(1, 700)): SimulatedDrive {
  return simulateDrive({ seed, network: STREETS, route, scene, name: `drive-${seed}`, startAtS: TODAY_S + 1000 * seed, size: { width: 320, height: 180 }, frameSpacingM: 30 });
}

async function filesOf(simulated: SimulatedDrive): Promise<readonly UploadFile[]> {
  const texts = toDriveFiles(simulated).map(({ path, text }) => ({ path, bytes: Buffer.from(text) }));
  const pictures = await Promise.all(simulated.frames.map(async ({ path, shot }) => ({ path, bytes: await encodeJpeg(renderFrame(scene(), shot.pose, shot.camera)) })));
  return [...texts, ...pictures];
}

async function judged(by: Contributor, drive: DriveId): Promise<void> {
  await until(async () => (await summaryOf(by, drive)).state === 'judged', 120_000);
}

async function sent(by: Contributor, simulated: SimulatedDrive): Promise<DriveId> {
  const id = (await upload(by, await filesOf(simulated), { trim: 0 })) as DriveId;
  await judged(by, id);
  return id;
}

async function findings(id: DriveId): Promise<readonly string[]> {
  const printed = await contextOf(server.db, id);
  return printed === null ? [] : parseContext(printed).lines.flatMap(({ reason }) => reason ?? []);
}

async function verdictsOf(id: DriveId) {
  return await server.db.query<{ kind: string; verdict: string; supersedes: string | null; id: string }>('select id, kind, verdict, supersedes from verdicts where drive_id = $1 order by id', [id]);
}

const original = drive(1);

test('the first drive is held against nothing; a replay of it under another account is rejected, for the right reasons', async () => {
  const first = await sent(anna, original);
  expect(await contextOf(server.db, first)).toBeNull();
  expect(await summaryOf(anna, first)).toMatchObject({ verdict: 'accepted' });
  const replay = await sent(boris, resent(original, { laterS: 86_400, copies: 4, smaller: { width: 256, height: 144 } }));
  expect(await findings(replay)).toEqual(['imagery_held', 'imagery_copied', 'readings_held', 'track_replayed']);
  expect(await summaryOf(boris, replay)).toMatchObject({ verdict: 'rejected', counts: { accepted: 0, flagged: 0, unverified: 0, dropped: 4 } });
  for (const { state, reasons } of await framesOf(boris, replay)) if (state !== 'dropped') expect({ state, reasons }).toMatchObject({ state: 'rejected', reasons: expect.arrayContaining(['readings_held']) });
  const [intrinsic, context] = await verdictsOf(replay);
  expect([intrinsic, context]).toMatchObject([{ kind: 'judge', supersedes: null }, { kind: 'context', verdict: 'rejected', supersedes: intrinsic!.id }]);
  expect((await summaryOf(anna, first)).verdict).toBe('accepted');
}, 180_000);

test('what the copier learns names nobody: no drive, no account, no place', async () => {
  const [{ id: first }, { id: second }] = await server.db.query<{ id: string }>('select id from drives order by closed_at') as [{ id: string }, { id: string }];
  const { body } = await boris.call('GET', `/api/drives/${second}`);
  const printed = (await contextOf(server.db, second as DriveId))!;
  const [{ account }] = await server.db.query<{ account: string }>('select account_id as account from drives where id = $1', [first]) as [{ account: string }];
  for (const text of [printed, JSON.stringify(body)]) for (const secret of [first, account, 'anna', 'drive-1']) expect(text.replaceAll('"drive-1"', ''), secret).not.toContain(secret);
  expect(parseContext(printed).sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(printed).not.toMatch(/lat|lon|\b48\.\d{3}/);
});

test('another car on the same street is held against the first and accepted', async () => {
  const honest = await sent(boris, drive(5));
  expect(await contextOf(server.db, honest)).not.toBeNull();
  expect(await findings(honest)).toEqual([]);
  expect(await summaryOf(boris, honest)).toMatchObject({ verdict: 'accepted' });
}, 180_000);

test('of two copies the one closed first is the original, whichever is ready first', async () => {
  const twin = drive(7, wandering(4, 700));
  const copy = { ...twin, driveJson: { ...twin.driveJson, id: 'the-copy' }, frames: [] };
  const [slow, fast] = [await filesOf(twin), await filesOf(copy)];
  const { id: elder } = await announce(anna, slow, { trim: 0 });
  await send(anna, elder, slow);
  const { id: younger } = await announce(boris, fast, { trim: 0 });
  await send(boris, younger, fast);
  for (const [by, id] of [[anna, elder], [boris, younger]] as const) await by.call('POST', `/api/drives/${id}/close`);
  expect(await mustWait(server.db, younger)).toBe(true);
  await Promise.all([judged(anna, elder), judged(boris, younger)]);
  expect((await summaryOf(anna, elder)).verdict).toBe('accepted');
  expect(await findings(younger)).toEqual(expect.arrayContaining(['readings_held']));
  expect((await summaryOf(boris, younger)).verdict).toBe('rejected');
  expect(await mustWait(server.db, younger)).toBe(false);
}, 180_000);

test('a drive that its owner took back is no context any more', async () => {
  const owned = drive(9, wandering(6, 700));
  const gone = await sent(anna, owned);
  expect((await anna.call('DELETE', `/api/drives/${gone}`)).status).toBe(204);
  const again = await sent(boris, { ...resent(owned, { laterS: 5000, copies: 0, smaller: { width: 256, height: 144 } }), driveJson: { ...owned.driveJson, id: 'after' } });
  expect(await findings(again)).toEqual([]);
}, 180_000);
