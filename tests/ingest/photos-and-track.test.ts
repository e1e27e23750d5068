import { afterAll, beforeAll, expect, test } from 'vitest';
import { moved } from '../../shared/model/geo.ts';
import { withExif } from './exif-writer.ts';
import { jpeg } from './pictures.ts';
import { framesOf, ingested, type IngestServer, openIngest, summaryOf, upload } from './server.ts';

let server: IngestServer;
beforeAll(async () => {
  server = await openIngest();
  await server.startJobs();
});
afterAll(() => server.close());

const HOME = { latDeg: 52.37, lonDeg: 4.9 };

/** A minute due east at 10 m/s, from 08:00:00 UTC on: 10:00:00 on a camera in Amsterdam. */
function track(): string {
  const points = Array.from({ length: 61 }, (_, s) => {
    const { latDeg, lonDeg } = moved(HOME, 10 * s, 90);
    return `<trkpt lat="${latDeg}" lon="${lonDeg}"><ele>2</ele><time>2026-06-01T08:00:${String(s).padStart(2, '0')}Z</time></trkpt>`.replace('08:00:60', '08:01:00');
  });
  return `<gpx><trk><trkseg>${points.join('')}</trkseg></trk></gpx>`;
}

async function at(seed: number, dateTime: string, subSec = '0') {
  return { path: `${seed}.jpg`, bytes: withExif(await jpeg(seed), { dateTime, subSec }) };
}

test('pictures without a position get theirs from the track at their time, by the clock of the place', async () => {
  const by = await server.contributor('gpx');
  const pictures = [await at(1, '2026:06:01 10:00:10'), await at(2, '2026:06:01 10:00:20', '5'), await at(3, '2026:06:01 10:02:00'), await at(4, '2026:06:01 08:00:30')];
  const id = await upload(by, [...pictures, { path: 'monday.gpx', bytes: Buffer.from(track()) }], { trim: 0 });
  await ingested(server);
  const frames = await framesOf(by, id);
  const places = [moved(HOME, 100, 90), moved(HOME, 205, 90)];
  for (const [n, place] of places.entries()) {
    expect(frames[n]).toMatchObject({ path: `${n + 1}.jpg`, state: 'ready', capturedAt: `2026-06-01T08:00:${n === 0 ? '10.000' : '20.500'}Z` });
    expect(frames[n]!.latDeg).toBeCloseTo(place.latDeg, 6);
    expect(frames[n]!.lonDeg).toBeCloseTo(place.lonDeg, 6);
  }
  expect(frames.slice(2).map(({ state, reasons }) => [state, ...reasons])).toEqual([['refused', 'outside_track'], ['refused', 'outside_track']]);
  expect((await summaryOf(by, id)).notes).toEqual([]);
});

test('a broken track is noted, and its pictures are refused one by one', async () => {
  const by = await server.contributor('broken');
  const bytes = withExif(await jpeg(9), { dateTime: '2026:06:01 10:00:10', offset: '+02:00' });
  const id = await upload(by, [{ path: 'a.jpg', bytes }, { path: 'a.gpx', bytes: Buffer.from('<html>') }]);
  await ingested(server);
  expect((await framesOf(by, id)).map(({ state, reasons }) => [state, ...reasons])).toEqual([['refused', 'no_position']]);
  expect((await summaryOf(by, id)).notes).toMatchObject([{ code: 'file_unreadable', detail: { file: 'a.gpx' } }, { code: 'file_unreadable' }]);
});
