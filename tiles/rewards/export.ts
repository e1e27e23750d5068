import type { Db } from '../../shared/io/db.ts';
import { type Epoch, epochSpan } from '../../shared/model/epoch.ts';
import type { EpochExport } from './answers.ts';
import { commitmentsOf, findEpoch, pursesOf, sharesOf } from './epoch-store.ts';

/** A closed epoch without anybody's name or place; null while it is open. */
export async function epochExport(db: Db, epoch: Epoch): Promise<EpochExport | null> {
  const closed = await findEpoch(db, epoch);
  if (closed === null) return null;
  const [fromS, toS] = epochSpan(epoch);
  const lines = new Map((await commitmentsOf(db, epoch)).map(({ purse, pseudonym, lines }) => [`${purse} ${pseudonym}`, lines]));
  const shares = await sharesOf(db, epoch);
  return {
    format: 'wayproof-epoch/1',
    epoch,
    from: new Date(fromS * 1000).toISOString(),
    to: new Date(toS * 1000).toISOString(),
    closedAt: closed.closedAt.toISOString(),
    forced: closed.forced,
    recipe: closed.recipe,
    pool: closed.pool,
    purses: [...(await pursesOf(db, epoch))],
    shares: shares.map(({ purse, pseudonym, weight, amount }) => ({ purse, pseudonym, weight, amount, lines: [...(lines.get(`${purse} ${pseudonym}`) ?? [])] })),
    merkleRoot: closed.merkleRoot,
  };
}
