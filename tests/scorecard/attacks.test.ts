import { expect, test } from 'vitest';
import { madeDrive, ROUGH_ROAD, START_S } from '../validate/made-drive.ts';
import { makeRandom } from '../../fixtures/random.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { sketchOf } from '../../validate/sketch.ts';
import { windowsOf } from '../../validate/windows.ts';
import { asDrive } from '../training/attacked.ts';
import { IDENTITIES, MACRO, SCORED_ATTACKS } from './attacks.ts';
import { atOneHertz, DROP_OUTS } from './dropouts.ts';
import { drivenWithin, groundOf, lootFrom, stretchAround } from './placing.ts';
import { VARIANT_ATTACKS } from './variants.ts';

// Stands for 40 s, so that there is a rest to forge with.
const drive = madeDrive({ seconds: 900, speedMps: (atS) => (atS > 600 && atS < 640 ? 0 : 13), courseDeg: (atS) => 70 + 40 * Math.sin(atS / 30), imu: () => ROUGH_ROAD, averaged: true });
const ground = groundOf(drive)!;
const onsetS = START_S + 300;
const all = { ...SCORED_ATTACKS, ...VARIANT_ATTACKS };
const attempt = (make: (typeof all)[string]['make'], seed = 1) => {
  const random = makeRandom(seed, 'attempt');
  return make({ own: stretchAround(ground, onsetS), onsetS, random, loot: lootFrom(ground, ground, random) })!;
};

test('the macro is the nine of threats.md', () => {
  expect(MACRO.toSorted()).toEqual(['drag-off', 'frozen', 'parked-imu', 'replay', 'simulated', 'speed-scale', 'teleport', 'time-shift', 'wrong-turn']);
});

test.each(Object.keys(all))('%s changes the drive and leaves windows of its grid to decide about', (name) => {
  const own = stretchAround(ground, onsetS);
  const { drive: forged, decides } = attempt(all[name]!.make);
  expect({ gnss: forged.gnss, imu: forged.imu }).not.toEqual({ gnss: own.gnss, imu: own.imu });
  const sketch = sketchOf(asDrive(forged, drive), RECIPE.validate)!;
  expect(windowsOf(sketch, RECIPE.validate).filter(({ fromS, toS }) => decides(sketch.startS + fromS, sketch.startS + toS)).length).toBeGreaterThan(0);
});

test.each(['replay', 'simulated', 'parked-imu', 'frozen'])('%s begins 15 s into the window that is asked', (name) => {
  const { drive: forged, decides } = attempt(SCORED_ATTACKS[name]!.make);
  const sketch = sketchOf(asDrive(forged, drive), RECIPE.validate)!;
  const asked = windowsOf(sketch, RECIPE.validate).filter(({ fromS, toS }) => decides(sketch.startS + fromS, sketch.startS + toS));
  expect(asked.map(({ fromS }) => Math.abs(onsetS - sketch.startS - fromS - 15) <= 1)).toEqual([true]);
});

test('an identity changes nothing that is measured', () => {
  const own = stretchAround(ground, onsetS);
  for (const { make } of IDENTITIES) {
    const { drive: same } = attempt(make);
    const [firstS, lastS] = [same.gnss[0]!.tS, same.gnss.at(-1)!.tS];
    const there = own.gnss.filter(({ tS }) => tS >= firstS && tS <= lastS);
    for (const [n, fix] of same.gnss.entries()) {
      expect(Math.hypot(fix.latDeg - there[n]!.latDeg, fix.lonDeg - there[n]!.lonDeg)).toBeLessThan(1e-9);
      expect(fix.speedMps).toBeCloseTo(there[n]!.speedMps!, 6);
    }
  }
});

test('a window counts as driven by where the car truly was', () => {
  expect(drivenWithin(ground, START_S + 100, START_S + 164)).toBe(64);
  expect(drivenWithin(ground, START_S + 602, START_S + 638)).toBe(0);
});

test('a sensor that is taken away is gone, and nothing is taken from a drive without it', () => {
  expect(DROP_OUTS['no_doppler']!(drive)!.gnss.every(({ speedMps, courseDeg }) => speedMps === null && courseDeg === null)).toBe(true);
  expect(DROP_OUTS['no_gyro']!(drive)!.imu!.gyroZ.every(Number.isNaN)).toBe(true);
  expect(DROP_OUTS['imu_1hz']!(drive)).toBeNull();
  expect(Object.values(DROP_OUTS).map((drop) => drop(madeDrive({ seconds: 100, hasDoppler: false })))).toEqual([null, null, null, null]);
});

test('one hertz: each row is the mean of its second', () => {
  const { imu } = madeDrive({ seconds: 20, imu: () => ROUGH_ROAD });
  const { tS, forceZ, averaged } = atOneHertz(imu!);
  expect([averaged, tS.length]).toEqual([true, 20]);
  const first = Array.from(imu!.tS, (at, n) => (at < START_S + 1 ? imu!.forceZ[n]! : NaN)).filter(Number.isFinite);
  expect(forceZ[0]).toBeCloseTo(first.reduce((sum, value) => sum + value, 0) / first.length, 10);
});
