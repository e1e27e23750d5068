import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
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
import { fillWindow, NET_CHANNELS, NET_SECONDS, netColumns, netWindows } from '../../validate/net-input.ts';
import { openSession } from '../../validate/onnx.ts';
import type { ProviderChoice } from '../../validate/provider.ts';
import { sketchOf } from '../../validate/sketch.ts';
import { type Bench, medianSeconds, rounded } from './bench.ts';
import { benchFramePairs } from './frame-pairs.ts';

interface DriveBytes {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array; readonly sha256: string }[];
}

const ROUNDS = 3;
/** A batch, as the judge makes them, and how many: enough windows that the start does not count. */
const BATCH = 64;
const BATCHES = 160;

/**
 * The inference stage (tensors in memory, through the net's thread) against the bare session in a loop over the same
 * tensors; beside it, simulated drives and the real ones where WAYPROOF_DATA names them, from drive to verdict, and pairs of pictures.
 */
export async function benchJudge(choice: ProviderChoice): Promise<Bench> {
  const all = [...simulated(), ...real()];
  const drives = all.map(drivesOf);
  const model = await readModel(OWN_MODEL);
  const net = await openNet(model, { choice });
  try {
    const batches = batchesOf(drives);
    const bare = await openSession({ weights: model.weights, choice: net.provider, shape: [NET_CHANNELS, NET_SECONDS] });
    const bareS = await medianSeconds(ROUNDS, async () => {
      for (const batch of batches) await bare.run(batch, BATCH);
    });
    await bare.close();
    const stageS = await medianSeconds(ROUNDS, () => Promise.all(batches.map((batch) => net.ask(batch, BATCH))));
    const windows = await judgeAll(net, drives);
    const judgeS = await medianSeconds(ROUNDS, () => judgeAll(net, drives));
    const parseS = await medianSeconds(ROUNDS, () => all.forEach(({ files }) => readSensors(files, RECIPE.ingest)));
    return {
      on: { provider: net.provider, card: net.provider === 'cpu' ? (cpus()[0]?.model ?? 'unknown') : graphicsCard() },
      figures: {
        'windows/s, inference stage': rounded((BATCH * BATCHES) / stageS),
        'windows/s, bare session': rounded((BATCH * BATCHES) / bareS),
        'windows asked': BATCH * BATCHES,
        'drives judged': all.length,
        'windows/s, drive to verdict': rounded(windows / judgeS),
        'windows/s, CSV parsed': rounded(windows / parseS),
        ...(await benchFramePairs()),
      },
      ratio: rounded(bareS / stageS),
    };
  } finally {
    await net.close();
  }
}

/** Windows of the drives, over and over, as batches of tensors. */
function batchesOf(drives: readonly Drive[]): readonly Float32Array[] {
  const size = NET_CHANNELS * NET_SECONDS;
  const inputs = drives.flatMap((drive) => {
    const sketch = sketchOf(drive, RECIPE.validate);
    if (sketch === null) return [];
    const columns = netColumns(sketch);
    return netWindows(sketch, RECIPE.validate).map(({ window }) => {
      const input = new Float32Array(size);
      fillWindow(input, 0, columns, window);
      return input;
    });
  });
  return Array.from({ length: BATCHES }, (_, batch) => {
    const tensor = new Float32Array(BATCH * size);
    for (let n = 0; n < BATCH; n += 1) tensor.set(inputs[(batch * BATCH + n) % inputs.length]!, n * size);
    return tensor;
  });
}

/** As its driver names it; WebGPU's own name of the adapter is not handed out by the runtime. */
function graphicsCard(): string {
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { encoding: 'utf8' });
  const software = process.env['VK_ICD_FILENAMES'];
  return status === 0 ? stdout.trim().split('\n')[0]! : software === undefined ? 'unknown' : `Vulkan driver ${basename(software)}`;
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
