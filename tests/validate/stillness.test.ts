import { describe, expect, test } from 'vitest';
import { stillness } from '../../validate/checks/stillness.ts';
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
    ['a train with a sensor that gives means of a second', madeDrive({ seconds: 300, imu: () => ({ vibrationMps2: 0.05, gyroRadps: 0.002 }), averaged: true })],
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

test('it names the stronger motion: a smooth ride is told by its turning', () => {
  const drive = madeDrive({ seconds: 100, imu: () => ({ vibrationMps2: 0.06, gyroRadps: 0.03 }) });
  expect(measuredBy(stillness, drive)[0]).toMatchObject({ unit: 'rad/s', bound: 'lower' });
});

test('it shares no channel with the positions where the receiver reports a speed', () => {
  expect(channelsOf(true)).toEqual(['doppler', 'imu']);
  expect(channelsOf(false)).toEqual(['position', 'imu']);
});

function channelsOf(hasDoppler: boolean): readonly string[] {
  return stillness.channels(sketchOf(madeDrive({ seconds: 60, hasDoppler, imu: () => DESK }), RECIPE.validate)!);
}
