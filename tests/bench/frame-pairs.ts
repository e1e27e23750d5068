import { simulateDrive } from '../../fixtures/drive.ts';
import { makeCityBlock } from '../../fixtures/roads.ts';
import { wanderingRoute } from '../../fixtures/route.ts';
import type { Drive, Frame } from '../../shared/model/drive.ts';
import { GREY_HEIGHT, GREY_WIDTH } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import type { FrameId, Sha256 } from '../../shared/model/ids.ts';
import { alignPairs } from '../../validate/camera/align-pairs.ts';
import { type SketchedDrive, sketchDrive } from '../../validate/judge.ts';
import { greyOf } from '../training/camera-scenes.ts';
import { medianSeconds, rounded } from './bench.ts';

const FRAMES = 80;
const ROUNDS = 3;

/** Consecutive pictures of a simulated drive laid on each other, as the judge does, against the correlations alone. */
export async function benchFramePairs(): Promise<Readonly<Record<string, number>>> {
  const sketched = sketchDrive(filmed(), RECIPE);
  const pairs = sketched.sketched.reduce((sum, { sketch }) => sum + (sketch?.camera?.pairs.length ?? 0), 0);
  if (pairs === 0) throw new Error('the simulated drive has no pairs of pictures');
  const alignS = await medianSeconds(ROUNDS, () => alignPairs(sketched));
  const floorS = await medianSeconds(ROUNDS, () => correlateBare(sketched));
  return {
    'frame pairs asked': pairs,
    'frame pairs/s, alignment': rounded(pairs / alignS),
    'frame pairs/s, bare correlation': rounded(pairs / floorS),
    'frame pairs, ours / floor': rounded(floorS / alignS),
  };
}

/** Ahead and back: six advances at 37 turns of the pictures at half size, then 45 small changes of the best at full size. */
const WAYS = 2;
const COARSE = { advances: 6, shifts: 18, width: GREY_WIDTH / 2, height: GREY_HEIGHT / 2 };
const FINE = { motions: 45, width: GREY_WIDTH, height: GREY_HEIGHT };

/** The same number of pixels compared, straight through the memory: nothing is looked up, levelled or chosen. */
function correlateBare({ sketched }: SketchedDrive): number {
  let sum = 0;
  for (const { sketch } of sketched) {
    for (const { first, second } of sketch?.camera?.pairs ?? []) {
      const [one, other] = [Float32Array.from(first.grey), Float32Array.from(second.grey)];
      for (let n = 0; n < WAYS * COARSE.advances; n += 1) {
        for (let shift = -COARSE.shifts; shift <= COARSE.shifts; shift += 1) sum += correlation(one, other, (COARSE.width - Math.abs(shift)) * COARSE.height);
      }
      for (let n = 0; n < WAYS * FINE.motions; n += 1) sum += correlation(one, other, FINE.width * FINE.height);
    }
  }
  return sum;
}

function correlation(one: Float32Array, other: Float32Array, count: number): number {
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let n = 0; n < count; n += 1) {
    const [a, b] = [one[n]!, other[n]!];
    sumA += a;
    sumB += b;
    sumAA += a * a;
    sumBB += b * b;
    sumAB += a * b;
  }
  return (sumAB - (sumA * sumB) / count) / Math.sqrt(Math.max(1e-9, (sumAA - (sumA * sumA) / count) * (sumBB - (sumB * sumB) / count)));
}

function filmed(): Drive {
  const network = makeCityBlock({ seed: 3, centre: { latDeg: 48.2, lonDeg: 11.6 } });
  const drive = simulateDrive({ seed: 5, network, route: wanderingRoute(network, { seed: 5, lengthM: FRAMES * 9 }), startAtS: 1_780_000_000, name: 'bench', size: { width: 256, height: 144 } });
  const frames = drive.frames.slice(0, FRAMES).map((frame): Frame => ({
    id: frame.path as FrameId, path: frame.path, capturedAt: frame.tS, timeSource: 'gps', positionSource: 'track', latDeg: frame.latDeg, lonDeg: frame.lonDeg, altM: null,
    headingDeg: null, speedMps: null, haccM: null, sequence: 0, grey: greyOf(frame.render()),
  }));
  return { name: 'bench', device: { make: null, model: null, serial: null }, gnss: drive.gnss, imu: drive.imu, frames, refusedRows: [], inputSha256: '0'.repeat(64) as Sha256 };
}
