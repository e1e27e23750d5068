import { type Camera, type RawImage, renderFrame } from '../../fixtures/camera.ts';
import { makeRandom, type Random } from '../../fixtures/random.ts';
import { makeCityBlock } from '../../fixtures/roads.ts';
import { wanderingRoute } from '../../fixtures/route.ts';
import { makeScene } from '../../fixtures/scene.ts';
import { driveRoute, durationS, type Motion, stateAt } from '../../fixtures/vehicle.ts';
import { GREY_HEIGHT, GREY_WIDTH } from '../../shared/model/drive.ts';

/** A rendered picture with where it was taken from; metres about the scene's origin. */
export interface PosedGrey {
  readonly sequence: number;
  readonly eM: number;
  readonly nM: number;
  /** Where the camera looks, clockwise from north; not where the car goes. */
  readonly headingDeg: number;
  readonly fovDeg: number;
  readonly grey: Uint8Array;
}

const CENTRE = { latDeg: 48.2125, lonDeg: 11.606 };
const SEQUENCES_PER_SCENE = 6;
const PICTURES_PER_SEQUENCE = 100;
const SPACING_M = 2;
const WIDTH_PX = 256;
/** Most cameras are wide; the square and upright ones are phones and crops. */
const HEIGHTS_PX = [144, 144, 144, 192, 192, 256];

/** One sequence after the other of every scene: a car with a camera that looks ahead, or back, or aside. */
export function* posedGreys(scenes: number, seed: number): Generator<PosedGrey> {
  for (let n = 0; n < scenes; n += 1) {
    const network = makeCityBlock({ seed: seed + n, centre: CENTRE, columns: 7, rows: 6 });
    const scene = makeScene(network);
    for (let of = 0; of < SEQUENCES_PER_SCENE; of += 1) {
      const random = makeRandom(seed + n, `sequence ${of}`);
      const route = wanderingRoute(network, { seed: seed + 1000 * of + n, lengthM: 2 * SPACING_M * PICTURES_PER_SEQUENCE });
      const motion = driveRoute({ seed: seed + 1000 * of + n, origin: CENTRE, route, startAtS: 0 });
      const camera = drawnCamera(random);
      const asideDeg = random.chance(0.8) ? random.normal(3) : random.chance(0.4) ? 180 + random.normal(3) : random.uniform(20, 340);
      for (const tS of shutterTimes(motion, random.uniform(0, SPACING_M * PICTURES_PER_SEQUENCE))) {
        const { eM, nM, headingDeg } = stateAt(motion, tS);
        const pose = { eM, nM, headingDeg: headingDeg + asideDeg };
        // Every suspension nods a little.
        const shaken = { ...camera, pitchDeg: camera.pitchDeg + random.normal(0.4) };
        yield { sequence: n * SEQUENCES_PER_SCENE + of, ...pose, fovDeg: camera.fovDeg, grey: greyOf(renderFrame(scene, pose, shaken)) };
      }
    }
  }
}

function drawnCamera(random: Random): Camera {
  return {
    width: WIDTH_PX, height: random.pick(HEIGHTS_PX), fovDeg: random.uniform(50, 125), heightM: random.uniform(1, 2.6), pitchDeg: random.uniform(-6, 8),
    exposure: random.uniform(0.8, 1.15), warmth: 0,
  };
}

function shutterTimes(motion: Motion, fromM: number): readonly number[] {
  const times: number[] = [];
  let travelledM = 0;
  for (const [at, speed] of motion.speedMps.entries()) {
    travelledM += speed / motion.rateHz;
    if (travelledM < fromM + times.length * SPACING_M) continue;
    times.push(at / motion.rateHz);
    if (times.length === PICTURES_PER_SEQUENCE || at / motion.rateHz > durationS(motion)) break;
  }
  return times;
}

/** Means over boxes, as Ingest's derivative is but for the filter's lobes; luma of ITU-R BT.601. */
export function greyOf({ width, height, rgb }: RawImage): Uint8Array {
  const sums = new Float64Array(GREY_WIDTH * GREY_HEIGHT);
  const counts = new Float64Array(GREY_WIDTH * GREY_HEIGHT);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const to = Math.floor((y * GREY_HEIGHT) / height) * GREY_WIDTH + Math.floor((x * GREY_WIDTH) / width);
      const from = (y * width + x) * 3;
      sums[to]! += 0.299 * rgb[from]! + 0.587 * rgb[from + 1]! + 0.114 * rgb[from + 2]!;
      counts[to]! += 1;
    }
  }
  return Uint8Array.from(sums, (sum, n) => Math.round(sum / counts[n]!));
}
