import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { readSensors } from '../../ingest/importers/drive-folder.ts';
import { distanceM } from '../../shared/model/geo.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { dataPath, testOnData } from './data.ts';

testOnData('all 21 real drives are read: rows in = fixes + refused, in order, at the rate that drive.json states', async () => {
  const names = await readdir(dataPath('drives'));
  expect(names).toHaveLength(21);
  for (const name of names) {
    const files = await Promise.all((await readdir(dataPath('drives', name))).filter((file) => file !== 'SOURCES').map(async (path) => ({ path, bytes: await readFile(dataPath('drives', name, path)) })));
    const { gnss, imu, refused, refusedCount } = readSensors(files, RECIPE.ingest);
    const rowsIn = (sensor: string) => {
      const file = files.find(({ path }) => path === `${sensor}.csv.gz`);
      return file === undefined ? 0 : gunzipSync(file.bytes).toString().trim().split('\n').length - 1;
    };
    expect(gnss.length + (imu?.tS.length ?? 0) + refusedCount, name).toBe(rowsIn('gnss') + rowsIn('imu'));
    // Honest recorders: nearly every row is good, and what is not is said.
    expect(refusedCount, `${name} ${JSON.stringify(refused[0])}`).toBeLessThan(0.02 * (rowsIn('gnss') + rowsIn('imu')) + 1);
    expect(gnss.length, name).toBeGreaterThan(50);
    const json = JSON.parse(files.find(({ path }) => path === 'drive.json')!.bytes.toString()) as { gnss?: { rate_hz?: number }; imu?: { rate_hz?: number; averaged?: boolean } };
    const spans = gnss.slice(1).map(({ tS }, index) => tS - gnss[index]!.tS).toSorted((a, b) => a - b);
    if (json.gnss?.rate_hz !== undefined) expect(1 / spans[spans.length >> 1]! / json.gnss.rate_hz, name).toBeGreaterThan(0.15);
    expect(imu === null, name).toBe(rowsIn('imu') === 0);
    if (imu !== null) {
      expect(imu.averaged, name).toBe(json.imu?.averaged ?? false);
      const first = imu.tS[0]!;
      expect(Math.abs(first - gnss[0]!.tS), name).toBeLessThan(3600);
    }
    expect(distanceM(gnss[0]!, gnss.at(-1)!), name).toBeLessThan(500_000);
  }
}, 120_000);
