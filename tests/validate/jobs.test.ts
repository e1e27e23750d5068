import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Drive } from '../../shared/model/drive.ts';
import type { DriveId } from '../../shared/model/ids.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { judgeWithNet } from '../../validate/judge-with-net.ts';
import type { Net } from '../../validate/net.ts';
import { printJudgement } from '../../validate/receipt.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { teleported } from './attacks.ts';
import { madeDrive, ROUGH_ROAD, START_S } from './made-drive.ts';
import { committedNet } from './committed-net.ts';
import { ingested, judgeHandler } from './server.ts';

let database: TestDatabase;
let net: Net;
const documents = new Map<string, Uint8Array>();
const sent: unknown[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  net = await committedNet();
});
afterAll(async () => {
  await net.close();
  await database.drop();
});

const queue = { finish: async () => {}, send: async (_tx: unknown, name: string, data: object) => void sent.push({ name, ...data }) };

function drive(name: string, from: Drive = madeDrive({ seconds: 300, imu: () => ROUGH_ROAD, framesEveryS: 10 })): Drive {
  return { ...from, name };
}

async function framesOf(id: DriveId) {
  return database.db.query<{ path: string; state: string; reasons: string[]; score: number; tier: string; movedBy: string }>(
    `select path, state, reasons, score, tier, moved_by as "movedBy" from frames where drive_id = $1 order by path`,
    [id],
  );
}

test('an honest drive: frames accepted, the drive judged, the judgement stored byte for byte, Tiles told', async () => {
  const honest = drive('honest');
  const id = await ingested(database.db, documents, { drive: honest, owner: 'anna' });
  await (await judgeHandler({ db: database.db, net }, documents, queue))(id);
  const verdict = await judgeWithNet(net, honest, RECIPE);
  expect(await framesOf(id)).toEqual(verdict.frames.map(({ path, score }) => ({ path, state: 'accepted', reasons: [], score, tier: 'B', movedBy: 'drive.ready' })));
  expect(await database.db.query('select state, verdict, tier, score from drives where id = $1', [id])).toEqual([{ state: 'judged', verdict: 'accepted', tier: 'B', score: verdict.score }]);
  expect(await database.db.query('select judgement, supersedes from verdicts where drive_id = $1', [id])).toEqual([{ judgement: printJudgement(verdict), supersedes: null }]);
  expect(sent.at(-1)).toEqual({ name: 'frames.judged', driveId: id });
});

test('a teleported drive: some frames rejected with the reasons, the others accepted', async () => {
  const id = await ingested(database.db, documents, { drive: teleported(drive('leap'), { atS: START_S + 150, metres: 300, onCourseDeg: 0 }), owner: 'anna' });
  await (await judgeHandler({ db: database.db, net }, documents, queue))(id);
  const frames = await framesOf(id);
  expect(frames.find(({ path }) => path.endsWith('0015.jpg'))).toMatchObject({ state: 'rejected', reasons: expect.arrayContaining(['speed_disagrees', 'teleport']) });
  expect(frames.find(({ path }) => path.endsWith('0000.jpg'))).toMatchObject({ state: 'accepted', reasons: [] });
});

test('a drive without pictures ends judged, with nothing to move', async () => {
  const id = await ingested(database.db, documents, { drive: { ...drive('pictureless'), frames: [] }, owner: 'anna' });
  await (await judgeHandler({ db: database.db, net }, documents, queue))(id);
  expect(await database.db.query('select state, verdict from drives where id = $1', [id])).toEqual([{ state: 'judged', verdict: 'accepted' }]);
});

test('a frame withdrawn meanwhile stays withdrawn', async () => {
  const id = await ingested(database.db, documents, { drive: drive('withdrawn'), owner: 'anna' });
  await database.db.query(`update frames set state = 'withdrawn', moved_by = 'anna' where drive_id = $1 and path like '%0003.jpg'`, [id]);
  await (await judgeHandler({ db: database.db, net }, documents, queue))(id);
  const frames = await framesOf(id);
  expect(frames[3]).toMatchObject({ state: 'withdrawn', movedBy: 'anna' });
  expect(frames.filter(({ state }) => state === 'accepted')).toHaveLength(30);
});

test('judged again, the later verdict supersedes the earlier one and no frame moves', async () => {
  const id = await ingested(database.db, documents, { drive: drive('again'), owner: 'anna' });
  const judge = await judgeHandler({ db: database.db, net }, documents, queue);
  await judge(id);
  await judge(id);
  await judge(id);
  const chain = await database.db.query<{ id: string; supersedes: string | null }>('select id, supersedes from verdicts where drive_id = $1 order by id', [id]);
  expect(chain.map(({ supersedes }) => supersedes)).toEqual([null, chain[0]!.id, chain[1]!.id]);
  expect(await database.db.query(`select distinct count(*)::int as moves from frame_history h join frames f on f.key = h.frame_key where f.drive_id = $1 group by f.key`, [id])).toEqual([{ moves: 3 }]);
});

test('a job that expired meanwhile writes nothing', async () => {
  const id = await ingested(database.db, documents, { drive: drive('late'), owner: 'anna' });
  const expired = { ...queue, finish: async () => Promise.reject(new Error('expired')) };
  await expect((await judgeHandler({ db: database.db, net }, documents, expired))(id)).rejects.toThrow('expired');
  expect(await database.db.query('select 1 from verdicts where drive_id = $1', [id])).toEqual([]);
  expect((await framesOf(id)).every(({ state }) => state === 'ready')).toBe(true);
});

test('a document that is gone is a broken machine, not a verdict', async () => {
  const id = await ingested(database.db, new Map(), { drive: drive('lost'), owner: 'anna' });
  await expect((await judgeHandler({ db: database.db, net }, documents, queue))(id)).rejects.toThrow(/no document/);
});
