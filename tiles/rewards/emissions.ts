import { type Allocation, splitByLargestRemainder, type Weight } from '../../shared/model/money.ts';
import type { RewardRules } from '../../shared/model/recipe.ts';

/**
 * What an epoch gives out. The law:
 *
 *   pool             = the recipe's units, new in every epoch, whatever was mapped
 *   emitted (purse)  = the pool split 80 : 10 : 10 among coverage, review and nodes, by largest remainder
 *   purse            = emitted + what this purse carried over from the epoch before
 *   paid             = the purse split by what each account earned of it, by largest remainder
 *   carried out      = what nobody earned: all of the purse, or nothing of it
 *
 * so that emitted + carried in = paid + carried out for each purse, and allocations + carry = pool + carry before, to
 * the last unit. A purse is never lent to another one: a network without reviewers does not pay its drivers more.
 * What one account gets depends on the others' points, never on how they are cut into frames, drives or postings.
 */
export const PURSES = ['coverage', 'review', 'nodes'] as const;
export type Purse = (typeof PURSES)[number];

export function eachPurse<Value>(value: (purse: Purse) => Value): Readonly<Record<Purse, Value>> {
  return { coverage: value('coverage'), review: value('review'), nodes: value('nodes') };
}

/** What there is to pay out, before anybody is. */
export interface OpenPurse {
  readonly emitted: bigint;
  readonly carriedIn: bigint;
}

export interface PaidPurse<Payee> extends OpenPurse {
  readonly allocations: readonly Allocation<Payee>[];
  readonly paid: bigint;
  readonly carriedOut: bigint;
}

/** The purses of an epoch; RangeError where the percentages are not 100. */
export function openPurses(
  { poolUnits, poolPercent }: Pick<RewardRules, 'poolUnits' | 'poolPercent'>,
  carriedIn: Readonly<Record<Purse, bigint>>,
): Readonly<Record<Purse, OpenPurse>> {
  const percents = PURSES.map((purse) => ({ payee: purse, weight: BigInt(poolPercent[purse]) }));
  const sum = percents.reduce((sofar, { weight }) => sofar + weight, 0n);
  if (sum !== 100n) throw new RangeError(`the recipe's percentages sum to ${sum}, not 100`);
  const emitted = new Map(splitByLargestRemainder(poolUnits, percents).map(({ payee, amount }) => [payee, amount]));
  return eachPurse((purse) => ({ emitted: emitted.get(purse)!, carriedIn: carriedIn[purse] }));
}

/** Splits a purse among those who earned of it; the order given decides between equal remainders, so it must be a public one. */
export function payPurse<Payee>({ emitted, carriedIn }: OpenPurse, earned: readonly Weight<Payee>[]): PaidPurse<Payee> {
  const allocations = splitByLargestRemainder(emitted + carriedIn, earned);
  const paid = allocations.reduce((sum, { amount }) => sum + amount, 0n);
  return { emitted, carriedIn, allocations, paid, carriedOut: emitted + carriedIn - paid };
}
