import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { openPurses, payPurse, PURSES } from '../../../tiles/rewards/emissions.ts';

const NOTHING = { coverage: 0n, review: 0n, nodes: 0n };
const units = fc.bigInt({ min: 0n, max: 10n ** 15n });
const carries = fc.record({ coverage: units, review: units, nodes: units });
const percents = fc.integer({ min: 0, max: 100 }).chain((coverage) => fc.integer({ min: 0, max: 100 - coverage }).map((review) => ({ coverage, review, nodes: 100 - coverage - review })));
const earned = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { maxLength: 30 }).map((all) => all.map((weight, payee) => ({ payee, weight })));

describe('an epoch gives out', () => {
  test('a million: 800,000 to coverage, 100,000 each to review and nodes', () => {
    const purses = openPurses(RECIPE.rewards, NOTHING);
    expect(PURSES.map((purse) => purses[purse].emitted)).toEqual([800_000_000_000n, 100_000_000_000n, 100_000_000_000n]);
  });

  test('the last unit of a pool that cannot be split evenly, to the largest remainder', () => {
    const purses = openPurses({ poolUnits: 7n, poolPercent: { coverage: 80, review: 10, nodes: 10 } }, NOTHING);
    expect(PURSES.map((purse) => purses[purse].emitted)).toEqual([5n, 1n, 1n]);
  });

  test('as the page explains it: 222,856 of 13,890,112,344 micro-points are 12.835375 of 800,000', () => {
    const purse = openPurses(RECIPE.rewards, NOTHING).coverage;
    const { allocations } = payPurse(purse, [{ payee: 'you', weight: 222_856n }, { payee: 'the others', weight: 13_890_112_344n - 222_856n }]);
    expect(allocations[0]).toEqual({ payee: 'you', amount: 12_835_375n });
  });

  test('what nobody earned to the next epoch, in the same purse', () => {
    const { paid, carriedOut } = payPurse({ emitted: 100n, carriedIn: 7n }, []);
    expect([paid, carriedOut]).toEqual([0n, 107n]);
    expect(payPurse({ emitted: 100n, carriedIn: 107n }, [{ payee: 'first reviewer', weight: 1n }])).toMatchObject({ paid: 207n, carriedOut: 0n });
  });

  test('nothing under percentages that are not a hundred', () => {
    expect(() => openPurses({ poolUnits: 1n, poolPercent: { coverage: 80, review: 10, nodes: 11 } }, NOTHING)).toThrow('sum to 101, not 100');
  });
});

describe('the law of emissions', () => {
  test('allocations and carry are the pool and the carry before, to the last unit, whatever was earned', () => {
    fc.assert(fc.property(units, percents, carries, fc.record({ coverage: earned, review: earned, nodes: earned }), (poolUnits, poolPercent, carriedIn, weights) => {
      const purses = openPurses({ poolUnits, poolPercent }, carriedIn);
      let [out, before] = [0n, 0n];
      for (const purse of PURSES) {
        const { allocations, paid, carriedOut } = payPurse(purses[purse], weights[purse]);
        expect(allocations.reduce((sum, { amount }) => sum + amount, 0n)).toBe(paid);
        out += paid + carriedOut;
        before += carriedIn[purse];
      }
      expect(out).toBe(poolUnits + before);
    }));
  });

  test('a purse never pays more than it holds, nor from another one', () => {
    fc.assert(fc.property(units, percents, carries, earned, (poolUnits, poolPercent, carriedIn, weights) => {
      const purses = openPurses({ poolUnits, poolPercent }, carriedIn);
      for (const purse of PURSES) {
        const { emitted, carriedIn: before, paid } = payPurse(purses[purse], weights);
        expect(paid <= emitted + before).toBe(true);
        expect(emitted * 100n - poolUnits * BigInt(poolPercent[purse]) < 100n).toBe(true);
      }
    }));
  });

  test('it is all or nothing: one unit of work by anybody leaves no carry', () => {
    fc.assert(fc.property(units, units, earned, (emitted, carriedIn, weights) => {
      const { carriedOut, paid } = payPurse({ emitted, carriedIn }, weights);
      expect(weights.some(({ weight }) => weight > 0n) ? carriedOut : paid).toBe(0n);
    }));
  });
});
