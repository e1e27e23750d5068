import { expect, test } from 'vitest';
import { gyroBias, nearestTold } from '../../validate/filter/gyro-bias.ts';

test('a bias that no standstill told is that of the nearest one, and none where there was no standstill', () => {
  expect([...nearestTold(Float64Array.of(NaN, 1, NaN, NaN, NaN, 2, NaN))]).toEqual([1, 1, 1, 1, 2, 2, 2]);
  expect([...nearestTold(Float64Array.of(NaN, NaN))]).toEqual([0, 0]);
  expect([...nearestTold(new Float64Array(0))]).toEqual([]);
});

test('far from a standstill the bias does not leap back to nothing', () => {
  const seconds = 2000;
  const still = Uint8Array.from({ length: seconds }, (_, k) => (k < 30 ? 1 : 0));
  const bias = gyroBias(new Float64Array(seconds).fill(0.0015), still);
  expect(bias[1000]).toBeNaN();
  expect(nearestTold(bias).every((radps) => Math.abs(radps - 0.0015) < 1e-12)).toBe(true);
});
