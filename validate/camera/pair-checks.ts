import { cameraAhead } from '../checks/camera-ahead.ts';
import { cameraGyro } from '../checks/camera-gyro.ts';
import { cameraPlace } from '../checks/camera-place.ts';
import { cameraTurn } from '../checks/camera-turn.ts';
import type { Check } from '../checks/check.ts';
import type { Alignment } from './alignment.ts';
import type { CameraSketch } from './camera-sketch.ts';
import type { MovedPair } from './turning.ts';

/** The checks that read how pictures follow from one another, in the order of the receipt. */
export function pairChecks(pairs: readonly MovedPair[]): readonly Check[] {
  return [cameraTurn(pairs), cameraGyro(pairs), cameraAhead(pairs), cameraPlace(pairs)];
}

/** Each pair with its motion; throws where there is not one for each, since then somebody mixed up two drives. */
export function movedPairs({ pairs }: CameraSketch, motions: readonly Alignment[]): readonly MovedPair[] {
  if (pairs.length !== motions.length) throw new Error(`${pairs.length} pairs of pictures and ${motions.length} answers about them`);
  return pairs.map((pair, n) => ({ ...pair, motion: motions[n]! }));
}
