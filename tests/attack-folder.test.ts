import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type DriveFolder, inColumnsOf, readDriveFolder } from '../attack-folder.ts';
import { finenessOf, printed, printedTime } from '../attack-text.ts';
import { driveTexts } from '../attack-writer.ts';
import { attackOf } from '../fixtures/attacks/all.ts';
import { spanOf } from '../fixtures/attacks/attack.ts';
import { main } from '../main.ts';
import { readSensors } from '../ingest/importers/drive-folder.ts';
import { filesUnder } from '../ingest/local-files.ts';
import { openParsers, type Parsers } from '../ingest/parser-thread.ts';
import { RECIPE } from '../shared/model/recipe.ts';

let home: string;
let parsers: Parsers;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'wayproof-folder-'));
  parsers = openParsers();
});
afterAll(async () => {
  await parsers.close();
  await rm(home, { recursive: true, force: true });
});

async function folderOf(name: string, files: Readonly<Record<string, string | Buffer>>): Promise<DriveFolder> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(home, name, path)), { recursive: true });
    await writeFile(join(home, name, path), content);
  }
  return await readDriveFolder({ parsers, rules: RECIPE.ingest }, await filesUnder(join(home, name)));
}

/** What the real importer makes of the folder as it would be written. */
function readAgain(attacked: DriveFolder, before: DriveFolder) {
  return readSensors(driveTexts(attacked, before).map(({ path, text }) => ({ path, bytes: Buffer.from(text) })), RECIPE.ingest);
}

async function said(...words: readonly string[]): Promise<readonly [status: typeof process.exitCode, sentence: string]> {
  let sentence = '';
  vi.spyOn(console, 'error').mockImplementation((text: string) => { sentence += text; });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { sentence += String(text); return true; });
  await main(['node', 'wayproof', 'attack', ...words]);
  return [process.exitCode, sentence];
}

const GNSS = [
  'Lat_Deg,t_s,lon_deg,speed_mps,course_deg,agc,note',
  '48.1000000,1780000000,11.5000000,10.0,90,0.31,"a, b"',
  '48.1000000,1780000001,11.5001345,-1,90,0.32,plain',
  'nonsense,1780000002,11.5,10.0,90,0.33,',
  '48.1000000,1780000003,11.5004035,10.0,,0.34,"say ""hi"""',
  '48.1000000,1780000004,11.5005380,10.0,90,,',
].join('\r\n');
const IMU = ['t_s,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps,temp_c', ...Array.from({ length: 40 }, (_, n) => `${1_780_000_000 + n / 10},0.10,0.20,9.80,,0.001,0.002,${20 + n}`)].join('\n');

describe('a folder read and written', () => {
  test('keeps the cells of unknown columns, empty cells and quotes; bad rows are left out as by the importer', async () => {
    const folder = await folderOf('odd', { 'gnss.csv': `\ufeff${GNSS}`, 'imu.csv': IMU, 'drive.json': '{ "format": "wayproof-drive/1" }' });
    const [json, gnss, imu] = driveTexts(folder, folder);
    expect(json).toEqual({ path: 'drive.json', text: '{ "format": "wayproof-drive/1" }', rows: null });
    expect(gnss!.text).toBe(`${GNSS.split('\r\n').filter((line) => !line.startsWith('nonsense')).join('\n')}\n`);
    expect(imu!.text).toBe(`${IMU}\n`);
    expect([gnss!.rows, imu!.rows]).toEqual([{ changed: 0, all: 4 }, { changed: 0, all: 40 }]);
  });

  test('attacked, it is what the importer reads again, within half a unit of what its columns tell', async () => {
    const folder = await folderOf('odd', {});
    fc.assert(fc.property(fc.double({ min: 0.6, max: 300, noNaN: true }), fc.nat(1000), (severity, seed) => {
      const attacked = attackOf('drag-off').apply(folder, { ...spanOf(folder), severity, seed });
      const { gnss, refusedCount } = readAgain(attacked, folder);
      expect(refusedCount).toBe(0);
      expect(gnss).toHaveLength(attacked.gnss.length);
      for (const [n, fix] of gnss.entries()) {
        const meant = attacked.gnss[n]!;
        expect(Math.abs(fix.latDeg - meant.latDeg)).toBeLessThan(0.51e-7);
        expect(fix.speedMps === null).toBe(meant.speedMps === null);
        if (fix.speedMps !== null) expect(Math.abs(fix.speedMps - meant.speedMps!)).toBeLessThanOrEqual(0.51);
        expect(fix.tS).toBe(meant.tS);
      }
    }), { numRuns: 20, seed: 41 });
  });

  test('a motion sensor taken out takes its words in drive.json along', async () => {
    const folder = await folderOf('said', { 'gnss.csv': GNSS, 'imu.csv': IMU, 'drive.json': '{"imu":{"rate_hz":10},"source":"here"}' });
    const texts = driveTexts(attackOf('imu-stripped').apply(folder, { ...spanOf(folder), severity: 1, seed: 1 }), folder);
    expect(texts.map(({ path }) => path)).toEqual(['drive.json', 'gnss.csv']);
    expect(JSON.parse(texts[0]!.text)).toEqual({ source: 'here' });
  });

  test('a foreign motion sensor comes in the own columns, and drive.json tells of it', async () => {
    const own = await folderOf('said', {});
    const theirs = await folderOf('theirs', { 'gnss.csv': GNSS, 'imu.csv': 'az_mps2,t_s,ax_mps2,ay_mps2\n9.7,1770000000,0.3,0.4\n9.6,1770000001,0.5,0.6\n', 'drive.json': '{"imu":{"averaged":true}}' });
    const attacked = attackOf('foreign-imu').apply(own, { ...spanOf(own), severity: 1, seed: 1, donor: inColumnsOf(theirs, own) });
    const texts = driveTexts(attacked, own);
    expect(texts.find(({ path }) => path === 'imu.csv')!.text).toBe('t_s,ax_mps2,ay_mps2,az_mps2,gx_radps,gy_radps,gz_radps,temp_c\n1780000000.0,0.3,0.4,9.7,,,,\n1780000001.0,0.5,0.6,9.6,,,,\n');
    expect(JSON.parse(texts[0]!.text)).toEqual({ source: 'here', imu: { rate_hz: 1, averaged: true } });
  });

  test('another rate than the column can tell is written finer, and no two times are the same', async () => {
    const own = await folderOf('said', {});
    const rows = Array.from({ length: 50 }, (_, n) => `${1_770_000_000 + n / 10},52.${String(1_000_000 + n * 90)},13.4`).join('\n');
    const fast = await folderOf('fast', { 'gnss.csv': `t_s,lat_deg,lon_deg\n${rows}\n` });
    const { gnss, refusedCount } = readAgain(attackOf('replay').apply(own, { ...spanOf(own), severity: 1, seed: 1, donor: fast }), own);
    expect(refusedCount).toBe(0);
    expect(gnss.length).toBeGreaterThan(30);
  });

  test('a track from another format becomes gnss.csv only where it is attacked', async () => {
    const gpx = `<gpx version="1.1"><trk><trkseg>${[0, 1, 2].map((n) => `<trkpt lat="48.1" lon="${11.5 + n / 1e4}"><time>2026-05-12T14:03:0${n}Z</time></trkpt>`).join('')}</trkseg></trk></gpx>`;
    const folder = await folderOf('ride', { 'ride.gpx': gpx });
    expect(driveTexts(folder, folder)).toEqual([]);
    const attacked = attackOf('constant-offset').apply(folder, { ...spanOf(folder), severity: 20, seed: 1 });
    expect(driveTexts(attacked, folder).map(({ path }) => path)).toEqual(['gnss.csv']);
    expect(readAgain(attacked, folder).gnss).toHaveLength(3);
  });
});

describe('frames.csv', () => {
  let picture: Buffer;
  beforeAll(async () => {
    const { encodeJpeg } = await import('../ingest/image.ts');
    picture = await encodeJpeg({ width: 80, height: 80, rgb: new Uint8Array(80 * 80 * 3).fill(90) });
  });

  test('pictures on the track stay without a place; another clock is kept; rows without a picture stay', async () => {
    const folder = await folderOf('clock', {
      'gnss.csv': GNSS, 'drive.json': '{"frames":{"clock":"camera","utc_offset_s":7200}}', 'frames/a.jpg': picture, 'frames/b.jpg': picture,
      'frames.csv': 'file,t_s,lat_deg,lon_deg,weather\nframes/a.jpg,1780007200.5,,,rain\nframes/gone.jpg,1780007201,1,2,sun\nframes/b.jpg,1780007203.5,48.1,11.50046,fog\n',
    });
    expect(folder.frames.map(({ tS, isOnTrack }) => [tS, isOnTrack])).toEqual([[1_780_000_000.5, true], [1_780_000_003.5, false]]);
    const text = (name: 'constant-offset' | 'camera-clock' | 'swapped-pictures', seed = 1): string => {
      const attacked = attackOf(name).apply(folder, { ...spanOf(folder), severity: name === 'swapped-pictures' ? 1 : 30, seed });
      return driveTexts(attacked, folder).find(({ path }) => path === 'frames.csv')!.text;
    };
    const offset = text('constant-offset').split('\n');
    expect([offset[1], offset[2]]).toEqual(['frames/a.jpg,1780007200.5,,,rain', 'frames/gone.jpg,1780007201,1,2,sun']);
    expect(offset[3]).toMatch(/^frames\/b\.jpg,1780007203\.5,48\.\d{8},11\.5\d+,fog$/);
    expect(text('camera-clock')).toBe('file,t_s,lat_deg,lon_deg,weather\nframes/a.jpg,1780007230.5,,,rain\nframes/gone.jpg,1780007201,1,2,sun\nframes/b.jpg,1780007233.5,48.1,11.50046,fog\n');
    const swapped = [1, 2, 3, 4].map((seed) => text('swapped-pictures', seed)).find((one) => !one.includes('a.jpg,1780007200.5,,,rain'))!;
    // A picture under another's name would bring its own time and place along where the row is silent.
    expect(swapped).toMatch(/frames\/a\.jpg,1780007200\.5,48\.\d+,11\.5\d+,rain,/);
  });

  test('pictures that tell of themselves get rows only where they are attacked', async () => {
    const real = process.env['WAYPROOF_DATA'];
    if (real === undefined) return console.warn('skipped: WAYPROOF_DATA does not name a folder with media/');
    const folder = await folderOf('drone', Object.fromEntries(await Promise.all(['24', '25', '26'].map(async (n) => [`DJI_00${n}.JPG`, await readFile(join(real, 'media/seq-drone-brighton', `DJI_00${n}.JPG`))] as const))));
    expect(folder.frames).toHaveLength(3);
    expect(driveTexts(folder, folder)).toEqual([]);
    const attacked = attackOf('constant-offset').apply(folder, { ...spanOf(folder), severity: 30, seed: 1 });
    const [frames] = driveTexts(attacked, folder);
    const { frameRows } = readSensors([{ path: frames!.path, bytes: Buffer.from(frames!.text) }], RECIPE.ingest);
    expect(frameRows.map(({ path }) => path)).toEqual(['DJI_0024.JPG', 'DJI_0025.JPG', 'DJI_0026.JPG']);
    for (const [n, { latDeg, tS }] of frameRows.entries()) {
      expect(latDeg).toBeCloseTo(attacked.frames[n]!.latDeg, 7);
      expect(tS).toBeNull();
    }
  });
});

describe('what it cannot do it says in a sentence, and writes nothing', () => {
  afterEach(() => {
    process.exitCode = 0;
    vi.restoreAllMocks();
  });

  test('what the drive or the donor has not got', async () => {
    await folderOf('bare', { 'gnss.csv': 't_s,lat_deg,lon_deg\n1780000000,48.1,11.5\n1780000001,48.1001,11.5\n' });
    const [bare, out] = [join(home, 'bare'), join(home, 'nothing')];
    expect(await said('parked-imu', bare, out)).toEqual([1, `wayproof: parked-imu needs a motion sensor, and ${bare} has not got that`]);
    expect(await said('replay', bare, out)).toEqual([1, `wayproof: replay needs another drive with a receiver log as its donor (--donor DRIVE), and ${bare} has not got that`]);
    expect(await said('teleport', bare, out, '--from', '40')).toEqual([1, 'wayproof: the drive lasts 1.0 s, and from 40 to its end there is nothing of it']);
    await folderOf('void', { 'notes.txt': 'hello' });
    expect(await said('teleport', join(home, 'void'), out)).toEqual([1, `wayproof: ${join(home, 'void')} cannot be attacked: nothing in it can be read as a drive`]);
    expect(await filesUnder(home).then((files) => files.filter(({ path }) => path.startsWith('nothing')))).toEqual([]);
    // Each call starts the parsers' thread anew, which is slow where the machine is busy.
  }, 300_000);

  test('what is no gzip, or too large to be held', async () => {
    await expect(folderOf('cut', { 'gnss.csv.gz': 'no gzip' })).rejects.toThrow('its gnss.csv.gz is no gzip, or cut off');
    await expect(folderOf('bomb', { 'imu.csv.gz': gzipSync(Buffer.alloc(161_000_000, '1')) })).rejects.toThrow('its imu.csv.gz holds more than 160 MB of text; give a shorter drive');
  });

  test('folders that are not there, not free, or not apart', async () => {
    await folderOf('bare', { 'gnss.csv': 't_s,lat_deg,lon_deg\n1780000000,48.1,11.5\n' });
    const bare = join(home, 'bare');
    expect(await said('teleport', join(home, 'nowhere'), join(home, 'nothing'))).toEqual([1, `wayproof: there is no ${join(home, 'nowhere')}`]);
    expect(await said('teleport', join(bare, 'gnss.csv'), join(home, 'nothing'))).toEqual([1, `wayproof: ${join(bare, 'gnss.csv')} is neither a folder nor a .zip, .tar or .tar.gz of one`]);
    await folderOf('full', { 'notes.txt': 'mine' });
    expect(await said('teleport', bare, join(home, 'full'))).toEqual([1, `wayproof: ${join(home, 'full')} is not empty; give a new folder`]);
    expect(await said('teleport', bare, join(bare, 'forged'))).toEqual([1, `wayproof: ${join(bare, 'forged')} lies inside ${bare}; give a folder elsewhere`]);
    expect(await said('teleport', bare, join(bare, 'gnss.csv', 'x'))).toMatchObject([1, expect.stringContaining('lies inside') as string]);
  }, 300_000);

  test('a wrong call', async () => {
    expect(await said('levitation', 'a', 'b')).toMatchObject([2, expect.stringContaining('there is no attack levitation; there are identity, teleport') as string]);
    expect(await said('teleport', 'a', 'b', '--variant', 'sideways')).toMatchObject([2, expect.stringContaining('teleport has no variant sideways; it has abrupt, ramped') as string]);
    expect(await said('teleport')).toMatchObject([2, expect.stringContaining('NAME, DRIVE and OUT are needed') as string]);
    expect(await said('teleport', 'a', 'b', '--severity', 'much')).toMatchObject([2, expect.stringContaining('it must be a number') as string]);
  });
});

describe('cells', () => {
  test('are as fine as their column', () => {
    const fine = finenessOf(['41.66252600', '41.5', '', 'x'], 3);
    expect(fine).toEqual({ printed: 8, used: 6 });
    expect(printed(41.123456789, fine)).toBe('41.12345700');
    expect(printed(null, fine)).toBe('');
    expect(printed(Number.NaN, fine)).toBe('');
    expect(finenessOf(['', ''], 5)).toEqual({ printed: 5, used: 5 });
    expect(finenessOf(['48.1000000', '48.1'], 8, 5)).toEqual({ printed: 7, used: 8 });
  });

  test('of times are finer where they must be, and only there', () => {
    const whole = { printed: 3, used: 0 };
    expect(printedTime(1_780_000_007, whole, 3)).toBe('1780000007.000');
    expect(printedTime(1_780_000_007.25, whole, 3)).toBe('1780000007.250');
    expect(printedTime(1_780_000_007.25, { printed: 0, used: 0 }, 4)).toBe('1780000007.2500');
  });
});
