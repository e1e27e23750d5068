import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { distanceM } from '../../shared/model/geo.ts';
import { dataPath, testOnData } from './data.ts';
import { type Contributor, framesOf, ingested, type IngestServer, openIngest, summaryOf, timesReady, upload, type UploadFile } from './server.ts';

let server: IngestServer;
let anna: Contributor;
beforeAll(async () => {
  server = await openIngest();
  anna = await server.contributor('anna');
  await server.startJobs();
});
afterAll(async () => await server.close());

async function folder(...parts: readonly string[]): Promise<readonly UploadFile[]> {
  const names = (await readdir(dataPath(...parts))).filter((name) => name !== 'SOURCES');
  return await Promise.all(names.map(async (name) => ({ path: name, bytes: await readFile(dataPath(...parts, name)) })));
}

testOnData('seq-drone-brighton: 6 ready, in the zone of the place, 7 s and 13.5 m apart, public without a trim', async () => {
  const drive = await upload(anna, (await folder('media', 'seq-drone-brighton')).filter(({ path }) => /jpe?g$/i.test(path)), { trim: 0 });
  await ingested(server);
  const frames = await framesOf(anna, drive);
  expect(frames.map(({ state, private: why, sequence }) => [state, why, sequence])).toEqual(Array.from({ length: 6 }, () => ['ready', null, 0]));
  // The wall clock says 16:32:43; this Brighton is a beach in Minnesota, five hours behind UTC in June.
  expect(frames[0]).toMatchObject({ path: 'DJI_0024.JPG', capturedAt: '2016-06-23T21:32:43.000Z' });
  for (let n = 1; n < frames.length; n += 1) {
    expect((Date.parse(frames[n]!.capturedAt!) - Date.parse(frames[n - 1]!.capturedAt!)) / 1000).toBe(7);
    const apartM = distanceM({ latDeg: frames[n - 1]!.latDeg!, lonDeg: frames[n - 1]!.lonDeg! }, { latDeg: frames[n]!.latDeg!, lonDeg: frames[n]!.lonDeg! });
    expect(apartM).toBeGreaterThan(10);
    expect(apartM).toBeLessThan(17);
  }
  expect(await timesReady(server, drive)).toBe(1);
}, 120_000);

testOnData('seq-opensfm-lund: each of 29 refused for want of a time; with asserted times they are kept as asserted', async () => {
  const files = (await folder('media', 'seq-opensfm-lund')).filter(({ path }) => /jpe?g$/i.test(path));
  const plain = await upload(anna, files, { trim: 0 });
  await ingested(server);
  const refused = await framesOf(anna, plain);
  expect(refused.map(({ state, reasons }) => [state, reasons])).toEqual(Array.from({ length: 29 }, () => ['refused', ['no_time']]));
  expect(await summaryOf(anna, plain)).toMatchObject({ state: 'refused', reason: 'no_time', counts: { refused: 29 } });

  const asserted = await upload(anna, files, { trim: 0, assert: { start: '2020-05-01T10:00:00+02:00', intervalS: 5 } });
  await ingested(server);
  const frames = await framesOf(anna, asserted);
  const ready = frames.filter(({ state }) => state === 'ready');
  expect(ready.length).toBeGreaterThan(20);
  for (const { state, reasons } of frames) if (state !== 'ready') expect([state, ...reasons]).toEqual(['dropped', 'near_duplicate']);
  expect(frames[0]!.capturedAt).toBe('2020-05-01T08:00:00.000Z');
  // Their places in the folder, five seconds each, whatever was dropped between them.
  for (const [n, { capturedAt, state }] of frames.entries()) if (state === 'ready') expect(capturedAt).toBe(new Date(Date.UTC(2020, 4, 1, 8, 0, 5 * n)).toISOString());
  expect((await summaryOf(anna, asserted)).notes).toEqual([{ code: 'asserted_time', detail: { value: ready.length } }]);
  const sources = await server.db.query('select distinct time_source from frames where drive_id = $1 and time_source is not null', [asserted]);
  expect(sources).toEqual([{ time_source: 'asserted' }]);
}, 120_000);

testOnData('comma2k19-example: no pictures, and it still reaches its judge', async () => {
  const drive = await upload(anna, await folder('drives', 'comma2k19-example'));
  await ingested(server);
  expect(await summaryOf(anna, drive)).toMatchObject({ state: 'processing', counts: { received: 0 }, reason: null });
  expect(await timesReady(server, drive)).toBe(1);
}, 120_000);

testOnData('hostile pictures among good ones: every file ends as a value, and the server answers', async () => {
  const hostile = (await Promise.all(['gps-exif', 'broken-images', 'formats'].map(async (name) => (await folder('hostile', name)).map((file) => ({ ...file, path: `${name}/${file.path}` }))))).flat();
  const files = hostile.filter(({ path, bytes }) => /\.(jpe?g|png|gif|webp|heic|avif)$/i.test(path) && bytes.length <= 5_000_000 && path.normalize('NFC') === path);
  const drive = await upload(anna, files, { trim: 0, assert: { start: '2024-01-01T00:00:00Z', intervalS: 1 } });
  await ingested(server);
  const frames = await framesOf(anna, drive);
  expect(frames).toHaveLength(files.length);
  expect(frames.filter(({ state }) => !['ready', 'refused', 'dropped'].includes(state))).toEqual([]);
  for (const { path, state, reasons } of frames) expect(state === 'ready' || reasons.length === 1, path).toBe(true);
  expect(frames.some(({ state }) => state === 'ready')).toBe(true);
  expect(await server.queue.deadLetters()).toEqual([]);
}, 120_000);
