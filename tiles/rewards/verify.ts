import { inLeafOrder, type Leaf, leafHash, merkleRoot } from './merkle.ts';
import { eachPurse, openPurses, payPurse, type Purse, PURSES } from './emissions.ts';
import type { EpochExport } from './answers.ts';

/** What a recomputation found; no mistakes: the export is right in itself. */
export interface Verification {
  readonly mistakes: readonly string[];
  readonly accounts: number;
  readonly lines: number;
  readonly paid: bigint;
  readonly carriedOut: bigint;
  readonly merkleRoot: string;
}

/** Recomputes every amount and the root from nothing but the export: the law of emissions.ts, applied again. */
export function verifyExport(given: EpochExport): Verification {
  const mistakes: string[] = [];
  const differ = (what: string, says: bigint | string, is: bigint | string): void => {
    if (String(says) !== String(is)) mistakes.push(`${what} is given as ${says}, but comes to ${is}`);
  };
  const names = given.purses.map(({ purse }) => purse);
  if (names.toSorted().join() !== PURSES.toSorted().join()) return nothing(given, `the purses are ${names.join(', ') || 'missing'}; there must be one each of ${PURSES.join(', ')}`);
  const of = (purse: Purse) => given.purses.find((one) => one.purse === purse)!;
  const percent = eachPurse((purse) => of(purse).percent);
  if (PURSES.reduce((sum, purse) => sum + percent[purse], 0) !== 100) return nothing(given, 'the percentages of the purses do not sum to 100');
  const opened = openPurses({ poolUnits: BigInt(given.pool), poolPercent: percent }, eachPurse((purse) => BigInt(of(purse).carriedIn)));
  for (const purse of PURSES) {
    const shares = given.shares.filter((share) => share.purse === purse).toSorted((a, b) => (a.pseudonym < b.pseudonym ? -1 : 1));
    const paid = payPurse(opened[purse], shares.map((share) => ({ payee: share, weight: BigInt(share.weight) })));
    differ(`${purse}: the part of the pool`, of(purse).emitted, paid.emitted);
    differ(`${purse}: what all earned`, of(purse).weight, shares.reduce((sum, { weight }) => sum + BigInt(weight), 0n));
    differ(`${purse}: what was paid`, of(purse).paid, paid.paid);
    differ(`${purse}: what is carried`, of(purse).carriedOut, paid.carriedOut);
    for (const { payee, amount } of paid.allocations) differ(`${purse}: the amount of ${payee.pseudonym.slice(0, 12)}…`, payee.amount, amount);
  }
  mistakes.push(...doubled(given));
  const root = rootOf(given.shares).toString('hex');
  differ('the Merkle root', given.merkleRoot, root);
  return { ...summaryOf(given), mistakes, merkleRoot: root };
}

/** What the root is over: what each pseudonym gets in all. */
export function leavesOf(shares: readonly { readonly pseudonym: string; readonly amount: string }[]): readonly Leaf[] {
  const totals = new Map<string, bigint>();
  for (const { pseudonym, amount } of shares) totals.set(pseudonym, (totals.get(pseudonym) ?? 0n) + BigInt(amount));
  return inLeafOrder([...totals].map(([pseudonym, amount]) => ({ pseudonym: Buffer.from(pseudonym, 'hex'), amount })));
}

export function rootOf(shares: readonly { readonly pseudonym: string; readonly amount: string }[]): Buffer {
  return merkleRoot(leavesOf(shares).map(leafHash));
}

/** One place is paid once, and one account has one share of a purse. */
function doubled({ shares }: EpochExport): readonly string[] {
  const lines = shares.flatMap((share) => share.lines);
  const names = shares.map(({ purse, pseudonym }) => `${purse} ${pseudonym}`);
  return [
    ...(new Set(lines).size === lines.length ? [] : ['a commitment stands in it twice']),
    ...(new Set(names).size === names.length ? [] : ['a pseudonym has two shares of one purse']),
  ];
}

function nothing(given: EpochExport, mistake: string): Verification {
  return { ...summaryOf(given), mistakes: [mistake], merkleRoot: given.merkleRoot };
}

function summaryOf({ shares, purses }: EpochExport): Omit<Verification, 'mistakes' | 'merkleRoot'> {
  return {
    accounts: new Set(shares.map(({ pseudonym }) => pseudonym)).size,
    lines: shares.reduce((sum, share) => sum + share.lines.length, 0),
    paid: shares.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    carriedOut: purses.reduce((sum, { carriedOut }) => sum + BigInt(carriedOut), 0n),
  };
}
