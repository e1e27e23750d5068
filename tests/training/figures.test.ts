import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeRandom } from '../../fixtures/random.ts';
import { MACRO } from '../scorecard/attacks.ts';
import { asOtherDevice } from './devices.ts';
import { draw, type Sample } from './draws.ts';
import { above, auc, thresholdAt, wilson } from './figures.ts';
import { scenarioJourneys } from './journeys.ts';
import { drawWide } from './wide-draws.ts';

test('Wilson\'s interval is the textbook\'s: 10 of 100', () => {
  const { share, low, high } = wilson(10, 100);
  expect([share, low, high].map((value) => value.toFixed(4))).toEqual(['0.1000', '0.0552', '0.1744']);
  expect(wilson(0, 0)).toMatchObject({ of: 0, share: 0, low: 0 });
});

test('a threshold lets through the share that was asked for', () => {
  const honest = Array.from({ length: 1000 }, (_, n) => n);
  expect(above(honest, thresholdAt(0.01, honest)).share).toBeCloseTo(0.01, 6);
});

test('the area under the curve: apart, alike, and ties', () => {
  expect(auc([3, 4], [1, 2])).toBe(1);
  expect(auc([1, 2], [3, 4])).toBe(0);
  expect(auc([1, 1], [1, 1])).toBe(0.5);
  expect(auc([1, 3], [2, 2])).toBe(0.5);
});

const journeys = scenarioJourneys(2, 7);

function drawn(): readonly Sample[] {
  return [...draw({ journeys, random: makeRandom(1, 'draws'), perMinute: 0.2 })];
}

test('windows to be measured on are of every kind of the macro figure, hardly an honest one is over a limit, and the same seed draws them again', () => {
  const samples = drawn();
  expect([...new Set(samples.map(({ kind }) => kind))].toSorted()).toEqual(['honest', ...MACRO].toSorted());
  const over = (kind: string): number => {
    const those = samples.filter((sample) => sample.kind === kind);
    return those.filter(({ severities }) => Object.values(severities).some((severity) => severity > 1)).length / those.length;
  };
  expect(over('honest')).toBeLessThan(0.1);
  expect(over('teleport')).toBeGreaterThan(0.5);
  expect(hashOf(drawn())).toBe(hashOf(samples));
});

function hashOf(samples: readonly Sample[]): string {
  const hash = createHash('sha256');
  for (const { input, ...rest } of samples) hash.update(new Uint8Array(input.buffer)).update(JSON.stringify(rest));
  return hash.digest('hex');
}

test('windows to learn from are of these kinds and more, and finite', () => {
  const samples = [...drawWide({ journeys, random: makeRandom(1, 'wide'), perMinute: 0.3 })];
  expect([...new Set(samples.map(({ kind }) => kind))].toSorted()).toEqual(['honest', 'other', ...MACRO].toSorted());
  for (const { input } of samples) expect(input.every((value) => Math.abs(value) <= 5)).toBe(true);
});

test('another device tells the same drive in other figures, by times of it and in no more samples', () => {
  const { drive } = journeys.find(({ drive }) => drive.imu !== null)!;
  for (let seed = 0; seed < 20; seed += 1) {
    const other = asOtherDevice({ gnss: drive.gnss, imu: drive.imu, frames: [] }, makeRandom(seed, 'device'));
    expect(other.gnss.length).toBeGreaterThan(drive.gnss.length / 20);
    for (const fix of other.gnss) expect(drive.gnss.some(({ tS }) => tS === fix.tS)).toBe(true);
    expect(other.imu!.tS.length).toBeLessThanOrEqual(drive.imu!.tS.length);
    expect(other.imu!.tS.length).toBeGreaterThan(other.imu!.averaged === drive.imu!.averaged ? drive.imu!.tS.length / 2 : 0);
  }
});
