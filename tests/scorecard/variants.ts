import { type AttackName, attackOf } from '../../fixtures/attacks/all.ts';
import type { Random } from '../../fixtures/random.ts';
import { across, type Attempt, during, from, fromInside, inner, jumpS, type ScoredAttack, type Target, throughout, type When } from './attacks.ts';

/** How a variant is placed: as its own row in `SCORED_ATTACKS` is. */
type Placing = 'during' | 'from' | 'inside' | 'throughout' | 'across';

interface Variant {
  readonly attack: AttackName;
  readonly variant: string;
  readonly placing: Placing;
  readonly needsImu: boolean;
  /** Both directions of the severity: late and early, left and right, faster and slower. */
  readonly mirrored?: 'sign' | 'inverse';
}

const sensors = (attack: AttackName, placing: Placing, variants: readonly string[]): readonly Variant[] => variants.map((variant) => ({ attack, variant, placing, needsImu: true }));

/** The other ways in which the table of attacks forges what only sensors can tell; pictures have no part in them. */
const VARIANTS: readonly Variant[] = [
  ...sensors('teleport', 'during', ['ramped', 'ramped-doppler-forged']).map((one) => ({ ...one, needsImu: false })),
  ...sensors('drag-off', 'from', ['doppler-kept', 'ramped']),
  ...sensors('replay', 'inside', ['turned']),
  ...sensors('foreign-imu', 'throughout', ['as-recorded']),
  ...sensors('time-shift', 'throughout', ['imu']).map((one) => ({ ...one, mirrored: 'sign' as const })),
  ...sensors('simulated', 'inside', ['rounded', 'noisy']).map((one) => ({ ...one, needsImu: false })),
  ...sensors('parked-imu', 'inside', ['made-up', 'constant']),
  ...sensors('frozen', 'inside', ['repeated', 'doppler-kept']),
  ...sensors('wrong-turn', 'across', ['doppler-kept']).map((one) => ({ ...one, mirrored: 'sign' as const })),
  ...sensors('speed-scale', 'from', ['doppler-kept']).map((one) => ({ ...one, mirrored: 'inverse' as const })),
  ...sensors('imu-stripped', 'throughout', ['zeroed', 'zero-gyro']),
  ...sensors('imu-scaled', 'throughout', ['motion', 'gravity']),
  ...sensors('imu-noise', 'throughout', ['white']),
];

/** Rows outside the macro, named `attack/variant`. */
export const VARIANT_ATTACKS: Readonly<Record<string, ScoredAttack>> = Object.fromEntries(VARIANTS.map((variant) => [
  `${variant.attack}/${variant.variant}`, { inMacro: false, needsImu: variant.needsImu, make: (target: Target) => attempt(variant, target) },
]));

function attempt(one: Variant, { own, onsetS, random, loot }: Target): Attempt | null {
  const { apply, needs } = attackOf(one.attack);
  if (((needs.includes('donor-gnss') || one.attack === 'simulated') && loot.donor.length === 0) || (needs.includes('donor-imu') && loot.donorImu === null)) return null;
  const [forS, severity] = [jumpS(random), severityOf(one, random)];
  const forged = apply(own, {
    severity, variant: one.variant, seed: random.below(2 ** 31), fromS: one.placing === 'throughout' ? -Infinity : onsetS, toS: one.placing === 'during' ? onsetS + forS : Infinity,
    donor: { gnss: loot.donor, imu: loot.donorImu, frames: [] },
    ...(loot.restSamples === null ? {} : { rest: { gnss: loot.restFixes, imu: loot.restSamples } }),
  });
  return { drive: one.attack === 'time-shift' ? inner(forged, own) : forged, ...whenOf(one.placing, onsetS, forS) };
}

function severityOf({ attack, mirrored }: Variant, random: Random): number {
  const { severity } = attackOf(attack);
  const size = severity.unit === 'share' ? 1 : random.uniform(severity.from, severity.to);
  if (mirrored === undefined || random.chance(0.5)) return size;
  return mirrored === 'sign' ? -size : 1 / size;
}

function whenOf(placing: Placing, onsetS: number, forS: number): When {
  switch (placing) {
    case 'during': return during(onsetS, forS);
    case 'from': return from(onsetS);
    case 'inside': return fromInside(onsetS);
    case 'across': return across(onsetS);
    case 'throughout': return throughout();
  }
}
