import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECIPE } from '../../../shared/model/recipe.ts';
import type { Drive, ImuSeries } from '../../../shared/model/drive.ts';
import { sameReadings } from '../../../validate/context/same-readings.ts';
import { sensorBlocks } from '../../../validate/context/sensor-blocks.ts';
import { realDrivesFolder, readRealDrives } from '../real-drives.ts';
import { asDrive, driven, inContext, wandering } from './streets.ts';

const RULES = RECIPE.validate.context;
const original = asDrive(driven(wandering(1), { seed: 1 }));

/** The recording cut, its times shifted, its places moved, its sensor turned. */
function forged({ gnss, imu, ...rest }: Drive, trick: { readonly laterS: number; readonly from: number; readonly moveDeg: number; readonly turnRad: number }): Drive {
  const { laterS, from, moveDeg, turnRad } = trick;
  const fromS = gnss[from]!.tS;
  return {
    ...rest,
    gnss: gnss.slice(from).map((fix) => ({ ...fix, tS: fix.tS + laterS, latDeg: fix.latDeg + moveDeg, lonDeg: fix.lonDeg - moveDeg })),
    imu: imu === null ? null : turned(imu, { laterS, turnRad, first: imu.tS.findIndex((tS) => tS >= fromS) }),
  };
}

function turned(imu: ImuSeries, { laterS, turnRad, first }: { readonly laterS: number; readonly turnRad: number; readonly first: number }): ImuSeries {
  const [sin, cos] = [Math.sin(turnRad), Math.cos(turnRad)];
  const cut = (column: Float64Array) => column.slice(first);
  return {
    averaged: imu.averaged, tS: cut(imu.tS).map((tS) => tS + laterS), forceZ: cut(imu.forceZ), gyroX: cut(imu.gyroX), gyroY: cut(imu.gyroY), gyroZ: cut(imu.gyroZ),
    forceX: cut(imu.forceX.map((x, n) => cos * x - sin * imu.forceY[n]!)), forceY: cut(imu.forceY.map((y, n) => sin * imu.forceX[n]! + cos * y)),
  };
}

/** One's own recording under later times. */
function ownLines(laterS: number): ReturnType<typeof sameReadings> {
  return sameReadings(forged(original, { laterS, from: 0, moveDeg: 0, turnRad: 0 }), [inContext(original, null)], RULES);
}

describe('readings that another drive holds', () => {
  test('are found cut, shifted, moved and turned, and reject alone', () => {
    fc.assert(fc.property(
      fc.record({ laterS: fc.integer({ min: -1e7, max: 1e7 }), from: fc.integer({ min: 0, max: 60 }), moveDeg: fc.double({ min: -1e-3, max: 1e-3, noNaN: true }), turnRad: fc.double({ min: 0, max: 6, noNaN: true }) }),
      (trick) => {
        const [line] = sameReadings(forged(original, trick), [inContext(original, 'anna')], RULES);
        expect(line).toMatchObject({ check: 'same-readings', reason: 'readings_held', isCertain: true, unit: 'blocks' });
        expect(line!.measured).toBeGreaterThan(line!.limit);
        expect(line!.spans.length).toBeGreaterThan(0);
      },
    ), { numRuns: 20 });
  });

  test("one's own count where the times differ", () => {
    expect(ownLines(86_400).map(({ check, reason, spans }) => [check, reason, spans.length])).toEqual([['same-readings', 'readings_held', 0], ['own-readings', 'own_drive_again', 1]]);
    expect(ownLines(0).flatMap(({ spans }) => spans)).toEqual([]);
  });

  test('each kind by itself is enough', () => {
    const doppler = { ...original, imu: null, gnss: original.gnss.map((fix, n) => ({ ...fix, tS: fix.tS + 9, latDeg: 10 + n * 1e-4, lonDeg: 10 })) };
    const force = { ...original, gnss: asDrive(driven(wandering(2), { seed: 2 })).gnss };
    for (const drive of [doppler, force]) expect(sameReadings(drive, [inContext(original, 'anna')], RULES)[0]!.measured).toBeGreaterThan(RULES.sameBlocks);
  });
});

test('the same street by another car, a sensor at rest and a receiver that stands share nothing', () => {
  const other = asDrive(driven(wandering(1), { seed: 9 }));
  expect(sameReadings(other, [inContext(original, 'anna')], RULES)[0]).toMatchObject({ measured: 0, spans: [] });
  const n = 5000;
  const still: ImuSeries = { averaged: false, tS: Float64Array.from({ length: n }, (_, k) => k / 50), forceX: new Float64Array(n), forceY: new Float64Array(n), forceZ: Float64Array.from({ length: n }, (_, k) => 9.81 + (k % 3) * 0.01), gyroX: new Float64Array(n), gyroY: new Float64Array(n), gyroZ: new Float64Array(n) };
  const standing = Array.from({ length: 600 }, (_, k) => ({ ...original.gnss[0]!, tS: k, speedMps: 0, courseDeg: null }));
  expect(sensorBlocks({ gnss: standing, imu: still })).toEqual([]);
  expect(sensorBlocks({ gnss: [], imu: null })).toEqual([]);
});

const folder = realDrivesFolder();

test.skipIf(folder === null)('no two real drives share a block, and nearly all have some', () => {
  const blocks = readRealDrives(folder!).map((drive) => ({ name: drive.name, hashes: sensorBlocks(drive).map(({ hash }) => hash) }));
  const all = blocks.flatMap(({ hashes }) => hashes);
  expect(new Set(all).size).toBe(all.length);
  expect(blocks.filter(({ hashes }) => hashes.length <= RULES.sameBlocks).map(({ name }) => name)).toEqual(['phone-2023-08-04-network-provider']);
}, 60_000);
