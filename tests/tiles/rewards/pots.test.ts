import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { type Candidate, octantsAlong, potMicroPoints, refillDays, sharePot } from '../../../tiles/rewards/pots.ts';
import { sha256Of } from '../world.ts';

const rules = RECIPE.rewards;
const FULL = { refillDays: 7, areaPpm: 1_000_000n };

function candidate(n: number, accountId: string, rest: Partial<Candidate> = {}): Candidate {
  return { key: BigInt(n), id: sha256Of(`c${n}`), accountId, capturedAtUs: BigInt(n), qualityPpm: 1_000_000n, tier: 'A', ...rest };
}

function amounts(candidates: readonly Candidate[], pot = FULL): readonly bigint[] {
  return sharePot(pot, candidates, rules).map(({ microPoints }) => microPoints);
}

describe('a pot', () => {
  test('goes to one alone, 4:3 to two, 4:3:1 to three, nothing to the fourth', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((account, n) => candidate(n, account)) as [Candidate, Candidate, Candidate, Candidate];
    expect(amounts([a])).toEqual([1_000_000n]);
    expect(amounts([b, a])).toEqual([428_571n, 571_428n]);
    expect(amounts([a, b, c, d])).toEqual([500_000n, 375_000n, 125_000n, 0n]);
    expect(sharePot(FULL, [a, b, c, d], rules).map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
  });

  test('pays the best frame of each contributor and no other, by the first capture of each', () => {
    const dull = candidate(1, 'a', { qualityPpm: 400_000n });
    const sharp = candidate(9, 'a', { qualityPpm: 910_000n });
    const other = candidate(5, 'b');
    expect(amounts([dull, sharp, other])).toEqual([0n, 520_000n, 428_571n]);
  });

  test('explains itself as in the specification of the page: 3/7 refilled, 4/7 of it, 0.91 quality', () => {
    const pot = { refillDays: 3, areaPpm: 1_000_000n };
    expect(potMicroPoints(pot, rules)).toBe(428_571n);
    expect(amounts([candidate(1, 'a', { qualityPpm: 910_000n }), candidate(2, 'b')], pot)[0]).toBe(222_856n);
  });

  test('a frame of tier C earns nothing and takes no rank; half for B; an unmeasured quality takes nothing away', () => {
    expect(amounts([candidate(1, 'c', { tier: 'C' }), candidate(2, 'a')])).toEqual([0n, 1_000_000n]);
    expect(amounts([candidate(1, 'b', { tier: 'B' })])).toEqual([500_000n]);
    expect(amounts([candidate(1, 'u', { qualityPpm: null })])).toEqual([1_000_000n]);
    expect(amounts([candidate(1, 'n', { tier: null })])).toEqual([0n]);
  });

  test('refills a seventh a whole day, at most seven', () => {
    const monday = 1_778_457_600;
    expect([null, monday - 1, monday - 86_400, monday - 3.5 * 86_400, monday - 70 * 86_400].map((last) => refillDays(last, monday, rules))).toEqual([7, 0, 1, 3, 7]);
  });
});

const candidates = fc.array(
  fc.record({
    account: fc.integer({ min: 0, max: 6 }),
    at: fc.bigInt({ min: 0n, max: 20n }),
    qualityPpm: fc.option(fc.bigInt({ min: 0n, max: 1_000_000n }), { nil: null }),
    tier: fc.constantFrom('A', 'B', 'C', null),
  }),
  { maxLength: 12 },
).map((all) => all.map(({ account, at, qualityPpm, tier }, n) => candidate(n, `account ${account}`, { capturedAtUs: at, qualityPpm, tier })));
const pots = fc.record({ refillDays: fc.integer({ min: 0, max: 7 }), areaPpm: fc.bigInt({ min: 700_000n, max: 1_300_000n }) });

const sum = (values: readonly bigint[]) => values.reduce((sofar, value) => sofar + value, 0n);
const byKey = (shares: ReturnType<typeof sharePot>) => new Map(shares.map((share) => [share.frame.key, share]));

describe('the law of pots', () => {
  test('never pays out more than the pot', () => {
    fc.assert(fc.property(pots, candidates, (pot, candidates) => {
      expect(sum(amounts(candidates, pot)) <= potMicroPoints(pot, rules)).toBe(true);
    }), { numRuns: 1000 });
  });

  test('does not depend on the order in which frames are read', () => {
    fc.assert(fc.property(pots, candidates.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), (pot, [all, shuffled]) => {
      expect(byKey(sharePot(pot, shuffled, rules))).toEqual(byKey(sharePot(pot, all, rules)));
    }));
  });

  test('one contributor gains nothing by sending more accounts in the same car', () => {
    fc.assert(fc.property(pots, fc.integer({ min: 1, max: 10 }), (pot, accounts) => {
      const crowd = Array.from({ length: accounts }, (_, n) => candidate(n, `sock ${n}`));
      expect(sum(amounts(crowd, pot)) <= sum(amounts([candidate(0, 'alone')], pot))).toBe(true);
    }));
  });

  test('losing a tier never raises anybody\'s own pay', () => {
    fc.assert(fc.property(pots, candidates.filter((all) => all.length > 0), fc.nat(), (pot, all, pick) => {
      const at = pick % all.length;
      const weaker = all.map((frame, n) => (n === at ? { ...frame, tier: frame.tier === 'A' ? 'B' as const : 'C' as const } : frame));
      const mine = (candidates: readonly Candidate[]) => sum(sharePot(pot, candidates, rules).filter(({ frame }) => frame.accountId === all[at]!.accountId).map(({ microPoints }) => microPoints));
      if (all[at]!.tier !== null) expect(mine(weaker) <= mine(all)).toBe(true);
    }), { numRuns: 1000 });
  });

  test('no more than 3 whole micro-points are lost as dust where nothing is withheld', () => {
    fc.assert(fc.property(pots, fc.integer({ min: 1, max: 5 }), (pot, accounts) => {
      const paid = sum(amounts(Array.from({ length: accounts }, (_, n) => candidate(n, `a${n}`)), pot));
      expect(potMicroPoints(pot, rules) - paid <= 3n).toBe(true);
    }));
  });
});

describe('octants', () => {
  test('change only five degrees beyond the edge', () => {
    expect(octantsAlong([20, 24, 27, 28, 24, 18, 17], 5)).toEqual([0, 0, 0, 1, 1, 1, 0]);
    expect(octantsAlong([350, 335, 332, null, 339, 342, 343], 5)).toEqual([0, 0, 7, -1, 7, 7, 0]);
  });

  test('are the nearest one or a neighbour within the hysteresis, and deterministic', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.double({ min: 0, max: 359.999, noNaN: true }))), (headings) => {
      for (const [n, octant] of octantsAlong(headings, 5).entries()) {
        const heading = headings[n];
        if (heading === null || heading === undefined) expect(octant).toBe(-1);
        else expect(Math.abs(((heading - octant * 45 + 540) % 360) - 180)).toBeLessThanOrEqual(27.5 + 1e-9);
      }
    }));
  });
});
