import { renderFrame } from '../../fixtures/camera.ts';
import { sceneOnce, simulateDrive } from '../../fixtures/drive.ts';
import { makeRandom, type Random } from '../../fixtures/random.ts';
import { makeCityBlock } from '../../fixtures/roads.ts';
import { wanderingRoute } from '../../fixtures/route.ts';
import { trackAt } from '../../fixtures/track.ts';
import type { Drive, Frame } from '../../shared/model/drive.ts';
import { distanceM } from '../../shared/model/geo.ts';
import type { Sha256 } from '../../shared/model/ids.ts';
import { greyOf } from './camera-scenes.ts';

const CENTRE = { latDeg: 48.2125, lonDeg: 11.606 };
const START_S = 1_780_000_000;
const SIZE = { width: 256, height: 144 };
/** Within so much Ingest takes a picture for a near copy. */
const NEAR_COPY_M = 1;

/** How a drive's pictures look, beside where they were taken. */
export const WEATHERS = ['clear', 'fog', 'night', 'rear', 'jam'] as const;
export type Weather = (typeof WEATHERS)[number];

export interface CameraDriveOptions {
  readonly seed: number;
  readonly lengthM: number;
  readonly weather?: Weather;
  readonly spacingM?: number;
}

/** A simulated drive with a receiver, a motion sensor and rendered pictures; everything is drawn from the seed. */
export function cameraDrive({ seed, lengthM, weather = 'clear', spacingM }: CameraDriveOptions): Drive {
  const random = makeRandom(seed, 'camera drive');
  const network = makeCityBlock({ seed, centre: CENTRE, columns: 8, rows: 7 });
  const scene = sceneOnce(network);
  const made = simulateDrive({
    seed, network, scene, size: SIZE, startAtS: START_S + (seed % 1000) * 10_000, name: `camera-${seed}-${weather}`,
    route: wanderingRoute(network, { seed, lengthM }), frameSpacingM: spacingM ?? random.pick([3, 5, 8, 8, 12, 16]),
    cruiseMps: weather === 'jam' ? random.uniform(2.5, 4) : random.uniform(8, 16),
  });
  const lens = { fovDeg: random.uniform(60, 115), pitchDeg: random.uniform(-3, 5) };
  const light = lightOf(weather, random);
  const frames = made.frames.map(({ path, tS, shot, latDeg, lonDeg, altM, headingDeg }, n): Frame => {
    const pose = weather === 'rear' ? { ...shot.pose, headingDeg: shot.pose.headingDeg + 180 } : shot.pose;
    const grey = lit(greyOf(renderFrame(scene(), pose, { ...shot.camera, ...lens })), light, random);
    return {
      id: `${seed}`.padStart(32, '0').concat(`${n}`.padStart(32, '0')) as Sha256, path, capturedAt: tS, timeSource: 'track', positionSource: 'frames.csv',
      latDeg, lonDeg, altM, headingDeg, speedMps: null, haccM: null, sequence: 0, grey,
    };
  });
  return {
    name: made.driveJson.id, device: { make: 'Wayproof', model: 'Simulator', serial: null }, gnss: made.gnss, imu: made.imu, frames, refusedRows: [],
    inputSha256: seed.toString(16).padStart(64, '0') as Sha256,
  };
}

interface Light {
  readonly gain: number;
  readonly veil: number;
  readonly noise: number;
}

function lightOf(weather: Weather, random: Random): Light {
  if (weather === 'fog') return { gain: 1, veil: random.uniform(0.5, 0.8), noise: 1.5 };
  if (weather === 'night') return { gain: random.uniform(0.1, 0.25), veil: 0, noise: 3 };
  return { gain: random.uniform(0.8, 1.1), veil: 0, noise: 1 };
}

function lit(grey: Uint8Array, { gain, veil, noise }: Light, random: Random): Uint8Array {
  const exposure = gain * Math.exp(random.normal(0.03));
  return grey.map((value) => Math.min(255, Math.max(0, Math.round(exposure * (value * (1 - veil) + 170 * veil) + random.normal(noise)))));
}

/** What can be done to the pictures of a drive without touching its sensors; `other` is a drive of somebody else. */
export const PICTURE_ATTACKS: Readonly<Record<string, (drive: Drive, other: Drive, seed: number) => Drive>> = {
  identity: (drive) => drive,
  static: (drive, _, seed) => {
    const random = makeRandom(seed, 'static');
    const still = drive.frames[drive.frames.length >> 1]!.grey!;
    return withPictures(drive, () => lit(still, { gain: 1, veil: 0, noise: 1.5 }, random));
  },
  shuffled: (drive, _, seed) => {
    const random = makeRandom(seed, 'shuffled');
    const order = drive.frames.map((_, n) => ({ n, key: random.uniform() })).toSorted((a, b) => a.key - b.key);
    return withPictures(drive, (n) => drive.frames[order[n]!.n]!.grey!);
  },
  swapped: (drive, other) => withPictures(drive, (n) => other.frames[n % other.frames.length]!.grey!),
  mirrored: (drive) => withPictures(drive, (n) => mirrored(drive.frames[n]!.grey!)),
  reversed: (drive) => withPictures(drive, (n) => drive.frames.at(-1 - n)!.grey!),
  'foreign-track': (drive, other) => {
    const laterS = drive.frames[0]!.capturedAt - other.frames[0]!.capturedAt;
    const endS = drive.gnss.at(-1)!.tS;
    const frames = other.frames.filter(({ capturedAt }) => capturedAt + laterS <= endS).map((frame): Frame => ({ ...frame, capturedAt: frame.capturedAt + laterS, ...trackAt(drive.gnss, frame.capturedAt + laterS) }));
    return { ...drive, frames: withoutNearCopies(frames) };
  },
};

function withPictures(drive: Drive, grey: (n: number) => Uint8Array): Drive {
  return { ...drive, frames: drive.frames.map((frame, n) => ({ ...frame, grey: grey(n) })) };
}

export function mirrored(grey: Uint8Array): Uint8Array {
  return grey.map((_, at) => grey[at - (at % 64) + 63 - (at % 64)]!);
}

function withoutNearCopies(frames: readonly Frame[]): readonly Frame[] {
  const kept: Frame[] = [];
  for (const frame of frames) if (kept.length === 0 || distanceM(kept.at(-1)!, frame) >= NEAR_COPY_M) kept.push(frame);
  return kept;
}
