import type { Clock } from '../../shared/io/clock.ts';
import type { Db, Sql, Tx } from '../../shared/io/db.ts';
import { secretOf } from '../../shared/io/secrets.ts';
import { type Epoch, epochOf, epochSpan } from '../../shared/model/epoch.ts';
import type { Recipe } from '../../shared/model/recipe.ts';
import { groupBy } from '../group.ts';
import { pseudonymOf } from './disguise.ts';
import type { Purse } from './emissions.ts';
import { earnedFrames, findEpoch, firstEarned, insertEpoch, insertPurses, insertShares, lastClosed, lockEpochs } from './epoch-store.ts';
import { balance, post } from './ledger.ts';
import { carryOf, type EarnedShare, settle, UNIT } from './settlement.ts';

/** Why an epoch cannot be closed now; its message is for the operator. */
export class EpochNotReady extends Error {
  override readonly name = 'EpochNotReady';
}

export interface CloseDoors {
  readonly db: Db;
  readonly clock: Clock;
  readonly recipe: Recipe;
}

export interface CloseOptions {
  /** Before its end and grace: for an instance of one's own. Frames of the epoch that come later earn nothing. */
  readonly force?: boolean;
}

const MS = 1000;
const SALT_BYTES = 32;

/**
 * Turns the points of an epoch into money, in one transaction, once: false where that was done before. From then on the
 * epoch's points are settled; what turns out wrong later is put right by further postings. Refuses an epoch that has
 * not ended and had its grace, and one whose predecessor is still open, since that one's carry belongs to it.
 */
export async function closeEpoch({ db, clock, recipe }: CloseDoors, epoch: Epoch, { force = false }: CloseOptions = {}): Promise<boolean> {
  const secret = await secretOf(db, clock, 'epochs');
  return await db.transaction(async (tx) => {
    await lockEpochs(tx);
    if ((await findEpoch(tx, epoch)) !== null) return false;
    const nowMs = clock.nowMs();
    await requireTurn(tx, epoch, nowMs);
    const early = nowMs < closesAtMs(epoch, recipe);
    if (early && !force) throw new EpochNotReady(`epoch ${epoch} closes on ${new Date(closesAtMs(epoch, recipe)).toISOString()}, after its end and ${recipe.rewards.graceS / 3600} hours of grace`);
    const settled = settle({ epoch, recipe, carriedIn: await carried(tx), coverage: await earnedShares(tx, epoch, secret), salt: () => clock.random(SALT_BYTES) });
    await insertEpoch(tx, { epoch, closedAt: new Date(nowMs), recipe: recipe.version, pool: recipe.rewards.poolUnits, forced: early, merkleRoot: settled.merkleRoot });
    await insertPurses(tx, epoch, settled.purses);
    await insertShares(tx, { epoch, purse: 'coverage' }, settled.coverage);
    await post(tx, settled.transaction);
    return true;
  });
}

/** When an epoch may be closed, Unix milliseconds. */
export function closesAtMs(epoch: Epoch, { rewards }: Recipe): number {
  return (epochSpan(epoch)[1] + rewards.graceS) * MS;
}

/** The epoch that is closed next: the one after the last closed, else the first in which anything was earned, else this one. */
export async function nextEpoch(sql: Sql, clock: Clock): Promise<Epoch> {
  const last = await lastClosed(sql);
  if (last !== null) return last + 1;
  return (await firstEarned(sql)) ?? epochOf(clock.nowMs() / MS);
}

async function requireTurn(tx: Tx, epoch: Epoch, nowMs: number): Promise<void> {
  if (epoch > epochOf(nowMs / MS)) throw new EpochNotReady(`epoch ${epoch} has not begun`);
  const [last, first] = [await lastClosed(tx), await firstEarned(tx)];
  if (last !== null && epoch < last) throw new EpochNotReady(`epoch ${epoch} lies before epoch ${last}, which is closed: nothing can be earned in it any more`);
  const due = last === null ? first : last + 1;
  if (due !== null && epoch > due) throw new EpochNotReady(`epoch ${due} comes first: what nobody earned in it is carried on`);
}

/** What an account earned, with the frames it was earned by; in order of the pseudonyms, which anybody can repeat. */
async function earnedShares(tx: Tx, epoch: Epoch, secret: Buffer): Promise<readonly EarnedShare[]> {
  const byAccount = groupBy(await earnedFrames(tx, epoch), ({ accountId }) => accountId);
  const shares = [...byAccount].map(([accountId, frames]) => ({
    accountId, frames, pseudonym: pseudonymOf(secret, epoch, accountId), weight: frames.reduce((sum, { microPoints }) => sum + microPoints, 0n),
  }));
  return shares.toSorted((a, b) => Buffer.compare(a.pseudonym, b.pseudonym));
}

async function carried(tx: Tx): Promise<Record<Purse, bigint>> {
  const of = (purse: Purse) => balance(tx, carryOf(purse), UNIT);
  return { coverage: await of('coverage'), review: await of('review'), nodes: await of('nodes') };
}
