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
import type { Drive, GnssFix, ImuSeries } from '../../shared/model/drive.ts';

/** What an attack needs to see: a receiver's log and a motion sensor. */
export interface Sensed {
  readonly gnss: readonly GnssFix[];
  readonly imu: ImuSeries | null;
  readonly frames: readonly never[];
}

/** What the forger has at hand besides the drive itself. */
export interface Loot {
  /** Another stretch of driving, by its own clock. */
  readonly donor: readonly GnssFix[];
  /** The drive's own sensor at rest. */
  readonly restSamples: ImuSeries | null;
  /** Fixes of a receiver that stands. */
  readonly restFixes: readonly GnssFix[];
}

interface Attack {
  /** Without a motion sensor nothing in the drive speaks against it. */
  readonly needsImu: boolean;
  /** Null where the loot does not suffice. */
  readonly make: (drive: Sensed, atS: number, random: Random, loot: Loot) => { readonly drive: Sensed; readonly spans: (fromS: number, toS: number) => boolean } | null;
}

/** A window counts as attacked where it holds this much of the attack (threats.md, "Honest evaluation"). */
const OVERLAP_S = 32;

function from(atS: number, untilS = Infinity): (fromS: number, toS: number) => boolean {
  return (fromS, toS) => Math.min(toS, untilS) - Math.max(fromS, atS) >= OVERLAP_S;
}

/** The nine of the macro figure, with the severities of threats.md; each event lies `OVERLAP_S` deep or is seen from both sides. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  teleport: { needsImu: false, make: (drive, atS, random) => {
    const forS = random.uniform(34, 60);
    return { drive: teleport(drive, { fromS: atS, forS, distanceM: random.uniform(50, 500), bearingDeg: random.uniform(0, 360) }), spans: from(atS, atS + forS) };
  } },
  'drag-off': { needsImu: true, make: (drive, atS, random) => ({ drive: dragOff(drive, { fromS: atS, speedMps: random.uniform(0.6, 3), bearingDeg: random.uniform(0, 360) }), spans: from(atS) }) },
  replay: { needsImu: true, make: (drive, atS, _random, { donor }) => (donor.length === 0 ? null : { drive: replay(drive, { fromS: atS, donor }), spans: from(atS) }) },
  'time-shift': { needsImu: true, make: (drive, _atS, random) => ({ drive: timeShift(drive, { seconds: random.uniform(4, 15) * (random.chance(0.5) ? 1 : -1) }), spans: () => true }) },
  simulated: { needsImu: false, make: (drive, atS, random, { donor }) => (donor.length === 0 ? null : { drive: simulatedTrack(drive, { fromS: atS, cornersS: random.uniform(8, 30), plan: donor }), spans: from(atS) }) },
  'parked-imu': { needsImu: true, make: (drive, atS, _random, { restSamples }) => (restSamples === null ? null : { drive: parkedImu(drive, { fromS: atS, rest: restSamples }), spans: from(atS) }) },
  frozen: { needsImu: true, make: (drive, atS, _random, { restFixes }) => ({ drive: frozen(drive, { fromS: atS, rest: restFixes }), spans: from(atS) }) },
  'wrong-turn': { needsImu: true, make: (drive, atS, random) => ({
    drive: wrongTurn(drive, { fromS: atS, turnDeg: random.uniform(30, 110) * (random.chance(0.5) ? 1 : -1) }), spans: (fromS, toS) => fromS <= atS - 5 && toS >= atS + 10,
  }) },
  'speed-scale': { needsImu: true, make: (drive, atS, random) => ({ drive: speedScale(drive, { fromS: atS, factor: random.chance(0.5) ? random.uniform(1.2, 1.6) : 1 / random.uniform(1.2, 1.6) }), spans: from(atS) }) },
};

/** The part of a drive in `[fromS, toS)`, without pictures. */
export function excerpt({ gnss, imu }: Pick<Drive, 'gnss' | 'imu'>, fromS: number, toS: number): Sensed {
  return { gnss: gnss.slice(firstAt(gnss.length, (n) => gnss[n]!.tS, fromS), firstAt(gnss.length, (n) => gnss[n]!.tS, toS)), imu: imu === null ? null : samples(imu, fromS, toS), frames: [] };
}

function samples(imu: ImuSeries, fromS: number, toS: number): ImuSeries {
  const [first, end] = [firstAt(imu.tS.length, (n) => imu.tS[n]!, fromS), firstAt(imu.tS.length, (n) => imu.tS[n]!, toS)];
  const view = (column: Float64Array): Float64Array => column.subarray(first, end);
  return { averaged: imu.averaged, tS: view(imu.tS), forceX: view(imu.forceX), forceY: view(imu.forceY), forceZ: view(imu.forceZ), gyroX: view(imu.gyroX), gyroY: view(imu.gyroY), gyroZ: view(imu.gyroZ) };
}

/** Number of the first of so many increasing times that is not before `atS`. */
export function firstAt(count: number, timeOf: (n: number) => number, atS: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(middle) < atS) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The excerpt as a drive that can be sketched. */
export function asDrive(sensed: Sensed, like: Drive): Drive {
  return { ...like, gnss: sensed.gnss, imu: sensed.imu, frames: [] };
}
