import type { Random } from '../../fixtures/random.ts';
import type { Drive, ImuSeries } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { coveredShare } from '../../validate/checks/coverage.ts';
import { fillWindow, NET_CHANNELS, NET_SECONDS, netColumns } from '../../validate/net-input.ts';
import { type Sketch, sketchOf } from '../../validate/sketch.ts';
import { asDrive, excerpt, type Sensed } from './attacked.ts';
import { asOtherDevice, otherReceiver } from './devices.ts';
import { DONOR_S, type Drawing, drivenSeconds, REST_S, restsOf, type Sample } from './draws.ts';
import { type Journey, UNFIT_TO_ATTACK } from './journeys.ts';
import { WIDE_ATTACKS } from './wide.ts';

/** What the columns are made from reaches this far beyond a window. */
const REACH_S = 150;
/** How often a recording begins or ends near the window, and how often an attack began before anything that is seen. */
const CUT = 0.3;
const WHOLE = 0.25;
/** A window counts as attacked where it holds this much of the attack. */
const OVERLAP_S = 32;
/** Honest windows for each one of an attack. */
const HONEST = 5;
/** How often a recording is left as the device made it. */
const AS_RECORDED = 0.3;

interface Source {
  readonly journey: Journey;
  readonly sketch: Sketch;
  readonly driven: readonly number[];
  readonly rests: readonly number[];
}

/** Windows to learn from: drawn anew each, on other devices, under attacks of every shape (wide.ts). */
export function* drawWide({ journeys, random, perMinute }: Drawing): Generator<Sample> {
  const sources = journeys.map((journey): Source | null => {
    const sketch = sketchOf(journey.drive, RECIPE.validate);
    return sketch === null || UNFIT_TO_ATTACK.includes(journey.drive.name) ? null : { journey, sketch, driven: drivenSeconds(sketch), rests: restsOf(sketch) };
  });
  for (const [n, source] of sources.entries()) {
    if (source === null || source.driven.length === 0) continue;
    const mates = sources.flatMap((other) => (other !== null && other !== source && other.journey.fold === source.journey.fold && other.journey.source === source.journey.source && other.driven.length > DONOR_S ? [other] : []));
    const draws = Math.max(4, Math.round((source.driven.length / 60) * perMinute));
    for (let draw = 0; draw < draws; draw += 1) {
      for (let again = 0; again < HONEST; again += 1) yield* sampleOf(source, { kind: 'honest', journey: n, random, mates });
      for (const [kind, { needsImu }] of Object.entries(WIDE_ATTACKS)) if (!needsImu || source.journey.drive.imu !== null) yield* sampleOf(source, { kind, journey: n, random, mates });
    }
  }
}

interface Wanted {
  readonly kind: string;
  readonly journey: number;
  readonly random: Random;
  readonly mates: readonly Source[];
}

function* sampleOf(source: Source, { kind, journey, random, mates }: Wanted): Generator<Sample> {
  const { drive } = source.journey;
  const { windowS } = RECIPE.validate;
  const fromS = source.sketch.startS + random.pick(source.driven) - random.uniform(0, windowS);
  const [left, right] = [0, 0].map(() => (random.chance(CUT) ? random.uniform(0, REACH_S) : REACH_S)) as [number, number];
  const recorded = excerpt(drive, fromS - left, fromS + windowS + right);
  const own = random.chance(AS_RECORDED) ? recorded : asOtherDevice(recorded, random);
  const made = kind === 'honest' ? own : attacked(own, source, { kind, fromS, random, mates });
  if (made === null || made === own && kind !== 'honest') return;
  const sketch = sketchOf(asDrive(made, drive), RECIPE.validate);
  if (sketch === null) return;
  const window = { fromS: Math.max(0, Math.round(fromS - sketch.startS)), toS: Math.min(sketch.lengthS, Math.round(fromS - sketch.startS) + windowS) };
  if (window.toS - window.fromS < windowS / 2 || coveredShare(sketch, window, RECIPE.validate.maxStepS) < 0.5) return;
  const input = new Float32Array(NET_CHANNELS * NET_SECONDS);
  fillWindow(input, 0, netColumns(sketch), window);
  yield { input, kind, journey, excerpt: random.below(2 ** 31), drivingS: 0, severities: {} };
}

function attacked(drive: Sensed, source: Source, { kind, fromS, random, mates }: Omit<Wanted, 'journey'> & { readonly fromS: number }): Sensed | null {
  const { windowS } = RECIPE.validate;
  // It began so that the window holds enough of it: within the window, or before it, or before all that is seen.
  const beginS = random.chance(WHOLE) ? -Infinity : fromS + random.uniform(-1.5 * windowS, windowS - OVERLAP_S);
  const endS = random.chance(0.85) ? Infinity : Math.max(beginS, fromS) + random.uniform(OVERLAP_S, 2 * windowS);
  const donor = mates.length === 0 ? source : random.pick(mates);
  const donorFromS = donor.sketch.startS + random.pick(donor.driven);
  const other = excerpt(donor.journey.drive, donorFromS, donorFromS + DONOR_S + REACH_S);
  const restSamples = restOf(source.journey.drive, source, random);
  const loot = { donor: otherReceiver(other.gnss, random), donorImu: other.imu, ...restSamples };
  const known = Math.max(beginS, (drive.gnss[0]?.tS ?? fromS) - 1);
  return WIDE_ATTACKS[kind]!.make({ drive, fromS: known, toS: endS, loot, random });
}

function restOf(drive: Drive, { sketch, rests }: Source, random: Random): { readonly restSamples: ImuSeries | null; readonly restFixes: Sensed['gnss'] } {
  if (rests.length === 0) return { restSamples: null, restFixes: [] };
  const restS = sketch.startS + random.pick(rests);
  const rest = excerpt(drive, restS, restS + REST_S);
  return { restFixes: rest.gnss, restSamples: rest.imu === null || rest.imu.tS.length < REST_S ? null : rest.imu };
}
