import { type Clock, uuid7 } from '../../shared/io/clock.ts';
import type { Tx } from '../../shared/io/db.ts';
import { type LeaveMap, moveFrames } from '../../shared/io/frame-moves.ts';
import type { Queue } from '../../shared/io/queue.ts';
import type { CaseId, DriveId } from '../../shared/model/ids.ts';
import type { ReasonCode } from '../../shared/model/reason.ts';
import type { Recipe } from '../../shared/model/recipe.ts';
import { type Verdict, VERDICTS } from '../../shared/model/verdict.ts';
import { lockCase } from './case-store.ts';
import { type DecisionRow, standingDecisions } from './decision-store.ts';
import { type Outcome, outcomeOf, reviewedVerdict } from './outcome.ts';

export interface SettleDoors {
  readonly queue: Pick<Queue, 'send'>;
  readonly clock: Clock;
  readonly recipe: Recipe;
  readonly leaveMap: LeaveMap;
}

/**
 * Lets the decisions on a case take effect, if they amount to something: its frames move, a verdict supersedes the
 * machine's, the map is told. Waits while a decision can still be undone: that decision has a job of its own.
 */
export async function settleCase(tx: Tx, doors: SettleDoors, caseId: CaseId): Promise<Outcome | null> {
  const found = await lockCase(tx, caseId);
  if (found === null || found.settledAt !== null) return null;
  const decisions = await standingDecisions(tx, caseId);
  if (decisions.some(({ isFinal }) => !isFinal)) return null;
  const outcome = outcomeOf(decisions.map(({ decision }) => decision), doors.recipe.review.reviewers);
  if (outcome === null) return null;
  await tx.query('select from drives where id = $1 for update', [found.driveId]);
  const keys = await flaggedKeys(tx, caseId);
  if (keys.length === 0) {
    await markSettled(tx, caseId, { outcome: 'empty', verdictId: null });
    return null;
  }
  await moveFrames(tx, doors.leaveMap, { keys, to: outcome, reasons: reasonsOf(outcome, decisions), movedBy: 'review.settle' });
  await markSettled(tx, caseId, { outcome, verdictId: await supersede(tx, doors.clock, found.driveId) });
  if (outcome === 'accepted') await doors.queue.send(tx, 'frames.judged', { driveId: found.driveId });
  return outcome;
}

/** Frames that their owner withdrew meanwhile are not flagged any more, and stay as they are. */
async function flaggedKeys(tx: Tx, caseId: CaseId): Promise<readonly bigint[]> {
  const rows = await tx.query<{ key: bigint }>(
    `select f.key from review_case_frames c join frames f on f.key = c.frame_key
     where c.case_id = $1 and f.state = 'flagged' order by f.key for update of f`,
    [caseId],
  );
  return rows.map(({ key }) => key);
}

/** The contributor is told what those who rejected gave as reasons. */
function reasonsOf(outcome: Outcome, decisions: readonly DecisionRow[]): readonly ReasonCode[] {
  if (outcome === 'accepted') return ['review_accepted'];
  return ['review_rejected', ...new Set(decisions.filter(({ decision }) => decision === 'reject').flatMap(({ reasons }) => reasons))];
}

async function supersede(tx: Tx, clock: Clock, drive: DriveId): Promise<string> {
  const counts = await tx.query<{ state: Verdict; n: number }>(
    'select state, count(*)::int as n from frames where drive_id = $1 and state = any($2) group by state',
    [drive, VERDICTS],
  );
  const of = (verdict: Verdict): number => counts.find(({ state }) => state === verdict)?.n ?? 0;
  const verdict = reviewedVerdict({ accepted: of('accepted'), flagged: of('flagged'), rejected: of('rejected'), unverified: of('unverified') });
  const id = uuid7(clock);
  await tx.query(
    `insert into verdicts (id, drive_id, supersedes, recipe, verdict, tier, score, kind)
     select $1, v.drive_id, v.id, v.recipe, $3, v.tier, v.score, 'review' from verdicts v
     where v.drive_id = $2 and not exists (select from verdicts s where s.supersedes = v.id)`,
    [id, drive, verdict],
  );
  await tx.query('update drives set verdict = $2 where id = $1', [drive, verdict]);
  return id;
}

async function markSettled(tx: Tx, caseId: CaseId, { outcome, verdictId }: { readonly outcome: Outcome | 'empty'; readonly verdictId: string | null }): Promise<void> {
  await tx.query('update review_cases set settled_at = now(), outcome = $2, verdict_id = $3 where id = $1', [caseId, outcome, verdictId]);
  await tx.query('update review_case_frames set settled = true where case_id = $1', [caseId]);
}
