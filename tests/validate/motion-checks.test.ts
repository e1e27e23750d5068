import { describe, expect, test } from 'vitest';
import { dragOff } from '../../fixtures/attacks/drag-off.ts';
import { timeShift } from '../../fixtures/attacks/time-shift.ts';
import { wrongTurn } from '../../fixtures/attacks/wrong-turn.ts';
import type { Drive, GnssFix } from '../../shared/model/drive.ts';
import type { Check } from '../../validate/checks/check.ts';
import { drift } from '../../validate/checks/drift.ts';
import { filterConsistency } from '../../validate/checks/filter-consistency.ts';
import { forwardForce } from '../../validate/checks/forward-force.ts';
import { frozen } from '../../validate/checks/frozen.ts';
import { heading } from '../../validate/checks/heading.ts';
import { lag } from '../../validate/checks/lag.ts';
import { receiverNoise } from '../../validate/checks/receiver-noise.ts';
import { trackForce } from '../../validate/checks/track-force.ts';
import { type MadeDrive, madeDrive, START_S } from './made-drive.ts';
import { worstOf } from './measured.ts';

const CALM_ROAD = { vibrationMps2: 0.3, gyroRadps: 0.02 };
const STANDING = { vibrationMps2: 0.02, gyroRadps: 0.001 };

function turnsAt(corner: number): number {
  return corner % 3 === 2 ? -90 : 90;
}

/** Round corners of 90° every 40 s, right, right and left in turn, braking before each. */
function courseDeg(t: number): number {
  const before = Array.from({ length: Math.floor(t / 40) }, (_, corner) => turnsAt(corner)).reduce((sum, turn) => sum + turn, 70);
  return before + turnsAt(Math.floor(t / 40)) * Math.min(1, Math.max(0, ((t % 40) - 30) / 6));
}
function speedMps(t: number): number {
  return 11 - 4 * Math.exp(-(((t % 40) - 32) ** 2) / 30) + 2 * Math.sin(t / 9);
}

function round(made: Partial<MadeDrive> = {}): Drive {
  return madeDrive({ seconds: 420, courseDeg, speedMps, imu: () => CALM_ROAD, ...made });
}

const MOTION: readonly Check[] = [heading, forwardForce, trackForce, lag, drift, filterConsistency, frozen, receiverNoise];

describe('what honest drives do', () => {
  test.each([
    ['round corners', round()],
    ['with a sensor that gives means of a second', round({ averaged: true })],
    ['without a reported speed', round({ hasDoppler: false })],
    ['a receiver that is a second late', timeShift(round() as Drive & { frames: [] }, { seconds: 1 })],
    ['a tunnel', round({ lost: (t) => t > 150 && t < 190 })],
    ['stop and go', round({ speedMps: (t) => Math.max(0, 9 * Math.sin(t / 12)), courseDeg: () => 20, imu: (t) => (Math.sin(t / 12) <= 0 ? STANDING : CALM_ROAD) })],
    ['a motorway, straight at one speed', round({ speedMps: () => 33, courseDeg: () => 140 })],
    ['a handled phone', handled(round(), 200)],
  ])('%s', (_, drive) => {
    for (const check of MOTION) expect(worstOf(check, drive) ?? 0, check.name).toBeLessThan(1);
  });
});

describe('what they catch', () => {
  test.each([
    ['another way at a corner', heading, wrongTurn(framed(round()), { fromS: START_S + 200, turnDeg: 60 })],
    ['somebody else\'s drive', heading, foreign()],
    ['somebody else\'s drive by its speed', forwardForce, foreign()],
    ['somebody else\'s drive in the road\'s plane', trackForce, foreign()],
    ['two recordings laid together 7 s late', lag, timeShift(framed(round()), { seconds: 7 })],
    ['two recordings laid together 7 s early', lag, timeShift(framed(round()), { seconds: -7 })],
    ['positions that slide off by 1.5 m/s', drift, dragOff(framed(round()), { fromS: START_S + 60, speedMps: 1.5, bearingDeg: 40 })],
    ['another way at a corner, by the filter', filterConsistency, wrongTurn(framed(round()), { fromS: START_S + 200, turnDeg: 60 })],
    ['somebody else\'s drive, by the filter', filterConsistency, foreign()],
    ['a receiver that stands while the car drives', frozen, standingFrom(round(), START_S + 150)],
    ['a track drawn with a ruler', receiverNoise, ruled(round(), START_S + 100)],
  ] as const)('%s', (_, check, drive) => {
    expect(worstOf(check, drive)).toBeGreaterThan(1);
  });
});

test('without a motion sensor they are silent, and the receiver\'s noise speaks', () => {
  const drive = round({ imu: null });
  expect(MOTION.filter((check) => worstOf(check, drive) !== null).map(({ name }) => name)).toEqual(['receiver-noise']);
});

test('without a gyroscope the force is still asked', () => {
  const drive = round();
  const without = { ...drive, imu: { ...drive.imu!, gyroX: drive.imu!.gyroX.map(() => NaN) } };
  expect([heading, lag, drift, forwardForce, trackForce].map((check) => worstOf(check, without) !== null)).toEqual([false, false, false, true, true]);
});

/** A straight line at a constant speed for 45 s, as no receiver measures it. */
function planned(haccOf: (n: number) => number): Drive {
  const drive = round();
  const from = drive.gnss[200]!;
  const coasted = drive.gnss.map((fix, n) => (n < 200 || n > 245 ? fix : { ...fix, latDeg: from.latDeg + (n - 200) * 1e-4, lonDeg: from.lonDeg, haccM: haccOf(n - 200) }));
  return { ...drive, gnss: coasted };
}

describe('a receiver that goes straight on without satellites', () => {
  test('is not accused of being too smooth while it says that it knows less by the second', () => {
    expect(worstOf(receiverNoise, planned((n) => 8 + 2.5 * n))).toBeLessThan(1);
  });

  test('is where it claims to know its place, or to know it badly all the time', () => {
    for (const haccM of [5, 31, 50]) expect(worstOf(receiverNoise, planned(() => haccM)), `${haccM} m`).toBeGreaterThan(1);
  });
});

test('axes of the wrong hand are told from the drive itself', () => {
  const drive = round();
  const { gyroX, gyroY, gyroZ } = drive.imu!;
  const [x, y, z] = [gyroX, gyroY, gyroZ].map((axis) => axis.map((value) => -value));
  expect(worstOf(heading, { ...drive, imu: { ...drive.imu!, gyroX: x!, gyroY: y!, gyroZ: z! } })).toBeLessThan(1);
});

function framed(drive: Drive): Drive & { frames: [] } {
  return { ...drive, frames: [] };
}

/** The other drive's receiver, whose corners and stops come at other times. */
function foreign(): Drive {
  const other = round({ seed: 2, courseDeg: (t) => -courseDeg(t + 17) + 30, speedMps: (t) => 12 + 7 * Math.sin(t / 5 + 2) });
  return { ...round(), gnss: other.gnss };
}

function standingFrom(drive: Drive, fromS: number): Drive {
  const last = drive.gnss.findLast(({ tS }) => tS < fromS)!;
  return { ...drive, gnss: drive.gnss.map((fix): GnssFix => (fix.tS < fromS ? fix : { ...last, tS: fix.tS, speedMps: 0, courseDeg: null })) };
}

/** Straight at one speed from a fix on. */
function ruled(drive: Drive, fromS: number): Drive {
  const first = drive.gnss.findIndex(({ tS }) => tS >= fromS);
  const [from, next] = [drive.gnss[first]!, drive.gnss[first + 1]!];
  return { ...drive, gnss: drive.gnss.map((fix, n) => (n < first ? fix : { ...fix, latDeg: from.latDeg + (n - first) * (next.latDeg - from.latDeg), lonDeg: from.lonDeg + (n - first) * (next.lonDeg - from.lonDeg) })) };
}

/** From a moment on the phone lies another way round: tumbled within two seconds. */
function handled(drive: Drive, atS: number): Drive {
  const imu = drive.imu!;
  const angle = imu.tS.map((tS) => 1.9 * Math.min(1, Math.max(0, (tS - START_S - atS) / 2)));
  const rate = imu.tS.map((tS) => (tS - START_S >= atS && tS - START_S < atS + 2 ? 0.95 : 0));
  const [y, z] = [imu.forceY, imu.forceZ];
  const [gy, gz] = [imu.gyroY, imu.gyroZ];
  return {
    ...drive,
    imu: {
      ...imu,
      forceY: y.map((value, n) => value * Math.cos(angle[n]!) + z[n]! * Math.sin(angle[n]!)), forceZ: z.map((value, n) => value * Math.cos(angle[n]!) - y[n]! * Math.sin(angle[n]!)),
      gyroX: imu.gyroX.map((value, n) => value - rate[n]!),
      gyroY: gy.map((value, n) => value * Math.cos(angle[n]!) + gz[n]! * Math.sin(angle[n]!)), gyroZ: gz.map((value, n) => value * Math.cos(angle[n]!) - gy[n]! * Math.sin(angle[n]!)),
    },
  };
}
