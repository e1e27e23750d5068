import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toDriveFiles } from '../../fixtures/drive-folder.ts';
import { simulateDrive } from '../../fixtures/drive.ts';
import { makeCityBlock } from '../../fixtures/roads.ts';
import { wanderingRoute } from '../../fixtures/route.ts';
import { readSensors } from '../../ingest/importers/drive-folder.ts';
import { driveOf, inputSha256, readDrive } from '../../ingest/read-drive.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { judgeWithNet } from '../../validate/judge-with-net.ts';
import { OWN_MODEL, readModel } from '../../validate/model-file.ts';
import { type Net, openNet } from '../../validate/net.ts';
import { type Bench, medianSeconds, rounded } from './bench.ts';

interface DriveBytes {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array; readonly sha256: string }[];
}

const ROUNDS = 3;

/** Simulated drives, and the real ones where WAYPROOF_DATA names them, judged as the server judges them: rules on one thread, the net on another. */
export async function benchJudge(): Promise<Bench> {
  const all = [...simulated(), ...real()];
  const drives = all.map(drivesOf);
  const net = await openNet(await readModel(OWN_MODEL), { choice: 'cpu' });
  try {
    const windows = await judgeAll(net, drives);
    const parseS = await medianSeconds(ROUNDS, () => all.forEach(({ files }) => readSensors(files, RECIPE.ingest)));
    const judgeS = await medianSeconds(ROUNDS, () => judgeAll(net, drives));
    return {
      figures: { drives: all.length, windows, 'windows/s, judged': rounded(windows / judgeS), 'windows/s, CSV parsed': rounded(windows / parseS) },
      ratio: rounded(parseS / judgeS),
    };
  } finally {
    await net.close();
  }
}

async function judgeAll(net: Net, drives: readonly Drive[]): Promise<number> {
  let windows = 0;
  for (const drive of drives) windows += (await judgeWithNet(net, drive, RECIPE)).windows.length;
  return windows;
}

function drivesOf({ name, files }: DriveBytes): Drive {
  const sensors = readSensors(files, RECIPE.ingest);
  const read = readDrive({ sensors, pictures: [], times: { asserted: null, cameraOffsetS: null }, rules: RECIPE.ingest });
  return driveOf(read, sensors, { name, inputSha256: inputSha256(files) });
}

function simulated(): readonly DriveBytes[] {
  const network = makeCityBlock({ seed: 3, centre: { latDeg: 48.2, lonDeg: 11.6 } });
  return [1, 2].map((seed) => {
    const drive = simulateDrive({ seed, network, route: wanderingRoute(network, { seed, lengthM: 6000 }), startAtS: 1_780_000_000, name: `bench-${seed}` });
    return { name: `bench-${seed}`, files: toDriveFiles({ ...drive, frames: [] }).map(({ path, text }) => hashed(path, Buffer.from(text))) };
  });
}

function real(): readonly DriveBytes[] {
  const folder = join(process.env['WAYPROOF_DATA'] ?? '', 'drives');
  if (process.env['WAYPROOF_DATA'] === undefined || !existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'drive.json'))).toSorted();
  return names.map((name) => ({ name, files: readdirSync(join(folder, name)).map((path) => hashed(path, readFileSync(join(folder, name, path)))) }));
}

function hashed(path: string, bytes: Buffer): DriveBytes['files'][number] {
  return { path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
