import type { Brand } from './brand.ts';

/** Provisional worth of a frame; 1,000,000 of them are one full pot. Whole numbers only. */
export type MicroPoints = Brand<bigint, 'MicroPoints'>;
/** The smallest unit of the network's money. Whole numbers only. */
export type Units = Brand<bigint, 'Units'>;

/** A share of a total, for one payee. */
export interface Weight<Payee> {
  readonly payee: Payee;
  readonly weight: bigint;
}

export interface Allocation<Payee> {
  readonly payee: Payee;
  readonly amount: bigint;
}

/**
 * Splits `total` in proportion to the weights, to the last unit, by largest remainder (Hamilton's method):
 * floors first, then one unit each to the largest remainders; equal remainders go by the order given, so the
 * caller sorts by a stable key. The amounts sum to `total`; no amount is off its exact share by a unit or more.
 * All weights zero or none at all: nothing is allocated. RangeError on a negative total or weight.
 */
export function splitByLargestRemainder<Payee>(total: bigint, weights: readonly Weight<Payee>[]): readonly Allocation<Payee>[] {
  if (total < 0n) throw new RangeError(`cannot split a negative total, ${total}`);
  const sum = weights.reduce((sofar, { weight }) => {
    if (weight < 0n) throw new RangeError(`a weight is negative: ${weight}`);
    return sofar + weight;
  }, 0n);
  if (sum === 0n) return [];
  const shares = weights.map(({ payee, weight }, order) => ({
    payee,
    order,
    floor: (total * weight) / sum,
    remainder: (total * weight) % sum,
  }));
  const left = total - shares.reduce((sofar, { floor }) => sofar + floor, 0n);
  const lucky = new Set(
    shares
      .toSorted((a, b) => (a.remainder === b.remainder ? a.order - b.order : a.remainder > b.remainder ? -1 : 1))
      .slice(0, Number(left))
      .map(({ order }) => order),
  );
  return shares.map(({ payee, floor, order }) => ({ payee, amount: lucky.has(order) ? floor + 1n : floor }));
}
