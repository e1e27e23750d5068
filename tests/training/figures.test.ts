import { expect, test } from 'vitest';
import { makeRandom } from '../../fixtures/random.ts';
import { ATTACKS } from './attacked.ts';
import { draw, type Sample } from './draws.ts';
import { above, auc, thresholdAt, wilson } from './figures.ts';
import { simulatedJourneys } from './journeys.ts';

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

test('the training set has every kind, its honest windows look honest, and the same seed draws it again', () => {
  const journeys = simulatedJourneys(2, 7);
  const drawn = (): readonly Sample[] => [...draw({ journeys, random: makeRandom(1, 'draws'), perMinute: 0.6 })];
  const samples = drawn();
  expect([...new Set(samples.map(({ kind }) => kind))].toSorted()).toEqual(['honest', ...Object.keys(ATTACKS)].toSorted());
  const over = (kind: string): number => samples.filter((sample) => sample.kind === kind && Object.values(sample.severities).some((severity) => severity > 1)).length;
  expect(over('honest')).toBe(0);
  expect(over('teleport')).toBeGreaterThan(0);
  expect(drawn()).toEqual(samples);
});
