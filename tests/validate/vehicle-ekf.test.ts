import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../fixtures/random.ts';
import { type FilterInput, runFilter } from '../../validate/filter/vehicle-ekf.ts';

/** A car on a winding way with the noise that the filter expects, as the filter is given it. */
function inputOf(seed: number, change: Partial<FilterInput> = {}): FilterInput {
  const random = makeRandom(seed, 'ekf');
  const seconds = 300;
  const column = (of: (k: number) => number): Float64Array => Float64Array.from({ length: seconds }, (_, k) => of(k));
  const [yaw, change_] = [column((k) => 0.12 * Math.sin(k / 9 + seed)), column((k) => 0.6 * Math.cos(k / 15))];
  let [east, north, heading, speed] = [0, 0, 0.3, 12];
  const [eastM, northM, speedMps] = [column(() => NaN), column(() => NaN), column(() => NaN)];
  for (let k = 0; k < seconds; k += 1) {
    [eastM[k], northM[k], speedMps[k]] = [east + random.normal(1.5), north + random.normal(1.5), speed + random.normal(0.2)];
    const [turned, changed] = [heading + yaw[k]! / 2, speed + change_[k]! / 2];
    [east, north, heading, speed] = [east + changed * Math.sin(turned), north + changed * Math.cos(turned), heading + yaw[k]!, speed + change_[k]!];
  }
  return {
    yawRadps: column((k) => yaw[k]! + random.normal(0.005)), changeMps2: column((k) => change_[k]! + random.normal(0.3)), still: new Uint8Array(seconds),
    eastM, northM, speedMps, radiusM: column(() => 2), isFound: new Uint8Array(seconds), ...change,
  };
}

function meanSquare(values: Float64Array, from = 20, to = values.length - 20): number {
  const told = [...values.subarray(from, to)].filter(Number.isFinite);
  return told.reduce((sum, value) => sum + value * value, 0) / told.length;
}

describe('the vehicle filter', () => {
  test('is no more surprised by an honest drive than its model says, in either direction of time', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom<1 | -1>(1, -1), (seed, way) => {
      const { along, across, speed } = runFilter(inputOf(seed), way);
      for (const part of [along, across, speed]) expect(meanSquare(part)).toBeLessThan(1.3);
    }), { numRuns: 20, seed: 20_260_101 });
  });

  test.each([1, -1] as const)('is surprised by a jump, and follows it once it is allowed (way %d)', (way) => {
    const input = inputOf(3);
    const eastM = input.eastM.map((east, k) => (k >= 150 ? east + 60 : east));
    const peak = (isFound: Uint8Array): number => {
      const { along, across } = runFilter({ ...input, eastM, isFound }, way);
      return Math.max(...[...along.subarray(140, 160), ...across.subarray(140, 160)].map(Math.abs));
    };
    const allowed = new Uint8Array(300);
    allowed[way === 1 ? 150 : 149] = 1;
    expect(peak(new Uint8Array(300))).toBeGreaterThan(6);
    expect(peak(allowed)).toBeLessThan(4);
  });

  test('without gyroscope, force or reported speed it still follows', () => {
    const none = new Float64Array(300).fill(NaN);
    for (const lost of [{ yawRadps: none }, { changeMps2: none }, { speedMps: none }, { yawRadps: none, changeMps2: none, speedMps: none }]) {
      const { along, across } = runFilter(inputOf(5, lost), 1);
      expect([meanSquare(along) < 1.5, meanSquare(across) < 1.5], Object.keys(lost).join()).toEqual([true, true]);
    }
  });

  test('never says a number where it was told none', () => {
    const input = inputOf(6);
    const gap = input.eastM.map((east, k) => (k > 100 && k < 140 ? NaN : east));
    const { across } = runFilter({ ...input, eastM: gap }, 1);
    expect([...across.subarray(101, 140)].every(Number.isNaN)).toBe(true);
    expect(Number.isFinite(across[145]!)).toBe(true);
  });
});
