import { displaced } from '../../fixtures/attacks/displaced.ts';
import { dragOff } from '../../fixtures/attacks/drag-off.ts';
import { frozen } from '../../fixtures/attacks/frozen.ts';
import { parkedImu } from '../../fixtures/attacks/parked-imu.ts';
import { replay } from '../../fixtures/attacks/replay.ts';
import { simulatedTrack } from '../../fixtures/attacks/simulated-track.ts';
import { speedScale } from '../../fixtures/attacks/speed-scale.ts';
import { teleport } from '../../fixtures/attacks/teleport.ts';
import { timeShift } from '../../fixtures/attacks/time-shift.ts';
import { wrongTurn } from '../../fixtures/attacks/wrong-turn.ts';
import type { Random } from '../../fixtures/random.ts';
import type { ImuSeries } from '../../shared/model/drive.ts';
import { excerpt, type Loot, type Sensed } from '../training/attacked.ts';

/** An attacked stretch and which of its windows are to be decided about. */
export interface Attempt {
  readonly drive: Sensed;
  /** Whether `[fromS, toS)` is a decision: a window that holds at least 32 s of the attack (threats.md, "Honest evaluation"). */
  readonly decides: (fromS: number, toS: number) => boolean;
  /** Since when there is something to find; -Infinity where the whole stretch is forged. */
  readonly onsetS: number;
}

/** What a forger works with: a stretch of an honest drive, and when to begin. */
export interface Target {
  readonly own: Sensed;
  readonly onsetS: number;
  readonly random: Random;
  readonly loot: Loot & { readonly donorImu: ImuSeries | null };
}

export interface ScoredAttack {
  /** One of the nine of the macro figure. */
  readonly inMacro: boolean;
  /** Without a motion sensor nothing in the drive speaks against it. */
  readonly needsImu: boolean;
  /** Null where the loot does not suffice. */
  readonly make: (target: Target) => Attempt | null;
}

/** Replay, simulated, parked and frozen begin so far into the window that is decided about. */
export const INTO_WINDOW_S = 15;
const OVERLAP_S = 32;
/** A window that begins later than this after the onset decides about an attack that has long been there. */
const LATEST_S = 64;
const MOST_SHIFT_S = 15;

const either = (random: Random): 1 | -1 => (random.chance(0.5) ? 1 : -1);
const bearing = (random: Random): number => random.uniform(0, 360);

/** The nine of the macro figure, the two beside it, and the large teleport of the shipped figures (asked of drives with a motion sensor: to reject takes two witnesses), with the severities of threats.md. */
export const SCORED_ATTACKS: Readonly<Record<string, ScoredAttack>> = {
  teleport: macro(false, (target) => jump(target, target.random.uniform(50, 500))),
  'drag-off': macro(true, (target) => slide(target, target.random.uniform(0.6, 3))),
  replay: macro(true, ({ own, onsetS, loot: { donor } }) => (donor.length === 0 ? null : { drive: replay(own, { fromS: onsetS, donor }), ...fromInside(onsetS) })),
  'time-shift': macro(true, ({ own, random }) => ({ drive: inner(timeShift(own, { seconds: random.uniform(4, MOST_SHIFT_S) * either(random) }), own), ...throughout() })),
  simulated: macro(false, ({ own, onsetS, random, loot: { donor } }) => (donor.length === 0 ? null : { drive: simulatedTrack(own, { fromS: onsetS, cornersS: random.uniform(8, 30), plan: donor }), ...fromInside(onsetS) })),
  'parked-imu': macro(true, ({ own, onsetS, loot: { restSamples } }) => (restSamples === null ? null : { drive: parkedImu(own, { fromS: onsetS, rest: restSamples }), ...fromInside(onsetS) })),
  frozen: macro(true, ({ own, onsetS, loot: { restFixes } }) => ({ drive: frozen(own, { fromS: onsetS, rest: restFixes }), ...fromInside(onsetS) })),
  'wrong-turn': macro(true, ({ own, onsetS, random }) => ({
    drive: wrongTurn(own, { fromS: onsetS, turnDeg: random.uniform(30, 110) * either(random) }), ...across(onsetS),
  })),
  'speed-scale': macro(true, ({ own, onsetS, random }) => {
    const factor = random.uniform(1.2, 1.6) ** either(random);
    // Half of them scale all that is seen: a forger need not begin while the sensors look.
    return random.chance(0.5) ? { drive: speedScale(own, { fromS: onsetS, factor }), ...from(onsetS) } : { drive: speedScale(own, { fromS: -Infinity, factor }), ...throughout() };
  }),
  'slow-drag': beside(true, (target) => slide(target, target.random.uniform(0.2, 0.6))),
  'constant-offset': beside(false, ({ own, random }) => {
    const away = vector(random.uniform(10, 50), bearing(random));
    return { drive: displaced(own, { offsetAt: () => away }), ...throughout() };
  }),
  'teleport-200m': beside(true, (target) => jump(target, target.random.uniform(200, 500))),
};

/** The same code with nothing to do, labelled honest: whoever tells these from honest windows has found the injector. */
export const IDENTITIES: readonly ScoredAttack[] = [
  beside(false, (target) => jump(target, 0)),
  beside(false, (target) => slide(target, 0)),
  beside(false, ({ own }) => ({ drive: inner(timeShift(own, { seconds: 0 }), own), ...throughout() })),
  beside(false, ({ own, onsetS }) => ({ drive: wrongTurn(own, { fromS: onsetS, turnDeg: 0 }), ...from(onsetS) })),
  beside(false, ({ own, onsetS }) => ({ drive: speedScale(own, { fromS: onsetS, factor: 1 }), ...from(onsetS) })),
];

export const MACRO = Object.entries(SCORED_ATTACKS).filter(([, { inMacro }]) => inMacro).map(([name]) => name);

function macro(needsImu: boolean, make: ScoredAttack['make']): ScoredAttack {
  return { inMacro: true, needsImu, make };
}

function beside(needsImu: boolean, make: ScoredAttack['make']): ScoredAttack {
  return { inMacro: false, needsImu, make };
}

function jump({ own, onsetS, random }: Target, distanceM: number): Attempt {
  const forS = jumpS(random);
  return { drive: teleport(own, { fromS: onsetS, forS, distanceM, bearingDeg: bearing(random) }), ...during(onsetS, forS) };
}

/** Shorter than a window, so that each one that holds half of it sees the jump there or the jump back. */
export function jumpS(random: Random): number {
  return random.uniform(34, 60);
}

function slide({ own, onsetS, random }: Target, speedMps: number): Attempt {
  return { drive: dragOff(own, { fromS: onsetS, speedMps, bearingDeg: bearing(random) }), ...from(onsetS) };
}

/** Ends that only one of the two sensors reaches would give the injector away: a whole drive has none in its middle. */
export function inner(forged: Sensed, { gnss }: Sensed): Sensed {
  return excerpt(forged, (gnss[0]?.tS ?? 0) + MOST_SHIFT_S, (gnss.at(-1)?.tS ?? 0) - MOST_SHIFT_S + 0.001);
}

export type When = Omit<Attempt, 'drive'>;

export function during(onsetS: number, forS: number): When {
  return { onsetS, decides: (fromS, toS) => Math.min(toS, onsetS + forS) - Math.max(fromS, onsetS) >= OVERLAP_S };
}

export function from(onsetS: number): When {
  return { onsetS, decides: (fromS, toS) => toS - Math.max(fromS, onsetS) >= OVERLAP_S && fromS <= onsetS + LATEST_S };
}

export function fromInside(onsetS: number): When {
  return { onsetS, decides: (fromS, toS) => Math.abs(onsetS - INTO_WINDOW_S - fromS) < 8 && toS - onsetS >= OVERLAP_S };
}

/** A window after a turn sees an honest drive in another direction, which nothing in the drive can tell. */
export function across(onsetS: number): When {
  return { onsetS, decides: (fromS, toS) => fromS <= onsetS - 5 && toS - onsetS >= OVERLAP_S };
}

/** The whole stretch: any whole window in it may be asked. */
export function throughout(): When {
  return { onsetS: -Infinity, decides: (fromS, toS) => toS - fromS >= OVERLAP_S };
}

function vector(lengthM: number, bearingDeg: number): { readonly eM: number; readonly nM: number } {
  return { eM: lengthM * Math.sin((bearingDeg * Math.PI) / 180), nM: lengthM * Math.cos((bearingDeg * Math.PI) / 180) };
}
