import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distanceM } from '../../shared/model/geo.ts';
import { realDrivesFolder } from '../validate/real-drives.ts';
import { writeSimulatedDrive } from './simulated-folder.ts';

const run = promisify(execFile);
/** Each test starts the program several times, on a machine that may be busy with other tests. */
const BUSY_MS = 300_000;

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let home: string;
let drive: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'wayproof-attack-'));
  drive = join(home, 'drive');
  await writeSimulatedDrive(drive, { endsAtS: Date.now() / 1000 - 3600, each: 8 });
});
afterAll(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

async function wayproof(...words: readonly string[]): Promise<Answer> {
  return await run(process.execPath, ['wayproof.js', ...words], { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, WAYPROOF_HOME: home }, maxBuffer: 64 * 1024 * 1024 })
    .then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }), (error: Answer) => error);
}

async function contents(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return new Map(await Promise.all(files.map(async (file) => [file.slice(folder.length + 1), await readFile(file)] as const)));
}

async function rowsOf(file: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const bytes = await readFile(file);
  const [header, ...rows] = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trimEnd().split('\n').map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(header!.map((name, n) => [name, row[n]!])));
}

const placeOf = (row: Readonly<Record<string, string>>) => ({ latDeg: Number(row['lat_deg']), lonDeg: Number(row['lon_deg']) });

describe('wayproof attack', () => {
  test('identity reads the folder and writes it again, byte for byte', async () => {
    const out = join(home, 'identity');
    const { code, stdout } = await wayproof('attack', 'identity', drive, out);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/gnss\.csv +as it was\n +imu\.csv +as it was\n +frames\.csv +as it was\n/) as string });
    expect(await contents(out)).toEqual(await contents(drive));
  }, BUSY_MS);

  test('a teleport moves the rows of its stretch and the pictures in it, and says so; judge sees it', async () => {
    const out = join(home, 'teleported');
    const { code, stdout } = await wayproof('attack', 'teleport', drive, out, '--severity', '400', '--from', '40', '--to', '100', '--json');
    expect(code).toBe(0);
    const made = JSON.parse(stdout) as { from_s: number; to_s: number; rows: readonly { path: string; changed: number; all: number }[] };
    const [own, forged] = [await rowsOf(join(drive, 'gnss.csv')), await rowsOf(join(out, 'gnss.csv'))];
    for (const [n, row] of forged.entries()) {
      const isInside = Number(row['t_s']) >= made.from_s && Number(row['t_s']) < made.to_s;
      expect(distanceM(placeOf(row), placeOf(own[n]!))).toBeCloseTo(isInside ? 400 : 0, 0);
      expect({ ...row, lat_deg: '', lon_deg: '' }).toEqual({ ...own[n]!, lat_deg: '', lon_deg: '' });
    }
    expect(made.rows.find(({ path }) => path === 'gnss.csv')).toEqual({ path: 'gnss.csv', changed: 60, all: own.length });
    const moved = (await rowsOf(join(out, 'frames.csv'))).filter((row, n, all) => n > 0 && n < all.length && Number(row['t_s']) > made.from_s + 1 && Number(row['t_s']) < made.to_s - 1);
    expect(made.rows.find(({ path }) => path === 'frames.csv')!.changed).toBeGreaterThanOrEqual(moved.length);
    expect(moved.length).toBeGreaterThan(2);
    const { stdout: line } = await wayproof('judge', '--ndjson', out);
    expect((JSON.parse(line) as { verdict: string }).verdict).toMatch(/flagged|rejected/);
  }, BUSY_MS);

  test('mirrored pictures are pictures still, and others', async () => {
    const out = join(home, 'mirrored');
    expect((await wayproof('attack', 'mirrored-pictures', drive, out)).stdout).toMatch(/pictures +(\d+): 0 show others, \1 are made anew/);
    const { stdout } = await wayproof('judge', '--ndjson', out);
    expect((JSON.parse(stdout) as { frames: readonly object[] }).frames).toHaveLength((await readdir(join(drive, 'frames'))).length);
    const [before, after] = [await contents(join(drive, 'frames')), await contents(join(out, 'frames'))];
    for (const [path, bytes] of before) expect(after.get(path)!.equals(bytes), path).toBe(false);
  }, BUSY_MS);

  test('another drive\'s pictures keep the own names, times and places', async () => {
    const [donor, out] = [join(home, 'mirrored'), join(home, 'foreign')];
    expect((await wayproof('attack', 'foreign-pictures', drive, out, '--donor', donor)).code).toBe(0);
    expect((await rowsOf(join(out, 'frames.csv'))).map((row) => [row['file'], row['t_s'], row['lat_deg']])).toEqual((await rowsOf(join(drive, 'frames.csv'))).map((row) => [row['file'], row['t_s'], row['lat_deg']]));
    const known = [...(await contents(join(donor, 'frames'))).values()].map((bytes) => bytes.toString('base64'));
    expect([...(await contents(join(out, 'frames'))).values()].filter((bytes) => known.includes(bytes.toString('base64'))).length).toBeGreaterThan(2);
  }, BUSY_MS);

  test('what a drive has not got cannot be forged: one sentence, status 1', async () => {
    const out = join(home, 'nothing');
    expect(await wayproof('attack', 'foreign-imu', drive, out)).toMatchObject({
      code: 1, stderr: `wayproof: foreign-imu needs another drive with a motion sensor as its donor (--donor DRIVE), and ${drive} has not got that\n`,
    });
    expect(await readdir(home)).not.toContain('nothing');
  }, BUSY_MS);

  test('--list shows every cheat with its severity', async () => {
    const { stdout } = await wayproof('attack', '--list');
    expect(stdout).toContain('drag-off  (row 2)');
    expect(stdout).toContain('severity  speed 1.5 m/s unless told; 0.6 to 3; 0 is none');
    expect((JSON.parse((await wayproof('attack', '--list', '--json')).stdout) as readonly { name: string }[]).map(({ name }) => name)).toContain('wrong-turn');
  }, BUSY_MS);
});

const drives = realDrivesFolder();

describe.skipIf(drives === null)('on a real drive', () => {
  test('identity is the same text, gzipped as before', async () => {
    const [own, out] = [join(drives!, 'iphone-sample-trip'), join(home, 'real-identity')];
    expect((await wayproof('attack', 'identity', own, out)).code).toBe(0);
    for (const name of ['gnss.csv.gz', 'imu.csv.gz']) expect(gunzipSync(await readFile(join(out, name))).equals(gunzipSync(await readFile(join(own, name)))), name).toBe(true);
    expect(await readFile(join(out, 'drive.json'), 'utf8')).toBe(await readFile(join(own, 'drive.json'), 'utf8'));
  }, BUSY_MS);

  test('a drag-off is as fine as its receiver, and a parked sensor is caught', async () => {
    const own = join(drives!, 'iphone-sample-trip');
    const [dragged, parked] = [join(home, 'real-dragged'), join(home, 'real-parked')];
    expect((await wayproof('attack', 'drag-off', own, dragged, '--severity', '3')).code).toBe(0);
    const rows = await rowsOf(join(dragged, 'gnss.csv.gz'));
    // This phone tells six decimals and writes eight.
    expect(rows.every((row) => /^\d+\.\d{6}00$/.test(row['lat_deg']!))).toBe(true);
    const honest = await rowsOf(join(own, 'gnss.csv.gz'));
    const [last, lastOwn] = [rows.at(-1)!, honest.at(-1)!];
    expect(distanceM(placeOf(last), placeOf(lastOwn))).toBeGreaterThan(300);
    expect((await wayproof('attack', 'parked-imu', own, parked)).code).toBe(0);
    const { stdout } = await wayproof('judge', '--ndjson', own, parked);
    const verdicts = stdout.trimEnd().split('\n').map((line) => (JSON.parse(line) as { verdict: string }).verdict);
    expect(verdicts[0]).toBe('accepted');
    expect(verdicts[1]).toMatch(/flagged|rejected/);
  }, BUSY_MS);
});
