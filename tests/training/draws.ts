import type { Random } from '../../fixtures/random.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { severity } from '../../shared/model/verdict.ts';
import { fillWindow, NET_CHANNELS, NET_SECONDS, netColumns, netWindows } from '../../validate/net-input.ts';
import { type Sketch, sketchOf } from '../../validate/sketch.ts';
import { measure } from '../../validate/windows.ts';
import { SCORED_ATTACKS } from '../scorecard/attacks.ts';
import { drivenWithin, type Ground, groundOf, lootFrom, stretchAround } from '../scorecard/placing.ts';
import { asDrive } from './attacked.ts';
import { type Journey, UNFIT_TO_ATTACK } from './journeys.ts';

/** One window for the net: its input, whence it is, and what the other checks measured in it. */
export interface Sample {
  readonly input: Float32Array;
  /** `honest`, or the attack's name. */
  readonly kind: string;
  readonly journey: number;
  readonly severities: Readonly<Record<string, number>>;
}

export interface Drawing {
  readonly journeys: readonly Journey[];
  readonly random: Random;
  /** Draws of each kind for each minute of driving. */
  readonly perMinute: number;
}

/**
 * Windows to be measured on: each driven one of every drive as it was recorded, and one of each attack of the macro
 * figure, as the scorecard makes them. The forger's loot is from other drives of the same fold, so that no fold sees
 * another's.
 */
export function* draw({ journeys, random, perMinute }: Drawing): Generator<Sample> {
  const grounds = journeys.map(({ drive }) => (UNFIT_TO_ATTACK.includes(drive.name) ? null : groundOf(drive)));
  for (const [journey, ground] of grounds.entries()) {
    if (ground === null || ground.onsets.length === 0) continue;
    const { fold, source } = journeys[journey]!;
    const mates = grounds.filter((other, n): other is Ground => other !== null && n !== journey && other.onsets.length > 0 && journeys[n]!.fold === fold && journeys[n]!.source === source);
    const sampled = { ground, journey, random };
    yield* samples(ground.sketch, { ...sampled, kind: 'honest', isAsked: () => true, most: Infinity });
    const draws = Math.max(2, Math.round((ground.onsets.length / 60) * perMinute));
    for (const [kind, { needsImu, inMacro, make }] of Object.entries(SCORED_ATTACKS)) {
      if (!inMacro || (needsImu && ground.drive.imu === null)) continue;
      for (let n = 0; n < draws; n += 1) {
        const onsetS = ground.sketch.startS + random.pick(ground.onsets);
        const made = make({ own: stretchAround(ground, onsetS), onsetS, random, loot: lootFrom(ground, mates.length === 0 ? ground : random.pick(mates), random) });
        const sketch = made === null ? null : sketchOf(asDrive(made.drive, ground.drive), RECIPE.validate);
        if (made !== null && sketch !== null) yield* samples(sketch, { ...sampled, kind, isAsked: made.decides, most: 1 });
      }
    }
  }
}

interface Wanted {
  readonly ground: Ground;
  readonly journey: number;
  readonly random: Random;
  readonly kind: string;
  readonly isAsked: (fromS: number, toS: number) => boolean;
  readonly most: number;
}

function* samples(sketch: Sketch, { ground, journey, random, kind, isAsked, most }: Wanted): Generator<Sample> {
  const columns = netColumns(sketch);
  const measured = measure(sketch, RECIPE.validate);
  const asked = netWindows(sketch, RECIPE.validate).filter(({ window: { fromS, toS } }) => {
    const [from, to] = [sketch.startS + fromS, sketch.startS + toS];
    return isAsked(from, to) && drivenWithin(ground, from, to) >= RECIPE.validate.flagStretchS;
  });
  for (const { n, window } of most >= asked.length ? asked : [random.pick(asked)]) {
    const input = new Float32Array(NET_CHANNELS * NET_SECONDS);
    fillWindow(input, 0, columns, window);
    yield { input, kind, journey, severities: Object.fromEntries(measured[n]!.measured.map(({ check, measurement }) => [check.name, severity(measurement)])) };
  }
}
