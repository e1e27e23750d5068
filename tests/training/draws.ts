import type { Random } from '../../fixtures/random.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { severity } from '../../shared/model/verdict.ts';
import { fillWindow, NET_CHANNELS, NET_SECONDS, netColumns, netWindows } from '../../validate/net-input.ts';
import { type Sketch, sketchOf } from '../../validate/sketch.ts';
import { measure } from '../../validate/windows.ts';
import { ATTACKS, asDrive, excerpt, type Loot, type Sensed } from './attacked.ts';
import { type Journey, UNFIT_TO_ATTACK } from './journeys.ts';

/** One window for the net: its input, whence it is, and what the rules measured in it. */
export interface Sample {
  readonly input: Float32Array;
  /** `honest`, or the attack's name. */
  readonly kind: string;
  readonly journey: number;
  /** Windows of one excerpt are nearly the same: figures count one of them. */
  readonly excerpt: number;
  readonly drivingS: number;
  readonly severities: Readonly<Record<string, number>>;
}

/** An excerpt holds the window and what the mounting is judged from, to either side. */
const REACH_S = 160;
const DRIVING_MPS = 3;
/** Of the windows of an excerpt only so many are kept: their neighbours are nearly the same. */
const KEPT = 1;
export const DONOR_S = 240;
export const REST_S = 15;

export interface Drawing {
  readonly journeys: readonly Journey[];
  readonly random: Random;
  /** Excerpts of each kind for each minute of driving. */
  readonly perMinute: number;
}

/** Honest and attacked windows of every journey. The forger's loot is from drives of the same fold, so that no fold sees another's. */
export function* draw({ journeys, random, perMinute }: Drawing): Generator<Sample> {
  const sketches = journeys.map(({ drive }) => sketchOf(drive, RECIPE.validate));
  const driven = sketches.map((sketch) => (sketch === null ? [] : drivenSeconds(sketch)));
  for (const [journey, { drive, source, fold }] of journeys.entries()) {
    const seconds = driven[journey]!;
    const sketch = sketches[journey]!;
    if (seconds.length === 0 || UNFIT_TO_ATTACK.includes(drive.name)) continue;
    const mates = journeys.flatMap((other, n) => (n !== journey && other.fold === fold && other.source === source && driven[n]!.length > DONOR_S && !UNFIT_TO_ATTACK.includes(other.drive.name) ? [n] : []));
    const rests = restsOf(sketch);
    const draws = Math.max(4, Math.round((seconds.length / 60) * perMinute));
    for (let n = 0; n < draws; n += 1) {
      const placed = (): number => sketch.startS + random.pick(seconds);
      for (let again = 0; again < 3; again += 1) yield* windowsOf(excerptAt(drive, placed()), { journey, drive, random, kind: 'honest', isTaken: () => true });
      for (const [kind, { needsImu, make }] of Object.entries(ATTACKS)) {
        if (needsImu && drive.imu === null) continue;
        const atS = placed();
        const own = excerptAt(drive, atS);
        const other = random.pick(mates.length === 0 ? [journey] : mates);
        const made = make(own, atS - 16, random, lootOf({ drive, rests, sketch, random }, { drive: journeys[other]!.drive, sketch: sketches[other]!, seconds: driven[other]! }));
        if (made !== null) yield* windowsOf(made.drive, { journey, drive, random, kind, isTaken: made.spans });
      }
    }
  }
}

function excerptAt(drive: Drive, atS: number): Sensed {
  return excerpt(drive, atS - REACH_S, atS + REACH_S);
}

/** Seconds of driving that are far from the drive's ends. */
export function drivenSeconds({ positionMps, gapS }: Sketch): readonly number[] {
  return Array.from(positionMps, (speed, k) => (speed >= DRIVING_MPS && gapS[k]! <= 5 ? k : -1)).filter((k) => k > REACH_S && k < positionMps.length - REACH_S);
}

/** Starts of stretches in which the receiver reports that it stands. */
export function restsOf({ reportedMps }: Sketch): readonly number[] {
  const starts: number[] = [];
  let still = 0;
  for (let k = 0; k < reportedMps.length; k += 1) {
    still = reportedMps[k]! < 0.3 ? still + 1 : 0;
    if (still >= REST_S) starts.push(k - REST_S + 1);
  }
  return starts;
}

interface Own {
  readonly drive: Drive;
  readonly sketch: Sketch;
  readonly rests: readonly number[];
  readonly random: Random;
}

function lootOf({ drive, sketch, rests, random }: Own, other: { readonly drive: Drive; readonly sketch: Sketch; readonly seconds: readonly number[] }): Loot {
  const donorFromS = other.sketch.startS + random.pick(other.seconds);
  const donor = excerpt({ gnss: other.drive.gnss, imu: null }, donorFromS, donorFromS + DONOR_S).gnss;
  if (rests.length === 0) return { donor, restSamples: null, restFixes: [] };
  const restS = sketch.startS + random.pick(rests);
  const rest = excerpt(drive, restS, restS + REST_S);
  return { donor, restFixes: rest.gnss, restSamples: rest.imu === null || rest.imu.tS.length < REST_S ? null : rest.imu };
}

interface Taking {
  readonly journey: number;
  readonly drive: Drive;
  readonly random: Random;
  readonly kind: string;
  readonly isTaken: (fromS: number, toS: number) => boolean;
}

function* windowsOf(sensed: Sensed, { journey, drive, random, kind, isTaken }: Taking): Generator<Sample> {
  const sketch = sketchOf(asDrive(sensed, drive), RECIPE.validate);
  if (sketch === null) return;
  const columns = netColumns(sketch);
  const measured = measure(sketch, RECIPE.validate);
  const taken = netWindows(sketch, RECIPE.validate).filter(({ window: { fromS, toS } }) => toS - fromS > RECIPE.validate.windowS / 2 && isTaken(sketch.startS + fromS, sketch.startS + toS));
  const drawn = random.below(2 ** 31);
  for (const { n, window } of shuffled(taken, random).slice(0, KEPT)) {
    const input = new Float32Array(NET_CHANNELS * NET_SECONDS);
    fillWindow(input, 0, columns, window);
    const { drivingS, measured: checks } = measured[n]!;
    yield { input, kind, journey, excerpt: drawn, drivingS, severities: Object.fromEntries(checks.map(({ check, measurement }) => [check.name, severity(measurement)])) };
  }
}

function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items.map((item) => ({ item, key: random.uniform() })).toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}
