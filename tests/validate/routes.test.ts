import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Http } from '../../shared/io/http.ts';
import type { DriveId } from '../../shared/model/ids.ts';
import { parseJudgement, printJudgement } from '../../validate/receipt.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { judgeWithNet } from '../../validate/judge-with-net.ts';
import type { Net } from '../../validate/net.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { uuidOf } from '../tiles/world.ts';
import { committedNet } from './committed-net.ts';
import { madeDrive, ROUGH_ROAD } from './made-drive.ts';
import { ingested, judgeHandler, validateServer } from './server.ts';

let database: TestDatabase;
let http: Http;
let net: Net;
let judgement: string;
let id: DriveId;
let waiting: DriveId;
let shown: DriveId;
const drive = { ...madeDrive({ seconds: 200, imu: () => ROUGH_ROAD, framesEveryS: 20 }), name: 'driven' };

beforeAll(async () => {
  database = await freshDatabase();
  http = await validateServer(database.db);
  net = await committedNet();
  const documents = new Map<string, Uint8Array>();
  id = await ingested(database.db, documents, { drive, owner: 'anna' });
  waiting = await ingested(database.db, documents, { drive: { ...drive, name: 'waiting' }, owner: 'anna' });
  shown = await ingested(database.db, documents, { drive: { ...drive, name: 'shown' }, owner: 'demo' });
  await database.db.query('update drives set demo = true where id = $1', [shown]);
  const judge = await judgeHandler({ db: database.db, net }, documents, { finish: async () => {}, send: async () => {} });
  for (const one of [id, shown]) await judge(one);
  judgement = printJudgement(await judgeWithNet(net, drive, RECIPE));
});
afterAll(async () => {
  await http.close();
  await net.close();
  await database.drop();
});

function get(url: string, token?: string) {
  return http.inject({ url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
}

test('the judgement is sent byte for byte', async () => {
  const answer = await get(`/api/drives/${id}/judgement`, 'anna');
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.body).toBe(judgement);
});

test('the windows are the verdict\'s', async () => {
  const answer = await get(`/api/drives/${id}/windows`, 'anna');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ windows: parseJudgement(judgement).windows });
});

describe('who may read', () => {
  test.each(['anna', 'vera:validator', 'otto:operator'])('%s', async (token) => {
    for (const what of ['windows', 'judgement']) expect((await get(`/api/drives/${id}/${what}`, token)).statusCode).toBe(200);
  });

  test('not another contributor, who cannot tell it from a drive that is not there', async () => {
    for (const what of ['windows', 'judgement']) {
      const [his, none] = [await get(`/api/drives/${id}/${what}`, 'bert'), await get(`/api/drives/${uuidOf('none')}/${what}`, 'bert')];
      expect([his.statusCode, none.statusCode]).toEqual([404, 404]);
      expect(his.json()).toMatchObject({ type: 'drive_unknown' });
      expect(his.body.replaceAll(id, 'ID')).toBe(none.body.replaceAll(uuidOf('none'), 'ID'));
    }
  });

  test('not a consumer, not a stranger', async () => {
    for (const token of ['carl:consumer', undefined]) {
      const answer = await get(`/api/drives/${id}/windows`, token);
      expect([answer.statusCode, answer.json().type]).toEqual([404, 'drive_unknown']);
    }
  });

  test('everybody, where the drive is one of the demo', async () => {
    for (const what of ['windows', 'judgement']) expect((await get(`/api/drives/${shown}/${what}`)).statusCode).toBe(200);
  });

  test('an id that is none', async () => {
    expect((await get('/api/drives/%27;--/judgement', 'anna')).statusCode).toBe(404);
  });
});

test('a drive that is not judged yet has no windows, and no judgement', async () => {
  expect((await get(`/api/drives/${waiting}/windows`, 'anna')).json()).toEqual({ windows: [] });
  const answer = await get(`/api/drives/${waiting}/judgement`, 'anna');
  expect([answer.statusCode, answer.json().type]).toEqual([404, 'drive_not_judged']);
});
