import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochOf, epochSpan } from '../../shared/model/epoch.ts';
import { splitByLargestRemainder } from '../../shared/model/money.ts';

const total = fc.bigInt({ min: 0n, max: 10n ** 15n });
const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { maxLength: 40 }).map((all) => all.map((weight, payee) => ({ payee, weight })));

test('a split sums to the total, to the last unit', () => {
  fc.assert(fc.property(total, weights, (amount, shares) => {
    const paid = splitByLargestRemainder(amount, shares).reduce((sum, { amount: part }) => sum + part, 0n);
    const isPayable = shares.some(({ weight }) => weight > 0n);
    expect(paid).toBe(isPayable ? amount : 0n);
  }));
});

test('nobody is off the exact share by a unit or more, and nobody without weight gets any', () => {
  fc.assert(fc.property(total, weights, (amount, shares) => {
    const sum = shares.reduce((sofar, { weight }) => sofar + weight, 0n);
    for (const { payee, amount: part } of splitByLargestRemainder(amount, shares)) {
      // |part - amount·weight/sum| < 1, in whole numbers.
      const off = part * sum - amount * shares[payee]!.weight;
      expect(off < sum && off > -sum).toBe(true);
      if (shares[payee]!.weight === 0n) expect(part).toBe(0n);
    }
  }));
});

test('a larger weight never gets less, and the same list always gives the same split', () => {
  fc.assert(fc.property(total, weights, (amount, shares) => {
    const parts = splitByLargestRemainder(amount, shares);
    expect(splitByLargestRemainder(amount, shares)).toEqual(parts);
    const byWeight = parts.toSorted((a, b) => (shares[a.payee]!.weight < shares[b.payee]!.weight ? -1 : 1));
    for (let n = 1; n < byWeight.length; n += 1) {
      if (shares[byWeight[n - 1]!.payee]!.weight < shares[byWeight[n]!.payee]!.weight) expect(byWeight[n]!.amount >= byWeight[n - 1]!.amount).toBe(true);
    }
  }));
});

function split(amount: bigint, ...all: bigint[]): readonly bigint[] {
  return splitByLargestRemainder(amount, all.map((weight, payee) => ({ payee, weight }))).map(({ amount: part }) => part);
}

test('by hand: 100 in three, 4:3:1, ties by order', () => {
  expect(split(100n, 1n, 1n, 1n)).toEqual([34n, 33n, 33n]);
  expect(split(1_000_000n, 4n, 3n, 1n)).toEqual([500_000n, 375_000n, 125_000n]);
  expect(split(2n, 1n, 1n, 1n)).toEqual([1n, 1n, 0n]);
  expect(split(10n)).toEqual([]);
  expect(split(10n, 0n, 0n)).toEqual([]);
  expect(split(0n, 5n)).toEqual([0n]);
  expect(() => split(-1n, 1n)).toThrow(RangeError);
  expect(() => split(1n, -1n)).toThrow(RangeError);
});

test('epochs are weeks from Monday 00:00 UTC, without gap or overlap', () => {
  expect(epochOf(Date.UTC(1970, 0, 5) / 1000)).toBe(0);
  expect(epochOf(Date.UTC(1970, 0, 5) / 1000 - 1)).toBe(-1);
  expect(new Date(epochSpan(2900)[0] * 1000).getUTCDay()).toBe(1);
  fc.assert(fc.property(fc.double({ min: -1e10, max: 1e11, noNaN: true }), (tS) => {
    const [from, to] = epochSpan(epochOf(tS));
    expect(tS >= from && tS < to).toBe(true);
    expect(epochSpan(epochOf(tS) + 1)[0]).toBe(to);
  }));
});
