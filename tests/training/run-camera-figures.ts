import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { severity } from '../../shared/model/verdict.ts';
import { alignPairs } from '../../validate/camera/align-pairs.ts';
import { movedPairs, pairChecks } from '../../validate/camera/pair-checks.ts';
import { sketchDrive } from '../../validate/judge.ts';
import { measure } from '../../validate/windows.ts';
import { cameraDrive, PICTURE_ATTACKS, type Weather } from './camera-drives.ts';

/** The limits were set on the scenes of 9,001 and on. */
const FIRST_SEED = 9501;
const CLEAR_DRIVES = 16;
const OF_EACH_WEATHER = 3;
const WITHOUT_IMU = new Set(['camera-still', 'camera-copies', 'camera-turn', 'camera-ahead', 'camera-place']);

/** One window of a drive with what each camera check found, as severities; a check that could not be made is absent. */
type Found = Readonly<Record<string, number>>;

/**
 * `tsx tests/training/run-camera-figures.ts [CACHE]`: how many windows of attacked simulated drives the camera checks
 * catch without a motion sensor, and how many honest ones they would; rendered drives are kept in CACHE.
 */
async function run(cache: string | null): Promise<void> {
  const drives = drivesOf(cache);
  const honest = new Map<string, Found[]>();
  const attacked = new Map<string, Found[]>();
  for (const [n, drive] of drives.entries()) {
    const weather = drive.name.split('-').at(-1)!;
    for (const [name, attack] of Object.entries(PICTURE_ATTACKS)) {
      const into = name === 'identity' ? honest : attacked;
      const key = name === 'identity' ? weather : name;
      into.set(key, [...(into.get(key) ?? []), ...(await windowsOf(attack(drive, drives[(n + 1) % CLEAR_DRIVES]!, n)))]);
    }
  }
  const pooled = [...honest.values()].flat().map((found) => strongest(found)).toSorted((a, b) => b - a);
  const threshold = pooled[Math.floor(pooled.length / 100)]!;
  console.log(`${pooled.length} honest windows; 1 % of them reach ${threshold.toFixed(3)} of a limit, ${share(pooled.filter((value) => value > 1).length, pooled.length)} are over one`);
  for (const [rows, title] of [[honest, 'honest'], [attacked, 'attacked']] as const) {
    for (const [name, windows] of rows) {
      const of = (test: (found: Found) => boolean): string => share(windows.filter(test).length, windows.length);
      const each = [...WITHOUT_IMU, 'camera-gyro'].map((check) => `${check.slice(7)} ${of((found) => (found[check] ?? 0) > 1)} of ${of((found) => found[check] !== undefined)}`).join(', ');
      console.log(`${title} ${name}: ${windows.length} windows, at 1 % FPR ${of((found) => strongest(found) > threshold)}, over a limit ${of((found) => strongest(found) > 1)} (${each})`);
    }
  }
}

function share(count: number, of: number): string {
  return `${((100 * count) / Math.max(1, of)).toFixed(1)} %`;
}

function strongest(found: Found): number {
  return Math.max(0, ...Object.entries(found).flatMap(([name, value]) => (WITHOUT_IMU.has(name) ? [value] : [])));
}

async function windowsOf(drive: Drive): Promise<readonly Found[]> {
  const sketched = sketchDrive(drive, RECIPE);
  const motions = await alignPairs(sketched);
  return sketched.sketched.flatMap(({ sketch }, n) => {
    if (sketch === null || sketch.camera === null) return [];
    const windows = measure(sketch, RECIPE.validate, pairChecks(movedPairs(sketch.camera, motions[n]!)));
    return windows.map(({ measured }): Found => Object.fromEntries(measured.flatMap(({ check, measurement }) => (check.name.startsWith('camera-') ? [[check.name, severity(measurement)]] : []))));
  });
}

function drivesOf(cache: string | null): readonly Drive[] {
  const file = cache === null ? null : join(cache, 'drives.v8');
  if (file !== null && existsSync(file)) return deserialize(readFileSync(file)) as readonly Drive[];
  const hard: readonly Weather[] = ['fog', 'night', 'rear', 'jam'];
  const drives = [
    ...Array.from({ length: CLEAR_DRIVES }, (_, n) => cameraDrive({ seed: FIRST_SEED + n, lengthM: 2400 })),
    ...hard.flatMap((weather, row) => Array.from({ length: OF_EACH_WEATHER }, (_, n) => cameraDrive({ seed: FIRST_SEED + 100 + 10 * row + n, lengthM: weather === 'jam' ? 700 : 1500, weather }))),
  ];
  if (file !== null) writeFileSync(file, serialize(drives));
  return drives;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(process.argv[2] ?? null);
