import fc from 'fast-check';
import { expect, test } from 'vitest';
import { above, auc, thresholdAt, wilson } from '../training/figures.ts';
import { meanCurve, rates, rocOf, tprAt } from './roc.ts';
import { limitsOf, meanOf, rowOf } from './rows.ts';

/** Few different values, so that ties are common. */
const scores = fc.array(fc.integer({ min: 0, max: 12 }).map((n) => n / 4), { minLength: 1, maxLength: 60 });

test('the area under the curve is the share of pairs that are in order, ties counting half', () => {
  fc.assert(fc.property(scores, scores, (attacked, honest) => {
    const pairs = attacked.flatMap((high) => honest.map((low) => (high > low ? 1 : high === low ? 0.5 : 0)));
    expect(auc(attacked, honest)).toBeCloseTo(pairs.reduce((sum: number, won) => sum + won, 0) / pairs.length, 10);
  }));
});

test('Wilson\'s interval: textbook values, and the share lies within', () => {
  for (const [hits, of, low, high] of [[0, 10, '0.0000', '0.2775'], [5, 10, '0.2366', '0.7634'], [81, 263, '0.2553', '0.3662']] as const) {
    expect([wilson(hits, of).low, wilson(hits, of).high].map((value) => value.toFixed(4))).toEqual([low, high]);
  }
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
    const { share, low, high } = wilson(Math.floor(part * of), of);
    expect(low).toBeLessThanOrEqual(share + 1e-12);
    expect(high).toBeGreaterThanOrEqual(share - 1e-12);
  }));
});

test('a threshold is never passed by more honest windows than was asked for, and the next lower value would be', () => {
  fc.assert(fc.property(scores, fc.constantFrom(0.001, 0.01, 0.1, 0.5), (honest, fpr) => {
    const threshold = thresholdAt(fpr, honest);
    expect(honest.filter((value) => value > threshold).length).toBeLessThanOrEqual(fpr * honest.length);
    expect(honest.filter((value) => value >= threshold).length).toBeGreaterThan(fpr * honest.length);
  }));
});

test('the curve passes through the rates of the row', () => {
  fc.assert(fc.property(scores, scores, (attacked, honest) => {
    const curve = rocOf(attacked, honest);
    for (const fpr of [0, 0.01, 0.1, 0.5]) expect(tprAt(curve, fpr)).toBeCloseTo(above(attacked, thresholdAt(fpr, honest)).share, 12);
    expect(curve.every(({ fpr, tpr }, n) => n === 0 || (fpr > curve[n - 1]!.fpr && tpr >= curve[n - 1]!.tpr))).toBe(true);
  }));
});

test('a row by hand', () => {
  const honest = Array.from({ length: 200 }, (_, n) => n);
  // 1 % of 200 are 2: the threshold is the third highest, 197. 0.1 % are none: the highest, 199.
  expect(limitsOf(honest)).toEqual({ at1Pct: 197, at01Pct: 199 });
  expect(rowOf([197, 198, 199, 200], honest)).toMatchObject({ windows: 4, tpr_at_1pct: 0.75, tpr_at_0_1pct: 0.25 });
  expect(rowOf([], honest)).toBeNull();
});

test('a mean over fewer attacks is no mean', () => {
  const row = rowOf([1], [0])!;
  expect(meanOf([row, row])).toMatchObject({ auc: 1, tpr_at_1pct: 1 });
  expect(meanOf([row, null])).toBeNull();
  expect(meanOf([])).toBeNull();
});

test('rates of a logarithmic axis, and the mean of two curves', () => {
  expect(rates(0.001, 3).map((rate) => rate.toFixed(4))).toEqual(['0.0010', '0.0100', '0.1000', '1.0000']);
  const [always, never] = [rocOf([9], [1, 2]), rocOf([0], [1, 2])];
  expect(meanCurve([always, never], [0.01, 1]).map(({ tpr }) => tpr)).toEqual([0.5, 1]);
});
