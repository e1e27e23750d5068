import exifr from 'exifr';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRAME_STATES } from '../../shared/model/frame-state.ts';
import { decodeDrive } from '../../shared/model/drive-document.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { withExif } from './exif-writer.ts';
import { jpeg, sha256 } from './pictures.ts';
import { type Contributor, framesOf, ingested, type IngestServer, openIngest, summaryOf, timesReady, upload, type UploadFile } from './server.ts';

let server: IngestServer;
let anna: Contributor;
let boris: Contributor;
beforeAll(async () => {
  server = await openIngest();
  anna = await server.contributor('anna');
  boris = await server.contributor('boris');
  await server.startJobs();
});
afterAll(async () => await server.close());

/** A picture on a street in Brighton, 10 m and 1 s after the one before. */
async function shot(n: number, changed: Parameters<typeof withExif>[1] = {}): Promise<UploadFile> {
  const bytes = withExif(await jpeg(n), {
    dateTime: `2026:06:01 10:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`, latDeg: 50.82 + n * 0.000_09, lonDeg: -0.14, headingDeg: 0, make: 'Cam', ...changed,
  });
  return { path: `${n}.jpg`, bytes };
}

async function shots(from: number, count: number): Promise<readonly UploadFile[]> {
  return await Promise.all(Array.from({ length: count }, (_, n) => shot(from + n)));
}

async function rowsOf(drive: string) {
  return await server.db.query<{ path: string; private_reason: string | null; picture: Sha256; thumb: Sha256; grey: Sha256; width: number; height: number; quality: number; ordinal: number; time_source: string }>(
    `select path, private_reason, encode(picture_sha256, 'hex') as picture, encode(thumb_sha256, 'hex') as thumb, encode(grey_sha256, 'hex') as grey, width, height, quality, ordinal, time_source
     from frames where drive_id = $1 order by ordinal`,
    [drive],
  );
}

async function documentOf(drive: string) {
  const [row] = await server.db.query<{ sha256: Sha256 }>(`select encode(document_sha256, 'hex') as sha256 from drives where id = $1`, [drive]);
  return decodeDrive((await server.objects.get({ prefix: 'documents', sha256: row!.sha256 }))!);
}

/** Counts of the summary add up, and the history of every frame ends where the frame stands. */
async function expectConserved(by: Contributor, drive: string, pictures: number): Promise<void> {
  const { counts } = await summaryOf(by, drive);
  expect(counts['received']).toBe(pictures);
  const settled = FRAME_STATES.filter((state) => state !== 'received' && state !== 'ready');
  expect(counts['processing']! + settled.reduce((sum, state) => sum + counts[state]!, 0)).toBe(pictures);
  const crooked = await server.db.query(
    `select f.path from frames f where drive_id = $1 and f.state <> (select to_state from frame_history h where h.frame_key = f.key order by seq desc limit 1)`,
    [drive],
  );
  expect(crooked).toEqual([]);
}

describe('a photo folder', () => {
  test('becomes ready frames with time, place, heading, sequence and derivatives, and one drive.ready', async () => {
    const drive = await upload(anna, await shots(0, 8), { trim: 0, name: 'Brighton' });
    await ingested(server);
    const frames = await framesOf(anna, drive);
    expect(frames.map(({ state }) => state)).toEqual(Array<string>(8).fill('ready'));
    expect(frames[3]).toMatchObject({ path: '3.jpg', capturedAt: '2026-06-01T09:00:03.000Z', headingDeg: 0, sequence: 0, private: null, reasons: [], points: '0', thumbUrl: `/api/frames/${frames[3]!.id}/thumb.jpg` });
    expect(frames[3]!.latDeg).toBeCloseTo(50.820_27, 6);
    expect(frames[3]!.lonDeg).toBeCloseTo(-0.14, 9);
    expect(await summaryOf(anna, drive)).toMatchObject({ name: 'Brighton', state: 'processing', trimM: 0, reason: null, notes: [] });
    expect(await timesReady(server, drive)).toBe(1);
    await expectConserved(anna, drive, 8);
    const document = await documentOf(drive);
    expect(document.frames.map(({ path }) => path)).toEqual(['0.jpg', '1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg', '6.jpg', '7.jpg']);
    expect(document).toMatchObject({ name: 'Brighton', device: { make: 'Cam' }, gnss: [], imu: null });
  });

  test('its derivatives are upright, small enough and say nothing of anybody', async () => {
    const bytes = withExif(await jpeg(100, { width: 3000, height: 1000 }), { dateTime: '2026:06:01 12:00:00', latDeg: 50.9, lonDeg: -0.14, make: 'SecretCam', orientation: 6 });
    const icc = await sharp(bytes).keepExif().withIccProfile('p3').toBuffer().catch(() => bytes);
    const drive = await upload(anna, [{ path: 'a.jpg', bytes: icc }], { trim: 0 });
    await ingested(server);
    const [row] = await rowsOf(drive);
    expect(row).toMatchObject({ width: 1000, height: 3000 });
    const picture = (await server.objects.get({ prefix: 'derived', sha256: row!.picture }))!;
    const thumb = (await server.objects.get({ prefix: 'derived', sha256: row!.thumb }))!;
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', height: 2048 });
    expect(await sharp(thumb).metadata()).toMatchObject({ format: 'jpeg', height: 500 });
    for (const made of [picture, thumb]) {
      const { exif, icc: profile, xmp, iptc, orientation, comments } = await sharp(made).metadata();
      expect({ exif, profile, xmp, iptc, orientation, comments }).toEqual({});
      expect(await exifr.parse(made, true)).toBeUndefined();
      expect(made.includes('SecretCam')).toBe(false);
    }
    expect((await server.objects.get({ prefix: 'derived', sha256: row!.grey }))!.length).toBe(64 * 36);
    expect(row!.quality).toBeGreaterThan(0);
  });

  test('every picture that cannot count says why, and the rest goes on', async () => {
    const good = await shots(200, 3);
    const cut = await shot(210);
    const files: readonly UploadFile[] = [
      ...good,
      { path: 'cut.jpg', bytes: cut.bytes.subarray(0, cut.bytes.length - 2000) },
      { ...(await shot(211, { latDeg: 0, lonDeg: 0 })), path: 'null-island.jpg' },
      { ...(await shot(212, { rawLat: [[0, 0], [0, 0], [0, 0]] })), path: 'nan.jpg' },
      { path: 'no-exif.jpg', bytes: await jpeg(213) },
      { ...(await shot(214, { dateTime: '1970:01:01 00:00:00' })), path: 'old.jpg' },
      { path: 'text.jpg', bytes: Buffer.from('no picture') },
      { path: 'empty.jpg', bytes: Buffer.alloc(0) },
      { path: 'small.jpg', bytes: withExif(await jpeg(215, { width: 20, height: 20 }), { dateTime: '2026:06:01 11:00:00', latDeg: 51, lonDeg: 0 }) },
      { path: 'picture.png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') },
      { path: 'again.jpg', bytes: good[0]!.bytes },
      { ...(await shot(216, { dateTime: '2026:06:01 10:03:20', subSec: '5', latDeg: 50.82 + 200 * 0.000_09 + 0.000_002 })), path: 'stood.jpg' },
      { path: 'README.txt', bytes: Buffer.from('hello') },
    ];
    const drive = await upload(anna, files, { trim: 0 });
    await ingested(server);
    const outcome = Object.fromEntries((await framesOf(anna, drive)).map(({ path, state, reasons }) => [path, [state, ...reasons].join(' ')]));
    expect(outcome).toEqual({
      '200.jpg': 'ready', '201.jpg': 'ready', '202.jpg': 'ready', 'cut.jpg': 'refused picture_damaged', 'null-island.jpg': 'refused null_island', 'nan.jpg': 'refused position_invalid',
      'no-exif.jpg': 'refused no_time', 'old.jpg': 'refused time_invalid', 'text.jpg': 'refused not_a_picture', 'empty.jpg': 'refused not_a_picture', 'small.jpg': 'refused picture_too_small',
      'picture.png': 'refused not_a_picture', 'again.jpg': 'dropped file_duplicate', 'stood.jpg': 'dropped near_duplicate',
    });
    expect((await summaryOf(anna, drive)).notes).toEqual([{ code: 'unused_file', detail: { file: 'README.txt' } }]);
    expect((await documentOf(drive)).frames.map(({ path }) => path)).toEqual(['200.jpg', '201.jpg', '202.jpg']);
    await expectConserved(anna, drive, 14);
  });

  test('text from outside that no jsonb column takes does not stop it', async () => {
    const files = await shots(300, 2);
    const json = { path: 'drive.json', bytes: Buffer.from('{"format": "wayproof-drive/1", "device": {"make": "a\\u0000b", "model": "\\ud800"}, "id": "x\\u0000"}') };
    const gnss = { path: 'gnss.csv', bytes: Buffer.from(`t_s,lat_deg,lon_deg\n1,${'😀'.repeat(30)},2\n1,\u0000,2\n`) };
    const drive = await upload(anna, [...files, json, gnss], { trim: 0 });
    await ingested(server);
    expect((await framesOf(anna, drive)).map(({ state }) => state)).toEqual(['ready', 'ready']);
    expect((await summaryOf(anna, drive)).notes.map(({ code }) => code)).toEqual(['row_malformed', 'row_malformed']);
  });
});

describe('two people with the same pictures', () => {
  test('the drive closed first has them; the other is told of which they are copies', async () => {
    const files = await shots(400, 3);
    const first = await upload(anna, files, { trim: 0 });
    const second = await upload(boris, files, { trim: 0 });
    await ingested(server);
    expect((await framesOf(anna, first)).map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
    const copies = await framesOf(boris, second);
    for (const { state, reasons, duplicateOf, id } of copies) expect({ state, reasons, duplicateOf }).toEqual({ state: 'dropped', reasons: ['file_duplicate'], duplicateOf: id });
    expect(await summaryOf(boris, second)).toMatchObject({ state: 'processing', reason: null, counts: { dropped: 3, processing: 0 } });
    expect(await timesReady(server, second)).toBe(1);
    await expectConserved(boris, second, 3);
  });

  test('what is judged follows from the bytes alone, whoever was first and whatever of it was held', async () => {
    const files = await shots(420, 5);
    const cut = await shot(425);
    const all: readonly UploadFile[] = [...files, { ...cut, bytes: cut.bytes.subarray(0, cut.bytes.length - 2000) }, { ...files[1]!, path: 'again.jpg' }];
    const first = await upload(anna, [files[0]!, files[2]!, all[5]!], { trim: 0, name: 'x' });
    const whole = await upload(boris, all, { trim: 0, name: 'x' });
    await ingested(server);
    expect((await framesOf(anna, first)).map(({ state }) => state)).toEqual(['ready', 'ready', 'refused']);
    expect((await framesOf(boris, whole)).map(({ path, state, reasons }) => [path, state, ...reasons].join(' '))).toEqual([
      '420.jpg dropped file_duplicate', '421.jpg ready', '422.jpg dropped file_duplicate', '423.jpg ready', '424.jpg ready', expect.stringMatching(/^425.jpg (dropped file_duplicate|refused picture_damaged)$/), 'again.jpg dropped file_duplicate',
    ]);
    expect((await documentOf(whole)).frames.map(({ path }) => path)).toEqual(['420.jpg', '421.jpg', '422.jpg', '423.jpg', '424.jpg']);
    expect(await timesReady(server, whole)).toBe(1);
    await expectConserved(boris, whole, 7);
  });

  test('what is refused gives its claim back, and then counts for the next', async () => {
    const plain = await jpeg(450);
    const first = await upload(anna, [{ path: 'a.jpg', bytes: plain }]);
    await ingested(server);
    expect((await framesOf(anna, first))[0]).toMatchObject({ state: 'refused', reasons: ['no_time'] });
    const gnss = Buffer.from(['t_s,lat_deg,lon_deg', ...Array.from({ length: 10 }, (_, n) => `${1_780_000_000 + n},${50 + n * 1e-4},1`)].join('\n'));
    const second = await upload(boris, [{ path: 'a.jpg', bytes: plain }, { path: 'gnss.csv', bytes: gnss }], { trim: 0, assert: { start: new Date(1_780_000_002_500).toISOString(), intervalS: 1 } });
    await ingested(server);
    expect((await framesOf(boris, second))[0]).toMatchObject({ state: 'ready', capturedAt: new Date(1_780_000_002_500).toISOString() });
    const third = await upload(anna, [{ path: 'b.jpg', bytes: plain }, { path: 'gnss.csv', bytes: gnss }], { trim: 0, assert: { start: new Date(1_780_000_002_500).toISOString(), intervalS: 1 } });
    await ingested(server);
    expect((await framesOf(anna, third))[0]).toMatchObject({ state: 'dropped', reasons: ['file_duplicate'] });
  });
});

describe('privacy', () => {
  test('frames near both ends are private, whatever the receiver covers', async () => {
    // 60 frames, 10 m apart, northwards; the receiver only ran in the middle.
    const files = await shots(500, 60);
    const gnss = Buffer.from(['t_s,lat_deg,lon_deg', ...Array.from({ length: 6 }, (_, n) => `${Date.UTC(2026, 5, 1, 9, 8, 45 + n) / 1000},${50.82 + (525 + n) * 0.000_09},-0.14`)].join('\n'));
    const drive = await upload(anna, [...files, { path: 'gnss.csv', bytes: gnss }], { trim: 100 });
    await ingested(server);
    const rows = await rowsOf(drive);
    const hidden = rows.filter(({ private_reason }) => private_reason === 'trimmed_end').map(({ ordinal }) => ordinal);
    for (const ordinal of [0, 5, 9, 50, 55, 59]) expect(hidden).toContain(ordinal);
    expect(hidden).not.toContain(13);
    expect(hidden).not.toContain(46);
    expect((await summaryOf(anna, drive)).counts['private']).toBe(hidden.length);
  });

  test('without a choice the instance trims 200 to 500 m: a drive of 80 m is all private', async () => {
    const drive = await upload(anna, await shots(600, 8));
    await ingested(server);
    expect((await rowsOf(drive)).every(({ private_reason }) => private_reason === 'trimmed_end')).toBe(true);
    expect((await framesOf(anna, drive)).every(({ state, private: why }) => state === 'ready' && why === 'trimmed_end')).toBe(true);
  });
});

test('the original keeps its bytes', async () => {
  const [file] = await shots(700, 1);
  const drive = await upload(anna, [file!], { trim: 0 });
  await ingested(server);
  const [frame] = await framesOf(anna, drive);
  expect(frame!.id).toBe(sha256(file!.bytes));
  expect((await server.objects.get({ prefix: 'original', sha256: sha256(file!.bytes) }))!.equals(Buffer.from(file!.bytes))).toBe(true);
});
