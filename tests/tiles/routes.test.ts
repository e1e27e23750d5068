import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { moveFrames } from '../../shared/io/frame-moves.ts';
import type { Http } from '../../shared/io/http.ts';
import { type Cell, cellAt, cellHex, parentOf } from '../../shared/model/cell.ts';
import { moved } from '../../shared/model/geo.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import type { CheckResult, WindowVerdict } from '../../shared/model/verdict.ts';
import { leaveMap } from '../../tiles/jobs.ts';
import { refreshCells } from '../../tiles/rollup.ts';
import { printJudgement } from '../../validate/receipt.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { mapServer } from './server.ts';
import { addDrive, addFrame, sha256Of, uuidOf } from './world.ts';

let world: TestDatabase;
let http: Http;
let open: Http;
const HERE = { latDeg: 48.137, lonDeg: 11.575 };
const cells: Cell[] = [];

beforeAll(async () => {
  world = await freshDatabase();
  const picture = { pictureSha256: sha256Of('large'), thumbSha256: sha256Of('small') };
  await addDrive(world.db, 'demo', 'dora', { demo: true, licence: 'CC0-1.0' });
  for (let n = 0; n < 5; n += 1) {
    const place = moved(HERE, 12 * n, 90);
    const { cell } = await addFrame(world.db, { name: `real-${n}`, drive: 'real', account: 'anna', ordinal: n, headingDeg: 90, ...picture, ...place });
    cells.push(cell);
  }
  const { cell } = await addFrame(world.db, { name: 'demo-0', drive: 'demo', account: 'dora', capturedAt: new Date('2026-05-14T21:00:00Z'), ...picture, ...HERE });
  cells.push(cell);
  await addFrame(world.db, { name: 'hidden', drive: 'real', account: 'anna', privateReason: 'trimmed_end', ...picture, ...HERE });
  await addFrame(world.db, { name: 'flagged', drive: 'real', account: 'anna', state: 'flagged', ...picture, ...HERE });
  await addFrame(world.db, { name: 'gone', drive: 'real', account: 'anna', state: 'withdrawn', ...picture, ...HERE });
  await addFrame(world.db, { name: 'down', drive: 'real', account: 'anna', state: 'taken_down', ...picture, ...HERE });
  await world.db.transaction((tx) => refreshCells(tx, cells));
  http = await mapServer(world.db);
  open = await mapServer(world.db, { privacy: 'publish-unblurred', publicUrl: 'https://map.example' });
});
afterAll(async () => {
  await http.close();
  await open.close();
  await world.drop();
});

const get = (url: string, headers: Record<string, string> = {}) => http.inject({ url, headers });
const url = (name: string, rest = '') => `/api/frames/${sha256Of(name)}${rest}`;
const as = (name: string) => ({ authorization: `Bearer ${name}` });

const window = (fromS: number, score: number, checks: Record<string, CheckResult>): WindowVerdict => ({ fromS, toS: fromS + 64, score, verdict: 'accepted', checks, reasons: [] });

/** The tile of zoom z over HERE. */
function tileOver(z: number): string {
  const x = Math.floor((HERE.lonDeg / 360 + 0.5) * 2 ** z);
  const y = Math.floor((0.5 - Math.asinh(Math.tan((HERE.latDeg * Math.PI) / 180)) / (2 * Math.PI)) * 2 ** z);
  return `/tiles/${z}/${x}/${y}.mvt`;
}

describe('tiles', () => {
  test('carry cells at every zoom, lines from 12, points from 16', async () => {
    for (let z = 0; z <= 18; z += 1) {
      const answer = await get(tileOver(z));
      expect([z, answer.statusCode]).toEqual([z, 200]);
      const { layers } = new VectorTile(new PbfReader(answer.rawPayload));
      expect([z, Object.keys(layers)]).toEqual([z, z < 12 ? ['cells'] : z < 16 ? ['cells', 'drives'] : ['cells', 'drives', 'frames']]);
    }
  });

  test('are gzipped for who accepts it, tagged, and 304 while nothing changed', async () => {
    const plain = await get(tileOver(14));
    const zipped = await get(tileOver(14), { 'accept-encoding': 'gzip, br' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.rawPayload).equals(plain.rawPayload)).toBe(true);
    expect(zipped.headers['content-type']).toBe('application/vnd.mapbox-vector-tile');
    const again = await get(tileOver(14), { 'if-none-match': String(zipped.headers['etag']) });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
    expect((await get(tileOver(14), { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });

  test('an empty tile is 200 without bytes, and tagged', async () => {
    const empty = await get('/tiles/9/0/0.mvt');
    expect([empty.statusCode, empty.rawPayload.length, typeof empty.headers['etag']]).toEqual([200, 0, 'string']);
  });

  test.each([
    ['/tiles/19/0/0.mvt', 404], ['/tiles/3/8/0.mvt', 400], ['/tiles/3/0/8.mvt', 400], ['/tiles/3/-1/0.mvt', 400],
    ['/tiles/a/0/0.mvt', 400], ['/tiles/3/1.5/0.mvt', 400], ['/tiles/3/0/0.png', 404],
  ])('%s is %i', async (url, status) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8']);
  });

  test('tiles.json names its own host, or the public one', async () => {
    const own = (await get('/tiles.json', { host: 'localhost:8787' })).json();
    expect(own.tiles).toEqual(['http://localhost:8787/tiles/{z}/{x}/{y}.mvt']);
    expect(own.attribution).toContain('© Test &lt;net&gt; contributors, <a href="https://creativecommons.org/licenses/by-sa/4.0/">CC-BY-SA-4.0</a>');
    expect((await open.inject('/tiles.json')).json().tiles).toEqual(['https://map.example/tiles/{z}/{x}/{y}.mvt']);
  });
});

test('the addresses describe themselves', async () => {
  const { paths } = (await get('/openapi.json')).json();
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/tiles/{z}/{x}/{y}.mvt', '/tiles.json', '/api/cells/{h3}', '/api/frames/{id}']));
});

describe('cells', () => {
  test('say what is in them, newest first', async () => {
    const answer = (await get(`/api/cells/${cellHex(parentOf(cells[0]!, 5))}`)).json();
    expect(answer).toMatchObject({
      resolution: 5, frames: 6, contributors: 2, contributorsExact: true, firstCapturedOn: '2026-05-12', lastCapturedOn: '2026-05-14',
      quality: 0.8, headings: [0, 0, 5, 0, 0, 0, 0, 0], unheaded: 1, licences: ['CC-BY-SA-4.0', 'CC0-1.0'],
      attribution: '© Test <net> contributors, CC-BY-SA-4.0, CC0-1.0',
    });
    expect(answer.newest).toHaveLength(6);
    expect(answer.newest[0]).toEqual({ id: sha256Of('demo-0'), capturedOn: '2026-05-14', thumbUrl: `/api/frames/${sha256Of('demo-0')}/thumb.jpg` });
    expect(answer.newest[1].thumbUrl).toBeNull();
  });

  test('without frames are 404, what is no cell 400', async () => {
    expect((await get(`/api/cells/${cellHex(cellAt({ latDeg: 0, lonDeg: 0 }, 12))}`)).statusCode).toBe(404);
    for (const text of ['8c2a1072b59fff', '8d2a1072b59ff3f', 'zzzzzzzzzzzzzzz', '8fffffffffffffff']) {
      expect([text, (await get(`/api/cells/${text}`)).statusCode]).toEqual([text, 400]);
    }
  });
});

describe('frames', () => {
  test('public ones show day, place and neighbours to everybody, device and points to the owner', async () => {
    const answer = (await get(url('real-2'))).json();
    expect(answer).toMatchObject({
      state: 'accepted', capturedOn: '2026-05-12', partOfDay: 'morning', position: { number: 3, of: 5 },
      previous: sha256Of('real-1'), next: sha256Of('real-3'), pictureUrl: null, pictureWithheld: 'not_blurred',
    });
    expect(Object.keys(answer)).not.toContain('device');
    expect(JSON.stringify(answer)).not.toMatch(/10:00|account|\+00/);
    const own = (await get(url('real-2'), as('anna'))).json();
    expect(own).toMatchObject({ device: { make: 'Acme' }, points: '0', pictureUrl: url('real-2', '/picture.jpg'), pictureWithheld: null });
    expect((await get(url('real-2'), as('vera:validator'))).json()).not.toHaveProperty('points');
  });

  test.each([
    // name, nobody, a stranger, the owner, a validator; for the answer and for the picture
    ['real-0', [200, 200, 200, 200], [202, 202, 200, 200]],
    ['demo-0', [200, 200, 200, 200], [200, 200, 200, 200]],
    ['hidden', [404, 404, 200, 200], [404, 404, 200, 200]],
    ['flagged', [404, 404, 200, 200], [404, 404, 200, 200]],
    ['gone', [410, 410, 410, 410], [410, 410, 410, 410]],
    ['down', [410, 410, 410, 410], [410, 410, 410, 410]],
    ['never', [404, 404, 404, 404], [404, 404, 404, 404]],
  ])('%s: access', async (name, answers, pictures) => {
    const callers = [{}, as('carl'), as('anna'), as('vera:validator')];
    const statuses = (rest: string) => Promise.all(callers.map(async (headers) => (await get(url(name, rest), headers)).statusCode));
    expect(await statuses('')).toEqual(answers);
    expect(await statuses('/picture.jpg')).toEqual(pictures);
    expect(await statuses('/thumb.jpg')).toEqual(pictures);
  });

  test('only what everybody may see may be kept by shared caches', async () => {
    const shared = await get(url('demo-0', '/picture.jpg'));
    expect(shared.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'public, max-age=31536000, immutable' });
    expect(shared.body).toBe(`derived/${sha256Of('large')}`);
    expect((await get(url('demo-0', '/picture.jpg'), { 'if-none-match': String(shared.headers['etag']) })).statusCode).toBe(304);
    for (const [name, headers] of [['real-0', as('anna')], ['real-0', {}], ['hidden', as('anna')], ['gone', {}]] as const) {
      expect([name, (await get(url(name, '/picture.jpg'), headers)).headers['cache-control']]).toEqual([name, 'private, no-store']);
    }
  });

  test('an operator who publishes unblurred publishes what is on the map, nothing else', async () => {
    const statuses = ['real-0', 'hidden', 'flagged', 'gone'].map(async (name) => (await open.inject(url(name, '/thumb.jpg'))).statusCode);
    expect(await Promise.all(statuses)).toEqual([200, 404, 404, 410]);
  });

  test('list the checks of the worst window over them, without a time', async () => {
    const at = new Date('2026-05-12T10:00:00Z').getTime() / 1000;
    const check = (score: number): CheckResult => ({ score, measured: 2, limit: 6, unit: 'm/s', bound: 'upper', atS: at, span: { fromS: at - 31, toS: at }, claimed: { value: 14.2, unit: 'm/s' } });
    const judgement = printJudgement({
      drive: 'd', verdict: 'accepted', tier: 'A', tierReasons: [], score: 0.5, frames: [],
      windows: [
        window(at - 70, 0.99, { early: check(0.99) }),
        window(at - 10, 0.5, { mild: check(0.1), strong: check(0.5) }),
        window(at - 20, 0.4, { other: check(0.4) }),
      ],
      receipt: { recipe: 1, modelSha256: null, inputSha256: sha256Of('input') as Sha256, provider: 'rules' },
    });
    await world.db.query(
      `insert into verdicts (id, drive_id, recipe, verdict, tier, score, judgement) values ($1, $2, 1, 'accepted', 'A', 0.5, $3)`,
      [uuidOf('verdict'), uuidOf('real'), judgement],
    );
    const answer = (await get(url('real-2'))).json();
    expect(answer.checks.map(({ name }: { name: string }) => name)).toEqual(['strong', 'mild']);
    expect(answer.checks[0]).toEqual({
      name: 'strong', measured: 2, limit: 6, unit: 'm/s', bound: 'upper', score: 0.5, claimed: { value: 14.2, unit: 'm/s' }, seconds: 31, sentence: 'strong: Measured 2.0 m/s; the limit is 6.0 m/s.',
    });
    expect(answer.receipt).toEqual({ recipe: 1, provider: 'rules', inputSha256: sha256Of('input'), modelSha256: null });
  });
});

test('a tile whose frames were accepted but not bucketed yet is kept by nobody; a frame taken down is gone at once', async () => {
  const place = moved(HERE, 3000, 0);
  const x = Math.floor((place.lonDeg / 360 + 0.5) * 2 ** 16);
  const y = Math.floor((0.5 - Math.asinh(Math.tan((place.latDeg * Math.PI) / 180)) / (2 * Math.PI)) * 2 ** 16);
  const tile = `/tiles/16/${x}/${y}.mvt`;
  const empty = await get(tile);
  const { cell, key } = await addFrame(world.db, { name: 'late', drive: 'late', account: 'anna', ...place });
  // Nobody asks in between, so this is the first reading: it must not be kept under the empty tile's tag.
  const other = await mapServer(world.db);
  const early = await other.inject(tile);
  expect([early.headers['etag'], early.headers['cache-control'], early.rawPayload.length > 0]).toEqual([undefined, 'no-store', true]);
  await world.db.transaction((tx) => refreshCells(tx, [cell]));
  const full = await other.inject(tile);
  expect(full.headers['etag']).not.toBe(empty.headers['etag']);
  expect(full.rawPayload.includes(sha256Of('late'))).toBe(true);
  await world.db.transaction((tx) => moveFrames(tx, leaveMap, { keys: [key], to: 'taken_down', reasons: [], movedBy: 'test' }));
  const after = await other.inject({ url: tile, headers: { 'if-none-match': String(full.headers['etag']) } });
  expect([after.statusCode, after.rawPayload.length, after.headers['etag']]).toEqual([200, 0, empty.headers['etag']]);
  await other.close();
});
