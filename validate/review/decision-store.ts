import { type Clock, uuid7 } from '../../shared/io/clock.ts';
import type { Sql, Tx } from '../../shared/io/db.ts';
import type { AccountId, CaseId } from '../../shared/model/ids.ts';
import type { Decision, RejectReason } from '../../shared/model/review.ts';

/** What one reviewer says of a case. */
export interface Opinion {
  readonly decision: Decision;
  readonly reasons: readonly RejectReason[];
  readonly note: string | null;
}

export interface DecisionRow extends Opinion {
  readonly reviewer: AccountId;
  readonly decidedAt: Date;
  readonly finalAt: Date;
  /** It can no longer be undone. */
  readonly isFinal: boolean;
}

const DECISION = `account_id as reviewer, decision, reasons, note, decided_at as "decidedAt", final_at as "finalAt", final_at <= now() as "isFinal"`;

/** The decisions that stand, in the order they were made. */
export function standingDecisions(sql: Sql, id: CaseId): Promise<readonly DecisionRow[]> {
  return sql.query<DecisionRow>(`select ${DECISION} from review_decisions where case_id = $1 and undone_at is null order by decided_at, id`, [id]);
}

export async function ownDecision(sql: Sql, id: CaseId, reviewer: AccountId): Promise<DecisionRow | null> {
  const [row] = await sql.query<DecisionRow>(
    `select ${DECISION} from review_decisions where case_id = $1 and account_id = $2 and undone_at is null`,
    [id, reviewer],
  );
  return row ?? null;
}

export interface NewDecision extends Opinion {
  readonly caseId: CaseId;
  readonly reviewer: AccountId;
  readonly undoS: number;
}

export async function insertDecision(tx: Tx, clock: Clock, { caseId, reviewer, decision, reasons, note, undoS }: NewDecision): Promise<DecisionRow> {
  const [row] = await tx.query<DecisionRow>(
    `insert into review_decisions (id, case_id, account_id, decision, reasons, note, final_at)
     values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)) returning ${DECISION}`,
    [uuid7(clock), caseId, reviewer, decision, reasons, note, undoS],
  );
  return row!;
}

export async function undoDecision(tx: Tx, id: CaseId, reviewer: AccountId): Promise<void> {
  await tx.query('update review_decisions set undone_at = now() where case_id = $1 and account_id = $2 and undone_at is null', [id, reviewer]);
}
