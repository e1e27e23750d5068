import type { Random } from '../../fixtures/random.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { type Sketch, sketchOf } from '../../validate/sketch.ts';
import { drivingSeconds } from '../../validate/windows.ts';
import { excerpt, type Sensed } from '../training/attacked.ts';
import { INTO_WINDOW_S, type Target } from './attacks.ts';

/** A drive with what is known of it before anybody forges: where it drives, where it rests. */
export interface Ground {
  readonly drive: Drive;
  readonly sketch: Sketch;
  /** Seconds of the sketch in which an attack may begin. */
  readonly onsets: readonly number[];
  /** Whether each second is driven, as the recipe counts it. */
  readonly driving: readonly boolean[];
  readonly rests: readonly number[];
}

const { strideS } = RECIPE.validate;
/** As far as a judge may look back from a window, in strides: the stretch begins so that one window begins `INTO_WINDOW_S` before the onset. */
const STRIDES_BEFORE = 12;
/** A slide is also judged after 180 s; the rest is for those who look ahead. */
const AFTER_S = 250;
/** An onset leaves this much of the drive for a window that holds half of the attack. */
const LEFT_S = 33;
const PLACED_MPS = 3;
/** A stretch, and the way before it: a foreign motion sensor goes under all of it. */
const DONOR_S = 480;
const REST_S = 15;

/** Null where the drive has no usable position. */
export function groundOf(drive: Drive): Ground | null {
  const sketch = sketchOf(drive, RECIPE.validate);
  if (sketch === null) return null;
  const { positionMps, gapS } = sketch;
  const onsets = Array.from(positionMps, (speed, k) => (speed >= PLACED_MPS && gapS[k]! <= 5 ? k : -1)).filter((k) => k > INTO_WINDOW_S && k < positionMps.length - LEFT_S);
  return { drive, sketch, onsets, driving: drivingSeconds(sketch, RECIPE.validate), rests: restsOf(sketch) };
}

/** The stretch around an onset; the grid of windows begins with its first fix. */
export function stretchAround({ drive, sketch }: Ground, onsetS: number): Sensed {
  const before = Math.min(STRIDES_BEFORE, Math.floor((onsetS - INTO_WINDOW_S - sketch.startS) / strideS));
  return excerpt(drive, onsetS - INTO_WINDOW_S - before * strideS - 0.001, onsetS + AFTER_S);
}

/** Seconds of `[fromS, toS)` that were truly driven. */
export function drivenWithin({ sketch, driving }: Ground, fromS: number, toS: number): number {
  return driving.slice(Math.max(0, Math.round(fromS - sketch.startS)), Math.max(0, Math.round(toS - sketch.startS))).filter(Boolean).length;
}

/** Another stretch of driving, and the own sensors at rest. */
export function lootFrom(own: Ground, donor: Ground, random: Random): Target['loot'] {
  const fromS = donor.sketch.startS + random.pick(donor.onsets);
  const { gnss: log, imu: donorImu } = excerpt(donor.drive, fromS, fromS + DONOR_S);
  if (own.rests.length === 0) return { donor: log, donorImu, restSamples: null, restFixes: [] };
  const restS = own.sketch.startS + random.pick(own.rests);
  const rest = excerpt(own.drive, restS, restS + REST_S);
  return { donor: log, donorImu, restFixes: rest.gnss, restSamples: rest.imu === null || rest.imu.tS.length < REST_S ? null : rest.imu };
}

/** Starts of stretches in which the receiver reports that it stands. */
function restsOf({ reportedMps }: Sketch): readonly number[] {
  const starts: number[] = [];
  let still = 0;
  for (let k = 0; k < reportedMps.length; k += 1) {
    still = reportedMps[k]! < 0.3 ? still + 1 : 0;
    if (still >= REST_S) starts.push(k - REST_S + 1);
  }
  return starts;
}
