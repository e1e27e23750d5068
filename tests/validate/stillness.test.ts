import { describe, expect, test } from 'vitest';
import { gyroStillness, stillness } from '../../validate/checks/stillness.ts';
import { sketchOf } from '../../validate/sketch.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { mapImu } from './attacks.ts';
import { DESK, GLIDING, madeDrive, ROUGH_ROAD } from './made-drive.ts';
import { measuredBy, worstOf } from './measured.ts';

const cityDriving = (t: number): number => (t % 60 < 25 ? 0 : 11);

describe('what honest rides do', () => {
  test.each([
    ['a car on a rough road', madeDrive({ seconds: 300, imu: () => ROUGH_ROAD })],
    ['an electric car gliding', madeDrive({ seconds: 300, imu: () => GLIDING })],
    ['a train at 40 m/s', madeDrive({ seconds: 300, speedMps: () => 40, imu: () => GLIDING })],
    ['a train with a sensor that gives means of a second', madeDrive({ seconds: 300, imu: () => ({ vibrationMps2: 0.06, gyroRadps: 0.002 }), averaged: true })],
    ['a car that is perfectly still at its stops', madeDrive({ seconds: 300, speedMps: cityDriving, imu: (t) => (t % 60 < 25 ? DESK : ROUGH_ROAD) })],
  ])('%s is not still', (_, drive) => {
    expect(worstOf(stillness, drive)).toBeLessThan(1);
  });

  test('a ferry at 4 m/s is too slow to be told', () => {
    expect(worstOf(stillness, madeDrive({ seconds: 300, speedMps: () => 4, imu: () => DESK }))).toBeNull();
  });
});

describe('what it catches', () => {
  test.each([
    ['a phone on a desk under a driving track', madeDrive({ seconds: 300, imu: () => DESK })],
    ['the same in stop and go', madeDrive({ seconds: 300, speedMps: cityDriving, imu: () => DESK })],
    ['the same in means of a second', madeDrive({ seconds: 300, imu: () => ({ vibrationMps2: 0.008, gyroRadps: 0.0003 }), averaged: true })],
    ['the same without a reported speed', madeDrive({ seconds: 300, hasDoppler: false, imu: () => DESK })],
    ['a phone put down half-way', madeDrive({ seconds: 300, imu: (t) => (t < 150 ? ROUGH_ROAD : DESK) })],
  ])('%s', (_, drive) => {
    expect(worstOf(stillness, drive)).toBeGreaterThan(1);
  });
});

describe('what it cannot tell', () => {
  test('no sensor', () => {
    expect(worstOf(stillness, madeDrive({ seconds: 200 }))).toBeNull();
  });

  test('a zeroed sensor is no sensor', () => {
    const drive = madeDrive({ seconds: 200, imu: () => ROUGH_ROAD });
    expect(worstOf(stillness, { ...drive, imu: mapImu(drive.imu!, (column) => column.map(() => 0)) })).toBeNull();
  });

  test('a car that does not drive', () => {
    expect(worstOf(stillness, madeDrive({ seconds: 200, speedMps: () => 0, imu: () => DESK }))).toBeNull();
  });
});

describe('the gyroscope for itself', () => {
  test('a smooth ride that turns to and fro is still by the force alone: one accuser', () => {
    const drive = madeDrive({ seconds: 100, imu: () => ({ vibrationMps2: 0.06, gyroRadps: 0.03 }) });
    expect([worstOf(stillness, drive)! > 1, worstOf(gyroStillness, drive)! > 1]).toEqual([true, false]);
    expect(measuredBy(gyroStillness, drive)[0]).toMatchObject({ unit: 'rad/s', bound: 'lower' });
  });

  test.each([ROUGH_ROAD, GLIDING])('is not still in a vehicle: %o', (shaking) => {
    expect(worstOf(gyroStillness, madeDrive({ seconds: 300, imu: () => shaking }))).toBeLessThan(1);
  });

  test.each([
    ['a ferry, at 50 Hz', madeDrive({ seconds: 300, speedMps: () => 8.5, imu: () => ({ vibrationMps2: 0.13, gyroRadps: 0.0042 }) })],
    ['a train, in means of a second', madeDrive({ seconds: 300, speedMps: () => 38, averaged: true, imu: () => ({ vibrationMps2: 0.055, gyroRadps: 0.001 }) })],
  ])('%s is calmer than any car, and neither check is near its limit', (_, drive) => {
    for (const check of [stillness, gyroStillness]) expect(worstOf(check, drive), check.name).toBeLessThan(0.85);
  });

  test('is still on a desk, with or without a reported speed', () => {
    for (const hasDoppler of [true, false]) expect(worstOf(gyroStillness, madeDrive({ seconds: 300, hasDoppler, imu: () => DESK }))).toBeGreaterThan(1);
  });

  test('a device without one is not asked', () => {
    const drive = madeDrive({ seconds: 200, imu: () => DESK });
    expect(worstOf(gyroStillness, { ...drive, imu: { ...drive.imu!, gyroX: drive.imu!.gyroX.map(() => NaN) } })).toBeNull();
  });
});

test('a parked sensor has two accusers that share no channel, where the receiver reports a speed', () => {
  const sketch = sketchOf(madeDrive({ seconds: 60, imu: () => DESK }), RECIPE.validate)!;
  expect([stillness.channels(sketch), gyroStillness.channels(sketch)]).toEqual([['doppler', 'force'], ['position', 'gyro']]);
});

test('without a reported speed both accuse the positions', () => {
  const sketch = sketchOf(madeDrive({ seconds: 60, hasDoppler: false, imu: () => DESK }), RECIPE.validate)!;
  expect(stillness.channels(sketch)).toEqual(['position', 'force']);
});
