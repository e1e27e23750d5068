import { frozen } from '../../fixtures/attacks/frozen.ts';
import { parkedImu } from '../../fixtures/attacks/parked-imu.ts';
import { replay } from '../../fixtures/attacks/replay.ts';
import { simulatedTrack } from '../../fixtures/attacks/simulated-track.ts';
import { addVelocity, turnVelocity } from '../../fixtures/attacks/doppler.ts';
import { metresFrom, placeAt } from '../../fixtures/plane.ts';
import type { Random } from '../../fixtures/random.ts';
import type { GnssFix, ImuSeries } from '../../shared/model/drive.ts';
import { excerpt, type Loot, type Sensed } from './attacked.ts';

/** What is attacked, when, and with what. */
export interface Target {
  readonly drive: Sensed;
  /** The attack begins and ends here; it may lie outside the drive. */
  readonly fromS: number;
  readonly toS: number;
  readonly loot: Loot & { readonly donorImu: ImuSeries | null };
  readonly random: Random;
}

interface WideAttack {
  readonly needsImu: boolean;
  /** Only where it begins is there anything to see: an honest way elsewhere, or in another direction, is honest. */
  readonly isEdge?: boolean;
  readonly make: (target: Target) => Sensed | null;
}

/**
 * Attacks in many more shapes than those that are measured (attacked.ts): slow and sudden, with and without a tampered
 * Doppler, over the whole recording or a part of it, and some that belong to none of the nine. For training alone.
 */
export const WIDE_ATTACKS: Readonly<Record<string, WideAttack>> = {
  teleport: { needsImu: false, isEdge: true, make: ({ drive, fromS, toS, random }) => {
    const [metres, bearing] = [random.uniform(40, 600), random.uniform(0, 2 * Math.PI)];
    const endS = random.chance(0.5) ? Math.max(fromS, drive.gnss[0]?.tS ?? 0) + random.uniform(34, 70) : toS;
    return { ...drive, gnss: offset(drive.gnss, (tS) => (tS >= fromS && tS < endS ? [metres * Math.sin(bearing), metres * Math.cos(bearing)] : [0, 0])) };
  } },
  'drag-off': { needsImu: true, make: ({ drive, fromS, toS, random }) => {
    const [speed, bearing, rampS, turning] = [random.uniform(0.5, 3.5), random.uniform(0, 2 * Math.PI), random.chance(0.5) ? 0 : random.uniform(1, 40), random.chance(0.2) ? random.normal(0.01) : 0];
    return pushed(drive, (tS) => {
      const now = speed * share(tS, fromS, toS, rampS);
      const direction = bearing + turning * (tS - fromS);
      return [now * Math.sin(direction), now * Math.cos(direction)];
    }, random.chance(0.9));
  } },
  'speed-scale': { needsImu: true, make: ({ drive, fromS, toS, random }) => {
    const size = random.uniform(1.18, 1.75);
    const [factor, rampS] = [random.chance(0.5) ? size : 1 / size, random.chance(0.6) ? 0 : random.uniform(1, 20)];
    return steered(drive, (tS) => ({ factor: 1 + (factor - 1) * share(tS, fromS, toS, rampS), turnDeg: 0 }), random.chance(0.95));
  } },
  'wrong-turn': { needsImu: true, isEdge: true, make: ({ drive, fromS, toS, random }) => {
    const [angle, rampS] = [random.uniform(28, 150) * (random.chance(0.5) ? 1 : -1), random.uniform(0, 12)];
    return steered(drive, (tS) => ({ factor: 1, turnDeg: angle * share(tS, fromS, toS, rampS) }), random.chance(0.95));
  } },
  'time-shift': { needsImu: true, make: ({ drive, fromS, random }) => {
    const seconds = random.uniform(3.5, 17) * (random.chance(0.5) ? 1 : -1);
    if (random.chance(0.75)) return overlapping({ ...drive, gnss: drive.gnss.map((fix) => ({ ...fix, tS: fix.tS + seconds })) });
    return { ...drive, gnss: drive.gnss.map((fix) => (fix.tS < fromS ? fix : { ...fix, tS: fix.tS + Math.abs(seconds) })) };
  } },
  replay: { needsImu: true, make: ({ drive, fromS, toS, loot, random }) => {
    if (random.chance(0.25)) return swapped(drive, fromS, toS, loot.donorImu);
    if (loot.donor.length === 0) return null;
    return until(drive, replay(drive, { fromS: Math.max(fromS, drive.gnss[0]?.tS ?? fromS), donor: random.chance(0.5) ? turnedDonor(loot.donor, random.uniform(0, 360)) : loot.donor }), toS);
  } },
  simulated: { needsImu: false, make: ({ drive, fromS, toS, loot, random }) => {
    const plan = random.chance(0.4) ? drive.gnss.filter(({ tS }) => tS >= fromS) : loot.donor;
    if (plan.length < 40) return null;
    const made = simulatedTrack(drive, { fromS: Math.max(fromS, drive.gnss[0]?.tS ?? fromS), cornersS: random.uniform(6, 35), plan });
    return until(drive, random.chance(0.5) ? made : disguised(made, fromS, random), toS);
  } },
  'parked-imu': { needsImu: true, make: ({ drive, fromS, toS, loot, random }) => {
    if (drive.imu === null) return null;
    const real = loot.restSamples !== null && random.chance(0.6) ? parkedImu(drive, { fromS, rest: loot.restSamples }).imu! : still(drive.imu, fromS, random);
    return { ...drive, imu: joined(drive.imu, real, toS) };
  } },
  frozen: { needsImu: true, make: ({ drive, fromS, toS, loot, random }) => until(drive, frozen(drive, { fromS: Math.max(fromS, drive.gnss[0]?.tS ?? fromS), rest: random.chance(0.7) ? loot.restFixes : [] }), toS) },
  other: { needsImu: true, make: (target) => {
    const { drive, fromS, toS, random } = target;
    const kind = random.below(4);
    if (kind === 0) return mirrored(drive, fromS);
    if (kind === 1) return stretched(drive, fromS, random.uniform(1.08, 1.3) ** (random.chance(0.5) ? 1 : -1));
    if (kind === 2) return straying(drive, fromS, toS, random);
    return steered(drive, (tS) => ({ factor: 1, turnDeg: (tS < fromS ? 0 : 1) * Math.min(tS - fromS, 300) * SLOW_TURN_DEGPS }), true);
  } },
};

const SLOW_TURN_DEGPS = 1;

/** 0 before, 1 within, with ramps. */
function share(tS: number, fromS: number, toS: number, rampS: number): number {
  if (tS < fromS || tS >= toS) return 0;
  return rampS === 0 ? 1 : Math.min(1, (tS - fromS) / rampS, (toS - tS) / rampS);
}

function offset(gnss: readonly GnssFix[], at: (tS: number) => readonly [number, number]): readonly GnssFix[] {
  return gnss.map((fix) => {
    const [eM, nM] = at(fix.tS);
    const { latDeg, lonDeg } = placeAt(fix, { eM, nM });
    return { ...fix, latDeg, lonDeg };
  });
}

/** Where both sensors tell: ends that only one of them reaches would give the injector away. */
function overlapping({ gnss, imu }: Sensed): Sensed {
  if (imu === null || imu.tS.length === 0 || gnss.length === 0) return { gnss, imu, frames: [] };
  return excerpt({ gnss, imu }, Math.max(gnss[0]!.tS, imu.tS[0]!), Math.min(gnss.at(-1)!.tS, imu.tS.at(-1)!) + 0.001);
}

/** A velocity added to the position, and to the reported motion too where the forger thought of it. */
function pushed(drive: Sensed, velocity: (tS: number) => readonly [number, number], isDoppler: boolean): Sensed {
  let [e, n, lastS] = [0, 0, drive.gnss[0]?.tS ?? 0];
  return { ...drive, gnss: drive.gnss.map((fix) => {
    const [eMps, nMps] = velocity(fix.tS);
    e += eMps * (fix.tS - lastS);
    n += nMps * (fix.tS - lastS);
    lastS = fix.tS;
    const { latDeg, lonDeg } = placeAt(fix, { eM: e, nM: n });
    return { ...(isDoppler && (eMps !== 0 || nMps !== 0) ? addVelocity(fix, { eMps, nMps }) : fix), latDeg, lonDeg };
  }) };
}

/** Every step made longer and turned. */
function steered(drive: Sensed, at: (tS: number) => { readonly factor: number; readonly turnDeg: number }, isDoppler: boolean): Sensed {
  let before: GnssFix | null = null;
  let place = { latDeg: 0, lonDeg: 0 };
  return { ...drive, gnss: drive.gnss.map((fix) => {
    const { factor, turnDeg } = at(fix.tS);
    const { eM, nM } = before === null ? { eM: 0, nM: 0 } : metresFrom(before, fix);
    const [cos, sin] = [factor * Math.cos((turnDeg * Math.PI) / 180), factor * Math.sin((turnDeg * Math.PI) / 180)];
    place = before === null ? fix : placeAt(place, { eM: eM * cos + nM * sin, nM: nM * cos - eM * sin });
    before = fix;
    const told = isDoppler ? { ...turnVelocity(fix, turnDeg), speedMps: fix.speedMps === null ? null : fix.speedMps * factor } : fix;
    return { ...told, latDeg: place.latDeg, lonDeg: place.lonDeg };
  }) };
}

/** The forged log up to `toS`, and the own one, moved to go on there, after it. */
function until(own: Sensed, forged: Sensed, toS: number): Sensed {
  const last = forged.gnss.findLast(({ tS }) => tS < toS);
  const rest = own.gnss.filter(({ tS }) => tS >= toS);
  const [first] = rest;
  if (last === undefined || first === undefined) return forged;
  return { ...forged, gnss: [...forged.gnss.filter(({ tS }) => tS < toS), ...rest.map((fix) => ({ ...fix, ...bare(placeAt(last, metresFrom(first, fix))) }))] };
}

function bare({ latDeg, lonDeg }: { readonly latDeg: number; readonly lonDeg: number }): { readonly latDeg: number; readonly lonDeg: number } {
  return { latDeg, lonDeg };
}

function turnedDonor(donor: readonly GnssFix[], byDeg: number): readonly GnssFix[] {
  const [first] = donor;
  const [cos, sin] = [Math.cos((byDeg * Math.PI) / 180), Math.sin((byDeg * Math.PI) / 180)];
  return donor.map((fix) => {
    const { eM, nM } = metresFrom(first!, fix);
    return { ...turnVelocity(fix, byDeg), ...bare(placeAt(first!, { eM: eM * cos + nM * sin, nM: nM * cos - eM * sin })) };
  });
}

/** Somebody else's motion sensor under the own track. */
function swapped(drive: Sensed, fromS: number, toS: number, donor: ImuSeries | null): Sensed | null {
  if (drive.imu === null || donor === null || donor.averaged !== drive.imu.averaged || donor.tS.length < 30) return null;
  const { imu } = drive;
  const [lengthS, firstS] = [donor.tS.at(-1)! - donor.tS[0]!, imu.tS[0]!];
  let at = 0;
  const index = Int32Array.from(imu.tS, (tS) => {
    const wanted = donor.tS[0]! + ((tS - firstS) % lengthS);
    if (donor.tS[at]! > wanted) at = 0;
    while (at + 1 < donor.tS.length && donor.tS[at + 1]! <= wanted) at += 1;
    return at;
  });
  const other = { ...imu, ...Object.fromEntries(COLUMNS.map((name) => [name, imu[name].map((value, n) => (imu.tS[n]! < fromS ? value : donor[name][index[n]!]!))])) };
  return { ...drive, imu: joined(imu, other, toS) };
}

const COLUMNS = ['forceX', 'forceY', 'forceZ', 'gyroX', 'gyroY', 'gyroZ'] as const;

/** The forged samples before `toS`, the own ones after. */
function joined(own: ImuSeries, forged: ImuSeries, toS: number): ImuSeries {
  return { ...forged, ...Object.fromEntries(COLUMNS.map((name) => [name, forged[name].map((value, n) => (own.tS[n]! < toS ? value : own[name][n]!))])) };
}

/** A sensor on a desk: one direction of gravity, white noise. */
function still(imu: ImuSeries, fromS: number, random: Random): ImuSeries {
  const at = Math.max(0, imu.tS.findIndex((tS) => tS >= fromS));
  const norm = Math.hypot(imu.forceX[at]!, imu.forceY[at]!, imu.forceZ[at]!) / 9.8;
  const [force, gyro] = imu.averaged ? [random.uniform(0.002, 0.02), random.uniform(1e-4, 1e-3)] : [random.uniform(0.005, 0.05), random.uniform(3e-4, 3e-3)];
  const quiet = (name: (typeof COLUMNS)[number]): Float64Array => {
    const level = name.startsWith('force') ? imu[name][at]! / (norm > 0.5 ? norm : 1) : random.normal(0.003);
    const sigma = name.startsWith('force') ? force : gyro;
    return imu[name].map((value, n) => (imu.tS[n]! < fromS ? value : level + random.normal(sigma)));
  };
  return { ...imu, forceX: quiet('forceX'), forceY: quiet('forceY'), forceZ: quiet('forceZ'), gyroX: quiet('gyroX'), gyroY: quiet('gyroY'), gyroZ: quiet('gyroZ') };
}

/** A forger who adds noise and rounds corners a little. */
function disguised(made: Sensed, fromS: number, random: Random): Sensed {
  const [positionM, speedMps, hacc] = [random.uniform(0, 1.5), random.uniform(0, 0.4), random.uniform(0, 2)];
  return { ...made, gnss: made.gnss.map((fix) => {
    if (fix.tS < fromS) return fix;
    return {
      ...fix, ...bare(placeAt(fix, { eM: random.normal(positionM), nM: random.normal(positionM) })),
      speedMps: fix.speedMps === null ? null : Math.max(0, fix.speedMps + random.normal(speedMps)), haccM: fix.haccM === null ? null : Math.max(1, fix.haccM + random.normal(hacc)),
      courseDeg: fix.courseDeg === null ? null : (fix.courseDeg + random.normal(speedMps * 5) + 720) % 360,
    };
  }) };
}

/** From `fromS` on lefts are rights. */
function mirrored(drive: Sensed, fromS: number): Sensed {
  const pivot = drive.gnss.find(({ tS, courseDeg, speedMps }) => tS >= fromS && courseDeg !== null && (speedMps ?? 9) > 2);
  if (pivot === undefined) return drive;
  const axis = (2 * pivot.courseDeg! * Math.PI) / 180;
  return { ...drive, gnss: drive.gnss.map((fix) => {
    if (fix.tS < pivot.tS) return fix;
    const { eM, nM } = metresFrom(pivot, fix);
    const [cos, sin] = [Math.cos(axis), Math.sin(axis)];
    return { ...fix, ...bare(placeAt(pivot, { eM: -eM * cos + nM * sin, nM: eM * sin + nM * cos })), courseDeg: fix.courseDeg === null ? null : (2 * pivot.courseDeg! - fix.courseDeg + 720) % 360 };
  }) };
}

/** The receiver's time goes faster or slower than the sensor's, from the first fix after `fromS` on. */
function stretched(drive: Sensed, fromS: number, by: number): Sensed {
  return { ...drive, gnss: drive.gnss.map((fix) => (fix.tS < fromS ? fix : { ...fix, tS: fromS + (fix.tS - fromS) * by, speedMps: fix.speedMps === null ? null : fix.speedMps / by })) };
}

/** A made-up motion on top of the own one: a random velocity that changes its mind in half a minute. */
function straying(drive: Sensed, fromS: number, toS: number, random: Random): Sensed {
  const [size, period] = [random.uniform(1.5, 5), random.uniform(10, 50)];
  const [phaseE, phaseN] = [random.uniform(0, 7), random.uniform(0, 7)];
  return pushed(drive, (tS) => {
    const now = size * share(tS, fromS, toS, 5);
    return [now * Math.sin((6.283 * tS) / period + phaseE), now * Math.sin((6.283 * tS) / (1.3 * period) + phaseN)];
  }, true);
}
