import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Drive, GnssFix, ImuSeries } from '../../shared/model/drive.ts';
import { TIERS } from '../../shared/model/verdict.ts';
import { mapImu, teleported } from './attacks.ts';
import { DESK, madeDrive, ROUGH_ROAD, START_S } from './made-drive.ts';
import { judged } from './measured.ts';

const RUNS = { numRuns: 25, seed: 20_260_101 };

/** Drives of every kind: honest, teleported, with a parked sensor, with a tunnel, in means of a second. */
const kinds = fc.record({
  seed: fc.integer({ min: 1, max: 1000 }),
  seconds: fc.integer({ min: 30, max: 260 }),
  speed: fc.double({ min: 0, max: 35, noNaN: true }),
  turn: fc.double({ min: -3, max: 3, noNaN: true }),
  isParked: fc.boolean(),
  averaged: fc.boolean(),
  hacc: fc.constantFrom(null, 3, 25, 60),
  tunnelS: fc.constantFrom(0, 0, 40),
  leapM: fc.constantFrom(0, 0, 40, 80, 400),
});

// The kind is what a failure prints and shrinks; a drive would fill the screen.
function driveOf({ seed, seconds, speed, turn, isParked, averaged, hacc, tunnelS, leapM }: typeof kinds extends fc.Arbitrary<infer Kind> ? Kind : never): Drive {
  const drive = madeDrive({
    seed, seconds, averaged, framesEveryS: 7, speedMps: (t) => Math.max(0, speed * (1 + 0.4 * Math.sin(t / 15))), courseDeg: (t) => turn * t, haccM: () => hacc,
    lost: (t) => t > 20 && t < 20 + tunnelS,
    imu: (t) => (isParked && t > seconds / 4 ? DESK : ROUGH_ROAD),
  });
  return leapM === 0 ? drive : teleported(drive, { atS: START_S + seconds / 2, metres: leapM, onCourseDeg: seed });
}

describe('what must not matter', () => {
  test('when the drive was made', () => {
    fc.assert(fc.property(kinds, fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }), (kind, shiftMs) => {
      const drive = driveOf(kind);
      const [there, here] = [judged(shifted(drive, shiftMs / 1000)), judged(drive)];
      expect({ ...there, windows: there.windows.map(withoutTimes), frames: there.frames.map(withoutTime) })
        .toEqual({ ...here, windows: here.windows.map(withoutTimes), frames: here.frames.map(withoutTime) });
    }), RUNS);
  });

  test('how the device is mounted', () => {
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    fc.assert(fc.property(kinds, fc.tuple(angle, angle, angle), (kind, angles) => {
      const drive = driveOf(kind);
      const [turned, here] = [judged({ ...drive, imu: rotated(drive.imu!, angles) }), judged(drive)];
      expect([turned.verdict, turned.tier, turned.frames]).toEqual([here.verdict, here.tier, here.frames]);
      expect(turned.score).toBeCloseTo(here.score, 4);
    }), RUNS);
  });

  test('in which order rows are given', () => {
    fc.assert(fc.property(kinds, fc.integer({ min: 1, max: 1000 }), (kind, step) => {
      const drive = driveOf(kind);
      const mixed = { ...drive, gnss: mixedUp(drive.gnss, step), frames: mixedUp(drive.frames, step) };
      const [there, here] = [judged(mixed), judged(drive)];
      expect({ ...there, frames: there.frames.toSorted((a, b) => a.tS - b.tS) }).toEqual(here);
    }), RUNS);
  });

  test('that it is asked twice', () => {
    fc.assert(fc.property(kinds, (kind) => {
      expect(judged(driveOf(kind))).toEqual(judged(driveOf(kind)));
    }), { ...RUNS, numRuns: 5 });
  });
});

/** Every way to leave a channel out or to zero it. */
const LOSSES: Readonly<Record<string, (drive: Drive) => Drive>> = {
  'no motion sensor': (drive) => ({ ...drive, imu: null }),
  'a zeroed motion sensor': (drive) => ({ ...drive, imu: mapImu(drive.imu!, (column) => column.map(() => 0)) }),
  'a zeroed accelerometer': (drive) => ({ ...drive, imu: { ...drive.imu!, ...zeroed(drive.imu!, ['forceX', 'forceY', 'forceZ']) } }),
  'a zeroed gyroscope': (drive) => ({ ...drive, imu: { ...drive.imu!, ...zeroed(drive.imu!, ['gyroX', 'gyroY', 'gyroZ']) } }),
  'no gyroscope': (drive) => ({ ...drive, imu: { ...drive.imu!, gyroX: drive.imu!.gyroX.map(() => NaN) } }),
  'no accelerometer': (drive) => ({ ...drive, imu: { ...drive.imu!, forceX: drive.imu!.forceX.map(() => NaN), forceY: drive.imu!.forceY.map(() => NaN), forceZ: drive.imu!.forceZ.map(() => NaN) } }),
  'half of the motion samples': (drive) => ({ ...drive, imu: firstHalf(drive.imu!) }),
  'no reported speed': (drive) => withFixes(drive, { speedMps: null, courseDeg: null }),
  'a reported speed of zero': (drive) => withFixes(drive, { speedMps: 0 }),
  'no course': (drive) => withFixes(drive, { courseDeg: null }),
  'a course of zero': (drive) => withFixes(drive, { courseDeg: 0 }),
  'no accuracy': (drive) => withFixes(drive, { haccM: null }),
  'positions that are all the same': (drive) => withFixes(drive, { latDeg: 52, lonDeg: 5 }),
};

test.each(Object.keys(LOSSES))('%s never raises the tier', (loss) => {
  fc.assert(fc.property(kinds, (kind) => {
    const drive = driveOf(kind);
    expect(TIERS.indexOf(judged(LOSSES[loss]!(drive)).tier)).toBeGreaterThanOrEqual(TIERS.indexOf(judged(drive).tier));
  }), RUNS);
});

function shifted(drive: Drive, byS: number): Drive {
  return {
    ...drive,
    gnss: drive.gnss.map((fix) => ({ ...fix, tS: fix.tS + byS })),
    imu: drive.imu === null ? null : { ...drive.imu, tS: drive.imu.tS.map((tS) => tS + byS) },
    frames: drive.frames.map((frame) => ({ ...frame, capturedAt: frame.capturedAt + byS })),
  };
}

function withoutTimes({ fromS: _from, toS: _to, checks, ...rest }: { fromS: number; toS: number; checks: Readonly<Record<string, { atS: number; span?: object }>> }) {
  return { ...rest, checks: Object.entries(checks).map(([name, { atS: _at, span: _span, ...check }]) => [name, check]) };
}

function withoutTime({ tS: _at, ...rest }: { tS: number }) {
  return rest;
}

/** Turns about three axes, one after the other. */
function rotated(imu: ImuSeries, [a, b, c]: readonly [number, number, number]): ImuSeries {
  const turn = ([x, y, z]: readonly [number, number, number]): readonly [number, number, number] => {
    const [x1, y1] = [x * Math.cos(a) - y * Math.sin(a), x * Math.sin(a) + y * Math.cos(a)];
    const [y2, z2] = [y1 * Math.cos(b) - z * Math.sin(b), y1 * Math.sin(b) + z * Math.cos(b)];
    return [x1 * Math.cos(c) + z2 * Math.sin(c), y2, z2 * Math.cos(c) - x1 * Math.sin(c)];
  };
  const axis = (of: 'force' | 'gyro', at: 0 | 1 | 2): Float64Array => imu.tS.map((_, n) => turn([imu[`${of}X`][n]!, imu[`${of}Y`][n]!, imu[`${of}Z`][n]!])[at]);
  return { ...imu, forceX: axis('force', 0), forceY: axis('force', 1), forceZ: axis('force', 2), gyroX: axis('gyro', 0), gyroY: axis('gyro', 1), gyroZ: axis('gyro', 2) };
}

function mixedUp<Row>(rows: readonly Row[], step: number): readonly Row[] {
  return rows.map((row, n) => ({ row, key: (n * 7919 + step * 104_729) % 1009 })).toSorted((a, b) => a.key - b.key).map(({ row }) => row);
}

type Column = Exclude<keyof ImuSeries, 'averaged' | 'tS'>;

function zeroed(imu: ImuSeries, columns: readonly Column[]): Partial<ImuSeries> {
  return Object.fromEntries(columns.map((column) => [column, imu[column].map(() => 0)]));
}

function firstHalf(imu: ImuSeries): ImuSeries {
  const half = imu.tS.length >> 1;
  return { ...mapImu(imu, (column) => column.slice(0, half)), tS: imu.tS.slice(0, half) };
}

function withFixes(drive: Drive, change: Partial<GnssFix>): Drive {
  return { ...drive, gnss: drive.gnss.map((fix) => ({ ...fix, ...change })) };
}
