import type { Random } from '../../fixtures/random.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { coveredShare } from '../../validate/checks/coverage.ts';
import { fillWindow, NET_CHANNELS, NET_SECONDS, netColumns } from '../../validate/net-input.ts';
import { sketchOf } from '../../validate/sketch.ts';
import { asDrive, excerpt, type Sensed } from './attacked.ts';
import { asOtherDevice, otherReceiver } from './devices.ts';
import { type Ground, groundOf, lootFrom } from '../scorecard/placing.ts';
import type { Drawing, Sample } from './draws.ts';
import { type Journey, UNFIT_TO_ATTACK } from './journeys.ts';
import { WIDE_ATTACKS } from './wide.ts';

/** What the columns are made from reaches this far beyond a window. */
const REACH_S = 150;
const DONOR_S = 400;
/** How often a recording begins or ends near the window, and how often an attack began before anything that is seen. */
const CUT = 0.3;
const WHOLE = 0.3;
/** A window counts as attacked where it holds this much of the attack. */
const OVERLAP_S = 32;
/** Honest windows for each one of an attack. */
const HONEST = 5;
/** How often a recording is left as the device made it. */
const AS_RECORDED = 0.3;

interface Source {
  readonly ground: Ground;
  readonly journey: Journey;
}

/** Windows to learn from: drawn anew each, on other devices, under attacks of every shape (wide.ts). */
export function* drawWide({ journeys, random, perMinute }: Drawing): Generator<Sample> {
  const sources = journeys.map((journey): Source | null => {
    const ground = UNFIT_TO_ATTACK.includes(journey.drive.name) ? null : groundOf(journey.drive);
    return ground === null || ground.onsets.length === 0 ? null : { ground, journey };
  });
  for (const [n, source] of sources.entries()) {
    if (source === null) continue;
    const mates = sources.flatMap((other) => (other !== null && other !== source && other.journey.fold === source.journey.fold && other.journey.source === source.journey.source ? [other] : []));
    const draws = Math.max(2, Math.round((source.ground.onsets.length / 60) * perMinute));
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
  // Honest drives also stand and crawl, and their sensors begin late.
  const isAnywhere = kind === 'honest' && random.chance(0.5);
  const atS = isAnywhere ? random.uniform(0, source.ground.sketch.lengthS) : random.pick(source.ground.onsets);
  const fromS = source.ground.sketch.startS + atS - random.uniform(0, windowS);
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
  yield { input, kind, journey, severities: {} };
}

function attacked(drive: Sensed, source: Source, { kind, fromS, random, mates }: Omit<Wanted, 'journey'> & { readonly fromS: number }): Sensed | null {
  const { windowS } = RECIPE.validate;
  // It began so that the window holds enough of it: within the window, or before it, or before all that is seen.
  const beginS = WIDE_ATTACKS[kind]!.isEdge ? fromS + random.uniform(3, 42) : random.chance(WHOLE) ? -Infinity : fromS + random.uniform(-1.5 * windowS, windowS - OVERLAP_S);
  const endS = random.chance(0.85) ? Infinity : Math.max(beginS, fromS) + random.uniform(OVERLAP_S, 2 * windowS);
  const donor = mates.length === 0 ? source : random.pick(mates);
  const donorFromS = donor.ground.sketch.startS + random.pick(donor.ground.onsets);
  const other = excerpt(donor.journey.drive, donorFromS, donorFromS + DONOR_S);
  const loot = { ...lootFrom(source.ground, donor.ground, random), donor: otherReceiver(other.gnss, random), donorImu: other.imu };
  const known = Math.max(beginS, (drive.gnss[0]?.tS ?? fromS) - 1);
  return WIDE_ATTACKS[kind]!.make({ drive, fromS: known, toS: endS, loot, random });
}
