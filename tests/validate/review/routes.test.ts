import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Http } from '../../../shared/io/http.ts';
import { openLog } from '../../../shared/io/log.ts';
import { openQueue, type Queue } from '../../../shared/io/queue.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import type { DriveId } from '../../../shared/model/ids.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { REJECT_REASONS } from '../../../shared/model/review.ts';
import { leaveMap, tilesJobs } from '../../../tiles/jobs.ts';
import type { Net } from '../../../validate/net.ts';
import { reviewJobs } from '../../../validate/review/jobs.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { addAccount, uuidOf } from '../../tiles/world.ts';
import { until } from '../../waiting.ts';
import { teleported } from '../attacks.ts';
import { committedNet } from '../committed-net.ts';
import { madeDrive, ROUGH_ROAD, START_S } from '../made-drive.ts';
import { ingested, judgeHandler, validateServer } from '../server.ts';

let database: TestDatabase;
let http: Http;
let queue: Queue;
let net: Net;
const documents = new Map<string, Uint8Array>();
const VERA = 'vera:validator';

beforeAll(async () => {
  database = await freshDatabase();
  queue = await openQueue(database.db, openLog({ level: 'silent' }));
  net = await committedNet();
  http = await validateServer(database.db, documents, queue);
  for (const name of ['vera', 'vito', 'olga']) await addAccount(database.db, name);
  await reviewJobs({ db: database.db, queue, clock: systemClock, log: openLog({ level: 'silent' }), recipe: RECIPE, leaveMap });
  await tilesJobs({ db: database.db, queue, recipe: RECIPE });
});
afterAll(async () => {
  await http.close();
  await net.close();
  await queue.close(1000);
  await database.drop();
});

async function flagged(name: string, owner = 'anna'): Promise<DriveId> {
  const honest = madeDrive({ seconds: 300, imu: () => ROUGH_ROAD, framesEveryS: 10 });
  const id = await ingested(database.db, documents, { drive: { ...teleported(honest, { atS: START_S + 150, metres: 60, onCourseDeg: 0 }), name }, owner });
  await (await judgeHandler({ db: database.db, net }, documents, { finish: async () => {}, send: async () => {} }))(id);
  return id;
}

async function caseOf(drive: DriveId): Promise<string> {
  const rows = await database.db.query<{ id: string }>('select id from review_cases where drive_id = $1', [drive]);
  expect(rows).toHaveLength(1);
  return rows[0]!.id;
}

function call(method: 'GET' | 'POST' | 'DELETE', url: string, token: string, payload?: object) {
  return http.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(payload === undefined ? {} : { payload }) });
}

async function states(drive: DriveId): Promise<Record<string, number>> {
  const rows = await database.db.query<{ state: string; n: number }>('select state, count(*)::int as n from frames where drive_id = $1 group by 1', [drive]);
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

test('a case is blind, and says what was measured', async () => {
  const drive = await flagged('blind');
  const id = await caseOf(drive);
  const answer = await call('GET', '/api/review', VERA);
  expect(answer.statusCode).toBe(200);
  const { cases, waiting, undoS, rejectReasons, next } = answer.json();
  expect([waiting, undoS, rejectReasons, next]).toEqual([1, 10, [...REJECT_REASONS], null]);
  const [one] = cases;
  expect(one).toMatchObject({ id, mine: null, settled: null });
  expect(one.reasons).toEqual(expect.arrayContaining(['one_check_alone', 'speed_disagrees', 'teleport']));
  expect(one.frames).toHaveLength((await states(drive))['flagged']!);
  expect(one.fromS).toBe(one.frames[0].atS);
  expect(one.checks[0].isOver).toBe(true);
  expect(one.checks.map(({ name }: { name: string }) => name)).toContain('displacement');
  expect(one.checks.find(({ name }: { name: string }) => name === 'displacement')).toMatchObject({ unit: 'm', limit: expect.any(Number), measured: expect.any(Number) });
  for (const secret of ['anna', drive, uuidOf('anna'), 'score', 'blind']) expect(answer.body).not.toContain(secret);
  expect((await call('GET', `/api/review/${id}`, VERA)).json()).toEqual({ ...one, ageS: expect.any(Number) });
  const evidence = await call('GET', `/api/review/${id}/evidence`, VERA);
  expect(evidence.statusCode).toBe(200);
  expect(evidence.json().tS[0]).toBeGreaterThanOrEqual(one.fromS - 64);
  expect(evidence.json().latDeg.some((value: number | null) => value !== null)).toBe(true);
});

// These two wait for ten seconds each, at once.
test.concurrent('undone in time, a decision never takes effect; else it does after ten seconds, and map and points follow', async () => {
  const [kept, undone] = [await flagged('kept'), await flagged('undone')];
  const before = await states(kept);
  const [keptCase, undoneCase] = [await caseOf(kept), await caseOf(undone)];
  const decided = await call('POST', `/api/review/${keptCase}/decisions`, VERA, { decision: 'accept', note: 'A cold start.' });
  expect([decided.statusCode, decided.json()]).toMatchObject([201, { decision: 'accept', reasons: [], note: 'A cold start.', isFinal: false }]);
  expect(Date.parse(decided.json().finalAt) - Date.parse(decided.json().decidedAt)).toBe(10_000);
  expect((await call('POST', `/api/review/${keptCase}/decisions`, VERA, { decision: 'accept', note: 'A cold start.' })).statusCode).toBe(200);
  expect((await call('POST', `/api/review/${keptCase}/decisions`, VERA, { decision: 'unsure' })).json()).toMatchObject({ status: 409, type: 'already_decided' });
  await call('POST', `/api/review/${undoneCase}/decisions`, VERA, { decision: 'reject', reasons: ['picture_repeats'] });
  expect((await call('DELETE', `/api/review/${undoneCase}/decisions/mine`, VERA)).statusCode).toBe(204);
  expect((await call('DELETE', `/api/review/${undoneCase}/decisions/mine`, VERA)).json()).toMatchObject({ status: 404, type: 'no_decision' });
  expect((await call('GET', '/api/review', VERA)).json().cases.map(({ id }: { id: string }) => id)).not.toContain(keptCase);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  expect(await states(kept)).toEqual(before);
  await until(async () => (await states(kept))['flagged'] === undefined, 20_000);
  expect((await states(undone))['flagged']).toBe(before['flagged']);
  expect((await database.db.query(`select distinct reasons, moved_by as "movedBy" from frames where drive_id = $1 and 'review_accepted' = any(reasons)`, [kept]))).toEqual([{ reasons: ['review_accepted'], movedBy: 'review.settle' }]);
  await until(async () => (await database.db.query('select from frame_points p join frames f on f.key = p.frame_key where f.drive_id = $1', [kept])).length === 31, 10_000);
  expect(await database.db.query('select kind, verdict, supersedes is null as first from verdicts where drive_id = $1 order by created_at', [kept])).toEqual([{ kind: 'judge', verdict: 'flagged', first: true }, { kind: 'review', verdict: 'accepted', first: false }]);
  expect((await call('DELETE', `/api/review/${keptCase}/decisions/mine`, VERA)).json()).toMatchObject({ status: 409, type: 'decision_final' });
  expect((await call('POST', `/api/review/${keptCase}/decisions`, 'vito:validator', { decision: 'unsure' })).json()).toMatchObject({ status: 409, type: 'case_settled' });
  expect((await call('GET', `/api/review/${keptCase}`, VERA)).json()).toMatchObject({ mine: { decision: 'accept', isFinal: true }, settled: { outcome: 'accepted' } });
  expect((await call('GET', `/api/drives/${kept}/windows`, 'anna')).json().windows.length).toBeGreaterThan(0);
}, 60_000);

test.concurrent('a rejection tells the contributor why', async () => {
  const drive = await flagged('rejected');
  const id = await caseOf(drive);
  await call('POST', `/api/review/${id}/decisions`, VERA, { decision: 'reject', reasons: ['picture_elsewhere', 'teleport'] });
  await until(async () => (await states(drive))['flagged'] === undefined, 20_000);
  expect(await database.db.query(`select distinct reasons from frames where drive_id = $1 and state = 'rejected'`, [drive])).toEqual([{ reasons: ['review_rejected', 'picture_elsewhere', 'teleport'] }]);
}, 60_000);

describe('refusals', () => {
  test('one\'s own drive: not in the list, not to look at, not to decide', async () => {
    const id = await caseOf(await flagged('own', 'olga'));
    expect((await call('GET', '/api/review', 'olga:validator')).json().cases.map((one: { id: string }) => one.id)).not.toContain(id);
    for (const answer of [await call('GET', `/api/review/${id}`, 'olga:validator'), await call('POST', `/api/review/${id}/decisions`, 'olga:validator', { decision: 'accept' })]) {
      expect(answer.json()).toMatchObject({ status: 403, type: 'own_drive' });
    }
  });

  test.each([
    [{ decision: 'reject' }, 422, 'reasons_missing'],
    [{ decision: 'reject', reasons: [] }, 422, 'reasons_missing'],
    [{ decision: 'accept', reasons: ['teleport'] }, 422, 'reasons_unfit'],
    [{ decision: 'reject', reasons: ['he_is_a_cheat'] }, 400, 'request_invalid'],
    [{ decision: 'perhaps' }, 400, 'request_invalid'],
    [{ decision: 'unsure', note: 'x'.repeat(1001) }, 413, 'too_large'],
    [{}, 400, 'request_invalid'],
  ])('%j', async (body, status, type) => {
    const [row] = await database.db.query<{ id: string }>('select id from review_cases where settled_at is null limit 1');
    expect((await call('POST', `/api/review/${row!.id}/decisions`, VERA, body)).json()).toMatchObject({ status, type });
  });

  test('no such case', async () => {
    for (const id of [uuidOf('none'), 'none']) expect((await call('GET', `/api/review/${id}`, VERA)).json()).toMatchObject({ status: 404, type: 'case_unknown' });
  });

  test('the withdrawn', async () => {
    const drive = await flagged('withdrawn case');
    const id = await caseOf(drive);
    await database.db.query(`update frames set state = 'withdrawn' where drive_id = $1`, [drive]);
    expect((await call('GET', `/api/review/${id}`, VERA)).json()).toMatchObject({ status: 410, type: 'case_withdrawn' });
    expect((await call('GET', '/api/review', VERA)).body).not.toContain(id);
  });
});
