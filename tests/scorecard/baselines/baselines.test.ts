import { expect, test } from 'vitest';
import { DESK, madeDrive, ROUGH_ROAD, START_S } from '../../validate/made-drive.ts';
import { teleport } from '../../../fixtures/attacks/teleport.ts';
import { makeRandom } from '../../../fixtures/random.ts';
import type { Drive } from '../../../shared/model/drive.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { sketchOf } from '../../../validate/sketch.ts';
import { wilsonHilferty } from './chi-squared.ts';
import { EKF_TUNINGS, ekfOf } from './ekf.ts';
import { FEATURE_NAMES, featuresOf } from './features.ts';
import { fitLogistic, logOdds } from './fusion.ts';
import { thresholdsOf } from './thresholds.ts';

const WINDOW = { fromS: 100, toS: 164 };
const honest = madeDrive({ seconds: 300, imu: () => ROUGH_ROAD, seed: 3 });
const sketch = (drive: Drive): NonNullable<ReturnType<typeof sketchOf>> => sketchOf(drive, RECIPE.validate)!;
const jumped = { ...honest, ...teleport({ gnss: honest.gnss, imu: honest.imu, frames: [] }, { fromS: START_S + 130, forS: 60, distanceM: 200, bearingDeg: 160 }), frames: [] };

test('chi-squared sums become standard normals: 95 % points of the table', () => {
  for (const [squares, freedom] of [[5.991, 2], [18.307, 10], [124.342, 100]] as const) expect(wilsonHilferty(squares, freedom)).toBeCloseTo(1.645, 1);
  expect(wilsonHilferty(0, 0)).toBe(0);
});

test('the filter is not surprised by an honest drive, and is by a jump, with every tuning', () => {
  for (const tuning of EKF_TUNINGS) {
    const [calm, alarmed] = [honest, jumped].map((drive) => Math.max(...ekfOf(sketch(drive), tuning)(WINDOW)));
    expect(calm).toBeLessThan(6);
    expect(alarmed).toBeGreaterThan(calm! + 10);
  }
});

test('the filter says nothing certain where there is no fix, and is never lost in numbers', () => {
  const lost = madeDrive({ seconds: 300, lost: (atS) => atS > 90 && atS < 200 });
  expect(Math.max(...ekfOf(sketch(lost), EKF_TUNINGS[0]!)(WINDOW))).toBeLessThan(0);
  const turning = madeDrive({ seconds: 900, speedMps: (atS) => 8 + 8 * Math.sin(atS / 20), courseDeg: (atS) => (atS * 7) % 360, imu: () => DESK });
  for (let fromS = 0; fromS < 800; fromS += 16) for (const value of ekfOf(sketch(turning), EKF_TUNINGS[0]!)({ fromS, toS: fromS + 64 })) expect(Number.isFinite(value)).toBe(true);
});

test('thresholds: a jump of 200 m is seven times the largest leap', () => {
  expect(thresholdsOf(sketch(honest))(WINDOW)).toBeLessThan(1);
  expect(thresholdsOf(sketch(jumped))(WINDOW)).toBeGreaterThan(5);
});

test('classical scores: missing without a motion sensor, there with one', () => {
  const [withImu, without] = [honest, { ...honest, imu: null }].map((drive) => featuresOf(sketch(drive))(WINDOW));
  expect(withImu).toHaveLength(FEATURE_NAMES.length);
  expect(withImu!.every(Number.isFinite)).toBe(true);
  expect(without!.filter(Number.isNaN)).toHaveLength(3);
});

test('the fusion finds the direction in which attacks lie, and takes missing values', () => {
  const random = makeRandom(5, 'fusion');
  const rows = (shift: number): readonly (readonly number[])[] => Array.from({ length: 300 }, (_, n) => [random.normal() + shift, random.normal(), n % 3 === 0 ? NaN : random.normal() - shift]);
  const fitted = fitLogistic(rows(0), rows(1.5));
  expect(logOdds(fitted, [3, 0, -3])).toBeGreaterThan(2);
  expect(logOdds(fitted, [-3, 0, 3])).toBeLessThan(-2);
  expect(Number.isFinite(logOdds(fitted, [NaN, NaN, NaN]))).toBe(true);
});
