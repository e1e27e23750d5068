import type { Epoch } from '../../shared/model/epoch.ts';
import { splitByLargestRemainder, type Weight } from '../../shared/model/money.ts';
import type { Recipe } from '../../shared/model/recipe.ts';
import { commitmentOf } from './disguise.ts';
import { type OpenPurse, openPurses, type PaidPurse, payPurse, type Purse, PURSES } from './emissions.ts';
import type { EarnedFrame, NewLine, NewShare, PurseRow } from './epoch-store.ts';
import type { LedgerTransaction, Posting } from './ledger.ts';
import { rootOf } from './verify.ts';

/** The ledger's name of the network's money; amounts are millionths of one. */
export const UNIT = 'unit';
/** Where new units come from: its balance is minus what was ever given out. */
export const EMISSION = 'emission';

export function accountOf(accountId: string): string {
  return `account:${accountId}`;
}

/** Where a purse keeps what nobody earned, until the next epoch closes. */
export function carryOf(purse: Purse): string {
  return `carry:${purse}`;
}

/** What an account earned of a purse, with the frames it was earned by. */
export interface EarnedShare {
  readonly pseudonym: Buffer;
  readonly accountId: string;
  readonly weight: bigint;
  readonly frames: readonly EarnedFrame[];
}

export interface Earnings {
  readonly epoch: Epoch;
  readonly recipe: Recipe;
  readonly carriedIn: Readonly<Record<Purse, bigint>>;
  /** In ascending order of the pseudonyms. */
  readonly coverage: readonly EarnedShare[];
  /** 32 random bytes, new for each line. */
  readonly salt: () => Buffer;
}

/** All that is written when an epoch closes. */
export interface Settlement {
  readonly purses: readonly PurseRow[];
  readonly coverage: readonly NewShare[];
  readonly merkleRoot: Buffer;
  readonly transaction: LedgerTransaction;
}

type Paid = Readonly<Record<Purse, PaidPurse<EarnedShare>>>;

/** Who gets what of an epoch: nothing but its arguments decides, and the salts decide only what cannot be seen. */
export function settle({ epoch, recipe, carriedIn, coverage, salt }: Earnings): Settlement {
  const opened = openPurses(recipe.rewards, carriedIn);
  // Reviewers and nodes earn nothing yet: their purses are carried, in lines of their own.
  const paid: Paid = { coverage: payPurse(opened.coverage, coverage.map(weightOf)), review: unearned(opened.review), nodes: unearned(opened.nodes) };
  const shares = paid.coverage.allocations.map(({ payee, amount }) => shareOf(payee, amount, salt));
  return {
    purses: PURSES.map((purse) => purseRow(purse, paid[purse], recipe)),
    coverage: shares,
    merkleRoot: rootOf(shares.map(({ pseudonym, amount }) => ({ pseudonym: pseudonym.toString('hex'), amount: String(amount) }))),
    transaction: { key: `epoch:${epoch}`, kind: 'epoch', detail: { epoch, recipe: recipe.version }, postings: postingsOf(epoch, paid, recipe) },
  };
}

function unearned(purse: OpenPurse): PaidPurse<EarnedShare> {
  return payPurse<EarnedShare>(purse, []);
}

function weightOf(share: EarnedShare): Weight<EarnedShare> {
  return { payee: share, weight: share.weight };
}

function purseRow(purse: Purse, { emitted, carriedIn, paid, carriedOut, allocations }: PaidPurse<EarnedShare>, { rewards }: Recipe): PurseRow {
  const weight = allocations.reduce((sum, { payee }) => sum + payee.weight, 0n);
  return {
    purse, percent: rewards.poolPercent[purse], weight: String(weight),
    emitted: String(emitted), carriedIn: String(carriedIn), paid: String(paid), carriedOut: String(carriedOut),
  };
}

/** The account's amount falls on its lines by what each earned; in order of their commitments, which their owner can repeat. */
function shareOf({ pseudonym, accountId, weight, frames }: EarnedShare, amount: bigint, salt: () => Buffer): NewShare {
  const hidden = frames.map((frame) => {
    const own = salt();
    return { frame, salt: own, commitment: commitmentOf(own, frame) };
  });
  const sorted = hidden.toSorted((a, b) => Buffer.compare(a.commitment, b.commitment));
  const lines = splitByLargestRemainder(amount, sorted.map((line) => ({ payee: line, weight: line.frame.microPoints }))).map(
    ({ payee, amount }): NewLine => ({ pseudonym, commitment: payee.commitment, salt: payee.salt, frameKey: payee.frame.frameKey, weight: payee.frame.microPoints, amount }),
  );
  return { pseudonym, accountId, weight, amount, lines };
}

/** The emission and each purse's carry on one side, the accounts and the new carries on the other. */
function postingsOf(epoch: Epoch, paid: Paid, { rewards }: Recipe): readonly Posting[] {
  const line = (what: string, account: string, amount: bigint): Posting => ({ key: `epoch:${epoch}:${what}`, account, unit: UNIT, amount });
  const postings = [
    line('emission', EMISSION, -rewards.poolUnits),
    ...PURSES.flatMap((purse) => [
      line(`${purse}:carried-in`, carryOf(purse), -paid[purse].carriedIn),
      ...paid[purse].allocations.map(({ payee, amount }) => line(`${purse}:${payee.accountId}`, accountOf(payee.accountId), amount)),
      line(`${purse}:carried-out`, carryOf(purse), paid[purse].carriedOut),
    ]),
  ];
  return postings.filter(({ amount }) => amount !== 0n);
}
