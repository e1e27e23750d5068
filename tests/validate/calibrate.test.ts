import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECIPE } from '../../shared/model/recipe.ts';
import { type Calibration, chanceOf, chanceOfCheck, driveScore, strongest, surprise, tailOf } from '../../validate/calibrate.ts';
import { CALIBRATION } from '../../validate/calibration.ts';
import { CHECKS } from '../../validate/checks/all.ts';
import { LEARNED_CONSISTENCY } from '../../validate/checks/learned-consistency.ts';
import { calibrate } from '../../validate/training/calibrate.ts';
import { makeRandom } from '../../fixtures/random.ts';
import { madeDrive, ROUGH_ROAD } from './made-drive.ts';

describe('a tail', () => {
  const random = makeRandom(1, 'tail');
  const honest = Array.from({ length: 20_000 }, () => -Math.log(1 - random.uniform()));
  const tail = tailOf(honest)!;

  test('gives back the chances of what it was made of, and goes on beyond it', () => {
    for (const chance of [0.9, 0.5, 0.1, 0.01, 0.001, 1e-5]) {
      expect(chanceOf(tail, -Math.log(chance)) / chance, String(chance)).toBeGreaterThan(1 / 3);
      expect(chanceOf(tail, -Math.log(chance)) / chance, String(chance)).toBeLessThan(3);
    }
  });

  test('is a chance, and falls', () => {
    const value = fc.double({ min: -5, max: 500, noNaN: true });
    fc.assert(fc.property(value, value, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(chanceOf(tail, low)).toBeGreaterThanOrEqual(chanceOf(tail, high));
      expect(chanceOf(tail, low)).toBeLessThanOrEqual(1);
      expect(chanceOf(tail, high)).toBeGreaterThanOrEqual(0);
    }));
  });

  test('of many equal values is not surprised by them', () => {
    expect(chanceOf(tailOf([0, 0, 0, 0, 1])!, 0)).toBeGreaterThan(0.5);
  });

  test('of nothing is none', () => {
    expect(tailOf([])).toBeNull();
  });
});

describe('the chance of a check', () => {
  const [calm, wild] = [tailOf(Array.from({ length: 1000 }, (_, n) => n / 1000))!, tailOf(Array.from({ length: 1000 }, (_, n) => n / 100))!];
  const severity = fc.double({ min: 0, max: 50, noNaN: true });

  test('lies between those on real and on simulated drives, and is theirs where there is but one', () => {
    fc.assert(fc.property(severity, (value) => {
      const both = chanceOfCheck({ checks: { drift: calm }, simulated: { drift: wild } }, 'drift', value);
      expect(both).toBeGreaterThanOrEqual(Math.min(chanceOf(calm, value), chanceOf(wild, value)));
      expect(both).toBeLessThanOrEqual(Math.max(chanceOf(calm, value), chanceOf(wild, value)));
      expect(chanceOfCheck({ checks: { drift: calm } }, 'drift', value)).toBe(chanceOf(calm, value));
      expect(chanceOfCheck({ checks: {}, simulated: { drift: wild } }, 'drift', value)).toBe(chanceOf(wild, value));
    }));
  });

  test('of one that honest drives could not exercise is one in a thousand at its limit', () => {
    expect(chanceOfCheck({ checks: {} }, 'camera-still', 1)).toBeCloseTo(0.001);
  });
});

test('surprise grows with rarity and starts at nothing', () => {
  expect(surprise(1)).toBe(0);
  expect(surprise(0.01)).toBeCloseTo(Math.log(100));
  expect(Number.isFinite(surprise(0))).toBe(true);
});

describe('the strongest check of a window', () => {
  const tail = tailOf([1, 2, 3])!;
  const checks = { displacement: tail, stillness: tail, [LEARNED_CONSISTENCY]: tail };
  const chance = fc.double({ min: 1e-9, max: 1, noNaN: true });

  test('the net needs less than another check to be as surprising', () => {
    const value = strongest({ checks }, [{ name: LEARNED_CONSISTENCY, chance: 0.01 }])!;
    expect(value).toBeGreaterThan(strongest({ checks }, [{ name: 'stillness', chance: 0.01 }])!);
    expect(value).toBeLessThan(strongest({ checks }, [{ name: 'stillness', chance: 0.0001 }])!);
  });

  test('another check never makes a window less surprising, a smaller chance makes it more', () => {
    fc.assert(fc.property(chance, chance, chance, (a, b, c) => {
      const one = [{ name: 'displacement', chance: a }];
      const two = [...one, { name: LEARNED_CONSISTENCY, chance: b }];
      expect(strongest({ checks }, two)!).toBeGreaterThanOrEqual(strongest({ checks }, one)!);
      expect(strongest({ checks }, [{ name: 'displacement', chance: Math.min(a, c) }])!).toBeGreaterThanOrEqual(strongest({ checks }, one)!);
      expect(strongest({ checks }, two)!).toBeGreaterThanOrEqual(0);
    }));
  });

  test('honest windows whose checks are independent pass a threshold no more often than its share, however many checks there are', () => {
    const random = makeRandom(3, 'shares');
    const values = Array.from({ length: 20_000 }, () => strongest({ checks }, Object.keys(checks).map((name) => ({ name, chance: random.uniform() })))!);
    const sure = strongest({ checks }, [{ name: LEARNED_CONSISTENCY, chance: 0.8 * 0.01 }])!;
    expect(values.filter((value) => value >= sure).length / values.length).toBeLessThan(0.0125);
  });
});

describe('a drive\'s score', () => {
  test('of one window is that window\'s', () => {
    expect(driveScore(0.2, [0.03], 1)).toBeCloseTo(0.97);
  });

  test('is lower for the same worst window in a longer drive', () => {
    expect(driveScore(0.2, [0.01], 200)).toBeLessThan(driveScore(0.2, [0.01], 10));
  });

  test('of nothing measured is 0', () => {
    expect(driveScore(0.2, [], 10)).toBe(0);
  });

  test('is uniform on drives of independent windows, whatever their length', () => {
    const random = makeRandom(2, 'drives');
    for (const length of [3, 30, 300]) {
      const scores = Array.from({ length: 2000 }, () => driveScore(1, Array.from({ length }, () => random.uniform()), length));
      expect(scores.filter((score) => score < 0.5).length / 2000, `${length} windows`).toBeCloseTo(0.5, 1);
      expect(scores.filter((score) => score > 0.95).length / 2000, `${length} windows`).toBeCloseTo(0.05, 1);
    }
  });
});

describe('what is committed', () => {
  test('was made under this recipe, on drives that it names', () => {
    expect(CALIBRATION.recipe).toBe(RECIPE.version);
    expect(CALIBRATION.drives.every((sha256) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
    expect(CALIBRATION.drives).toEqual(CALIBRATION.drives.toSorted());
  });

  test('a check at its limit is rare enough to be flagged, for every check', () => {
    for (const { name } of CHECKS) expect(1 - chanceOfCheck(CALIBRATION, name, 1), name).toBeGreaterThanOrEqual(RECIPE.validate.flagScore);
  });
});

test('the same drives, recipe and seed give the same calibration', () => {
  const drives = [1, 2, 3].map((seed) => madeDrive({ seed, seconds: 700, imu: () => ROUGH_ROAD }));
  const one: Calibration = calibrate(drives, RECIPE, 5);
  expect(JSON.stringify(calibrate(drives, RECIPE, 5))).toBe(JSON.stringify(one));
  expect(one.windowWorth).toBeGreaterThan(0);
  expect(one.windowWorth).toBeLessThanOrEqual(1);
  expect(Object.keys(one.checks)).toEqual(expect.arrayContaining(['displacement', 'speed-agreement', 'stillness', 'gyro-stillness', 'forward-force']));
});

test('drives without a single checked window calibrate nothing', () => {
  expect(() => calibrate([madeDrive({ seconds: 5, haccM: () => 900 })], RECIPE, 1)).toThrow(RangeError);
});
