import { renderFrame } from '../../../fixtures/camera.ts';
import { makeRandom } from '../../../fixtures/random.ts';
import { makeCityBlock } from '../../../fixtures/roads.ts';
import { makeScene, type Scene } from '../../../fixtures/scene.ts';
import { greyOf } from '../../training/camera-scenes.ts';

const NETWORK = makeCityBlock({ seed: 77, centre: { latDeg: 48.2, lonDeg: 11.6 } });
let scene: Scene | null = null;

/** What a dashcam sees from `alongM` metres along the first street, turned by so much from its direction. */
export function viewAlong(alongM: number, turnedDeg = 0): Uint8Array {
  scene ??= makeScene(NETWORK);
  const { from, to } = NETWORK.edges[0]!;
  const [a, b] = [NETWORK.nodes[from]!, NETWORK.nodes[to]!];
  const heading = Math.atan2(b.eM - a.eM, b.nM - a.nM);
  const pose = { eM: a.eM + (alongM + 15) * Math.sin(heading), nM: a.nM + (alongM + 15) * Math.cos(heading), headingDeg: (heading * 180) / Math.PI + turnedDeg };
  return greyOf(renderFrame(scene, pose, { width: 256, height: 144 }));
}

/** The same view once more: brighter or darker, and with a sensor's and an encoder's noise. */
export function again(grey: Uint8Array, seed: number, { gain = 1, noise = 1.5 } = {}): Uint8Array {
  const random = makeRandom(seed, 'again');
  return grey.map((value) => Math.min(255, Math.max(0, Math.round(gain * value + random.normal(noise)))));
}
