import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areIndependent, type Channel } from '../../shared/model/verdict.ts';
import { CHECKS } from '../../validate/checks/all.ts';
import { learnedConsistency } from '../../validate/checks/learned-consistency.ts';
import { sketchOf } from '../../validate/sketch.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { madeDrive, ROUGH_ROAD } from './made-drive.ts';

const CHANNELS = ['position', 'doppler', 'force', 'gyro', 'camera', 'clock', 'drive'] as const satisfies readonly Channel[];
const sets = fc.subarray([...CHANNELS], { minLength: 1 });
function contains(a: readonly Channel[], b: readonly Channel[]): boolean {
  return b.every((channel) => a.includes(channel));
}

const RUNS = { numRuns: 500, seed: 20_260_101 };

test('one broken channel never has two witnesses that read the same: neither contains the other, and they share one at most', () => {
  fc.assert(fc.property(sets, sets, (one, other) => {
    const shared = one.filter((channel) => other.includes(channel));
    expect(areIndependent(one, other)).toBe(!contains(one, other) && !contains(other, one) && shared.length <= 1 && !shared.includes('camera'));
    expect(areIndependent(other, one)).toBe(areIndependent(one, other));
    expect(areIndependent(one, one)).toBe(false);
  }), RUNS);
});

test.each([
  [['position', 'doppler'], ['position', 'force'], true],
  [['doppler', 'force'], ['position', 'gyro'], true],
  [['position'], ['position', 'doppler'], false],
  [['doppler', 'force'], ['position', 'doppler', 'force'], false],
  [['position', 'doppler'], ['position', 'doppler', 'gyro'], false],
] as const)('%j and %j: %s', (one, other, isTrue) => {
  expect(areIndependent(one, other)).toBe(isTrue);
});

const SENSED: readonly Channel[] = ['position', 'doppler', 'force', 'gyro'];
/** The checks that read the receiver and the motion sensor alone. */
const SENSOR_CHECKS = CHECKS.filter((check) => check.channels(sketchOf(madeDrive({ seconds: 90, imu: () => ROUGH_ROAD }), RECIPE.validate)!).every((channel) => SENSED.includes(channel)));

test('the net reads all that the receiver\'s and the motion sensor\'s checks read, so it is no second witness to any', () => {
  const sketch = sketchOf(madeDrive({ seconds: 90, imu: () => ROUGH_ROAD }), RECIPE.validate)!;
  for (const check of SENSOR_CHECKS) expect(areIndependent(check.channels(sketch), learnedConsistency([], 1).channels(sketch)), check.name).toBe(false);
});

test('a moved phone breaks force and gyroscope: no two checks that it can put over their limit accuse one of them alone', () => {
  const sketch = sketchOf(madeDrive({ seconds: 90, imu: () => ROUGH_ROAD }), RECIPE.validate)!;
  // A leap of the positions is none of the phone's doing, and a phone that is moved is not still.
  const broken = SENSOR_CHECKS.filter(({ name }) => !['leap-force', 'stillness', 'gyro-stillness'].includes(name)).map((check) => check.channels(sketch));
  const accused = broken.flatMap((one) => broken.filter((other) => areIndependent(one, other)).map((other) => one.filter((channel) => other.includes(channel))));
  expect(accused.filter(([shared]) => shared === 'force' || shared === 'gyro')).toEqual([]);
  expect(accused.length).toBeGreaterThan(0);
});
