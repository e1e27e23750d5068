import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openParsers, type Parsers } from '../../ingest/parser-thread.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { withExif } from './exif-writer.ts';
import { jpeg } from './pictures.ts';

let parsers: Parsers;
beforeAll(() => {
  parsers = openParsers();
});
afterAll(async () => await parsers.close());

test('pictures and sensor files come back typed, many at once, each with its own answer', async () => {
  const pictures = await Promise.all(Array.from({ length: 20 }, async (_, n) => withExif(await jpeg(n, { width: 64, height: 64 }), { latDeg: n + 1, lonDeg: 10 })));
  const answers = await Promise.all(pictures.map((bytes) => parsers.picture(bytes)));
  expect(answers.map(({ position }) => (position.kind === 'at' ? Math.round(position.latDeg) : null))).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  const sensors = await parsers.sensors([{ path: 'imu.csv', bytes: Buffer.from('t_s,ax_mps2,ay_mps2,az_mps2\n5,1,2,3\n') }], RECIPE.ingest);
  expect(sensors).toMatchObject({ imu: { tS: Float64Array.from([5]), gyroX: Float64Array.from([NaN]) } });
});

test('bytes that are no picture are damage, and the next file is read', async () => {
  expect((await parsers.picture(Buffer.from('no picture'))).damage).not.toBeNull();
  expect((await parsers.picture(Buffer.alloc(0))).damage).not.toBeNull();
  expect((await parsers.picture(await jpeg(1))).damage).toBeNull();
});

test('a file that eats the thread\'s memory is refused, the process lives, and the next file is read', async () => {
  // Four million bad rows: a reason for each is far more than this thread may hold. As .gz it is 30 kB.
  const small = openParsers(256);
  onTestFinished(() => small.close());
  const bytes = Buffer.concat([Buffer.from('t_s,lat_deg,lon_deg\n'), Buffer.alloc(16_000_000, 'x,,\n')]);
  const answer = await small.sensors([{ path: 'gnss.csv', bytes }], RECIPE.ingest);
  expect(answer).toMatchObject({ code: 'file_unreadable' });
  expect((await small.picture(withExif(await jpeg(1), { latDeg: 3, lonDeg: 4 }))).position).toMatchObject({ kind: 'at' });
}, 90_000);
