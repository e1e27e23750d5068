import type { Db } from '../../shared/io/db.ts';
import { Problem } from '../../shared/io/problem.ts';
import type { AccountId, CaseId } from '../../shared/model/ids.ts';
import { type CaseRow, findCase, lockCase } from './case-store.ts';
import { type DecisionRow, insertDecision, type Opinion, ownDecision, undoDecision } from './decision-store.ts';
import type { SettleDoors } from './settle.ts';

export interface DecideDoors extends Pick<SettleDoors, 'queue' | 'clock' | 'recipe'> {
  readonly db: Db;
}

/** Which reviewer speaks of which case. */
export interface Chair {
  readonly caseId: CaseId;
  readonly reviewer: AccountId;
}

/** The case for somebody who may review it; 403 on one's own drive, 404 where there is none. */
export async function reviewableCase(db: Db, { caseId, reviewer }: Chair): Promise<CaseRow> {
  return admitted(await findCase(db, caseId), reviewer);
}

function admitted(found: CaseRow | null, reviewer: AccountId): CaseRow {
  if (found === null) throw noSuchCase();
  if (found.owner === reviewer) throw new Problem({ status: 403, type: 'own_drive', title: 'This is your own drive', detail: 'Nobody reviews their own drives; others will look at it.' });
  return found;
}

export function noSuchCase(): Problem {
  return new Problem({ status: 404, type: 'case_unknown', title: 'There is no such case' });
}

/** Takes a decision, in effect when it can no longer be undone. The same one again is a repeated request, not a mistake. */
export async function decide({ db, queue, clock, recipe }: DecideDoors, chair: Chair, opinion: Opinion): Promise<{ readonly decision: DecisionRow; readonly isNew: boolean }> {
  return await db.transaction(async (tx) => {
    const found = admitted(await lockCase(tx, chair.caseId), chair.reviewer);
    const before = await ownDecision(tx, chair.caseId, chair.reviewer);
    if (before !== null && isSame(before, opinion)) return { decision: before, isNew: false };
    if (found.settledAt !== null) throw new Problem({ status: 409, type: 'case_settled', title: 'This case is settled', detail: 'Enough reviewers have decided on it.' });
    if (before !== null) throw new Problem({ status: 409, type: 'already_decided', title: 'You have decided on this case', detail: 'Undo your decision first; after that time it is final.' });
    const decision = await insertDecision(tx, clock, { ...opinion, ...chair, undoS: recipe.review.undoS });
    await queue.send(tx, 'review.settle', { caseId: chair.caseId }, { afterS: recipe.review.undoS });
    return { decision, isNew: true };
  });
}

function isSame(before: Opinion, opinion: Opinion): boolean {
  return before.decision === opinion.decision && before.note === opinion.note && before.reasons.toSorted().join() === opinion.reasons.toSorted().join();
}

/** Takes a decision back that is not final; others, which waited for it, may take effect now. */
export async function undo({ db, queue }: DecideDoors, chair: Chair): Promise<void> {
  await db.transaction(async (tx) => {
    const found = admitted(await lockCase(tx, chair.caseId), chair.reviewer);
    const before = await ownDecision(tx, chair.caseId, chair.reviewer);
    if (before === null) throw new Problem({ status: 404, type: 'no_decision', title: 'You have not decided on this case' });
    if (before.isFinal || found.settledAt !== null) throw new Problem({ status: 409, type: 'decision_final', title: 'This decision is final', detail: `It could be undone until ${before.finalAt.toISOString()}.` });
    await undoDecision(tx, chair.caseId, chair.reviewer);
    await queue.send(tx, 'review.settle', { caseId: chair.caseId });
  });
}
