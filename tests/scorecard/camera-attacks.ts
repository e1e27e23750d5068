import { makeRandom } from '../../fixtures/random.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { cameraDrive, PICTURE_ATTACKS, WEATHERS } from '../training/camera-drives.ts';
import { type Decision, deviceKind } from './decision.ts';
import type { FoldJudge } from './fold-judge.ts';
import type { Measured } from './measure.ts';
import { scoreDrive } from './score-windows.ts';

/** Rows of the camera without a motion sensor, on simulated scenes; against `CAMERA_HONEST`. */
export const CAMERA_HONEST = 'camera/honest';
export const cameraName = (attack: string): string => `camera/${attack}`;
export const CAMERA_ATTACKS = Object.keys(PICTURE_ATTACKS).map(cameraName);

const LENGTH_M = 1500;
const SLOW_LENGTH_M = 500;
/** Of an attacked drive so many windows are asked: every one of them is forged. */
const ASKED = 3;
const MOST_OVERLAP = 0.5;

/** Drives with pictures and a receiver and nothing else, a third of them in bad light or slow. */
export function cameraDrives(count: number, seed: number): readonly Drive[] {
  return Array.from({ length: count }, (_, n) => {
    const weather = n % 3 === 2 ? WEATHERS[1 + (Math.floor(n / 3) % (WEATHERS.length - 1))]! : 'clear';
    return { ...cameraDrive({ seed: seed + n, weather, lengthM: weather === 'jam' ? SLOW_LENGTH_M : LENGTH_M }), imu: null };
  });
}

/** Every picture attack on every drive, with pictures of the next one where they are somebody else's. */
export async function measureCamera(judge: FoldJudge, drives: readonly Drive[], { seed, done }: { readonly seed: number; readonly done: () => void }): Promise<Measured> {
  const decisions: Decision[] = [];
  for (const [n, drive] of drives.entries()) {
    const ask = async (attack: string, asked: Drive, most: number): Promise<void> => {
      const windows = (await scoreDrive(judge, asked)).parts.flatMap((part) => part.windows).filter(({ fromS, toS }) => toS - fromS >= 64 * MOST_OVERLAP);
      const random = makeRandom(seed + n, attack);
      const chosen = most >= windows.length ? windows : Array.from({ length: most }, () => random.pick(windows));
      decisions.push(...chosen.map((window): Decision => ({ ...window, attack, dropOut: null, drive: drive.name, device: deviceKind(drive), source: 'simulated', fold: null, later: [] })));
      done();
    };
    await ask(CAMERA_HONEST, drive, Infinity);
    for (const [name, forge] of Object.entries(PICTURE_ATTACKS)) await ask(cameraName(name), forge(drive, drives[(n + 1) % drives.length]!, seed + n), ASKED);
  }
  return { decisions, honest: [] };
}
