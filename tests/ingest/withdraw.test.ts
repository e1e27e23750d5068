import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Account } from '../../shared/io/accounts.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { type Http, openHttp } from '../../shared/io/http.ts';
import { openLog } from '../../shared/io/log.ts';
import type { Objects } from '../../shared/io/objects.ts';
import type { Job, Queue } from '../../shared/io/queue.ts';
import type { Cell } from '../../shared/model/cell.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { ingestRoutes } from '../../ingest/routes.ts';
import { discard } from '../../ingest/withdraw.ts';
import { leaveMap } from '../../tiles/jobs.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { addDrive, addFrame, sha256Of, uuidOf } from '../tiles/world.ts';

let database: TestDatabase;
let http: Http;
const sent: Job<'ingest.discard'>['data'][] = [];
const deleted: string[] = [];
const PLACE = { latDeg: 48.137, lonDeg: 11.575 };

beforeAll(async () => {
  database = await freshDatabase();
  http = await openHttp({
    log: openLog({ level: 'silent' }),
    version: 'test',
    bodyLimitBytes: 1000,
    authenticate: async (name): Promise<Account> => ({ id: uuidOf(name) as AccountId, name, roles: ['contributor'] }),
  });
  const queue = { send: async (_tx: unknown, _name: string, data: Job<'ingest.discard'>['data']) => void sent.push(data) } as unknown as Queue;
  ingestRoutes(http, { db: database.db, objects: {} as Objects, queue, clock: systemClock, maxFiles: 10, maxFileBytes: 1000, leaveMap });
  await http.ready();
});
afterAll(async () => {
  await http.close();
  await database.drop();
});

async function drive(name: string, frames: readonly string[], picture: (frame: string) => string = (frame) => `picture of ${frame}`) {
  const id = await addDrive(database.db, name, 'anna');
  const cells = new Set<Cell>();
  for (const frame of frames) cells.add((await addFrame(database.db, { ...PLACE, name: frame, drive: name, account: 'anna', pictureSha256: sha256Of(picture(frame)), thumbSha256: sha256Of(`thumb of ${picture(frame)}`) })).cell);
  await database.db.transaction((tx) => leaveMap(tx, [...cells]));
  return id;
}

function remove(url: string, who = 'anna') {
  return http.inject({ method: 'DELETE', url, headers: { authorization: `Bearer ${who}` } });
}

/** What the job deletes from the store. */
async function discarded(): Promise<readonly string[]> {
  deleted.length = 0;
  const objects = { delete: async ({ prefix, sha256 }: { prefix: string; sha256: string }) => void deleted.push(`${prefix}/${sha256}`) } as unknown as Objects;
  for (const data of sent.splice(0)) await discard({ db: database.db, objects, queue: { finish: async () => {} } as unknown as Queue }, { id: '', name: 'ingest.discard', attempt: 0, data });
  return deleted;
}

async function frames(id: string) {
  return await database.db.query<{ path: string; state: string; reasons: string[] }>('select path, state, reasons from frames where drive_id = $1 order by path', [id]);
}

async function mapped(): Promise<number> {
  const [row] = await database.db.query<{ frames: number }>('select coalesce(max(frames), 0)::int as frames from cells');
  return row!.frames;
}

test('a frame taken back leaves map, points and store at once; the others stay; again is no mistake', async () => {
  const id = await drive('one', ['a', 'b']);
  expect(await mapped()).toBe(2);
  expect((await remove(`/api/drives/${id}/frames/${sha256Of('a')}`)).statusCode).toBe(204);
  expect(await frames(id)).toEqual([{ path: 'a', state: 'withdrawn', reasons: ['withdrawn_by_owner'] }, { path: 'b', state: 'accepted', reasons: [] }]);
  expect(await mapped()).toBe(1);
  expect(await database.db.query('select f.path from frame_points p join frames f on f.key = p.frame_key')).toEqual([{ path: 'b' }]);
  expect((await discarded()).toSorted()).toEqual([`derived/${sha256Of('picture of a')}`, `derived/${sha256Of('thumb of picture of a')}`].toSorted());
  expect((await remove(`/api/drives/${id}/frames/${sha256Of('a')}`)).statusCode).toBe(204);
  expect(await discarded()).toEqual([]);
});

test('a whole drive', async () => {
  const id = await drive('all', ['c', 'd', 'e']);
  expect((await remove(`/api/drives/${id}`)).statusCode).toBe(204);
  expect((await frames(id)).map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
  expect(await discarded()).toHaveLength(6);
  expect((await remove(`/api/drives/${id}`)).statusCode).toBe(204);
});

test('a copy that another frame shows too stays in the store until that one goes', async () => {
  const id = await drive('same pixels', ['f', 'g'], () => 'a black picture');
  await remove(`/api/drives/${id}/frames/${sha256Of('f')}`);
  expect(await discarded()).toEqual([]);
  await remove(`/api/drives/${id}/frames/${sha256Of('g')}`);
  expect(await discarded()).toHaveLength(2);
});

test('a drive that is still open is forgotten', async () => {
  const files = [{ path: 'a.jpg', size: 3, sha256: sha256Of('abc') }];
  const announced = await http.inject({ method: 'POST', url: '/api/drives', headers: { authorization: 'Bearer anna' }, payload: { files } });
  const { id } = announced.json();
  expect((await remove(`/api/drives/${id}`)).statusCode).toBe(204);
  expect((await remove(`/api/drives/${id}`)).json()).toMatchObject({ status: 404, type: 'drive_unknown' });
});

test('not another\'s, not an unknown one, not one that is being checked', async () => {
  const id = await drive('guarded', ['h']);
  for (const url of [`/api/drives/${id}`, `/api/drives/${id}/frames/${sha256Of('h')}`]) expect((await remove(url, 'ben')).json()).toMatchObject({ status: 404, type: 'drive_unknown' });
  for (const frame of [sha256Of('none'), 'none', sha256Of('a')]) expect((await remove(`/api/drives/${id}/frames/${frame}`)).json()).toMatchObject({ status: 404, type: 'frame_unknown' });
  await database.db.query(`update drives set state = 'processing' where id = $1`, [id]);
  expect((await remove(`/api/drives/${id}`)).json()).toMatchObject({ status: 409, type: 'drive_processing' });
  expect((await frames(id)).map(({ state }) => state)).toEqual(['accepted']);
});
