import type { Tx } from '../../shared/io/db.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import { balance, post } from './ledger.ts';
import { accountOf, carryOf, UNIT } from './settlement.ts';

/**
 * What a closed epoch paid is never edited. A correction is one more transaction that moves the difference between the
 * account and the carry of coverage, so that the next epoch pays it out again; its key says why, and happens once.
 */
export async function correct(tx: Tx, { account, key, amount }: { readonly account: AccountId; readonly key: string; readonly amount: bigint }): Promise<boolean> {
  if (amount === 0n) return false;
  const postings = [
    { key: `${key}:account`, account: accountOf(account), unit: UNIT, amount },
    { key: `${key}:carry`, account: carryOf('coverage'), unit: UNIT, amount: -amount },
  ];
  return await post(tx, { key, kind: 'correction', postings });
}

/** All that the account holds goes back into the carry. */
export async function takeBack(tx: Tx, account: AccountId, why: string): Promise<boolean> {
  return await correct(tx, { account, key: `correction:${why}:${account}`, amount: -(await balance(tx, accountOf(account), UNIT)) });
}
