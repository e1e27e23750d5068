import type { Decision } from '../../shared/model/review.ts';
import type { Verdict } from '../../shared/model/verdict.ts';

/** What a case can end as, while frames wait in it. */
export type Outcome = 'accepted' | 'rejected';

/** Where two disagree, one more must be of either opinion. */
const AFTER_A_DISPUTE = 2;

/**
 * What the decisions amount to, or null where another reviewer is wanted: `reviewers` who agree, or, once two differ,
 * a majority with at least two votes. Who is unsure does not vote. The order of the decisions does not matter.
 */
export function outcomeOf(decisions: readonly Decision[], reviewers: number): Outcome | null {
  const accepts = decisions.filter((decision) => decision === 'accept').length;
  const rejects = decisions.filter((decision) => decision === 'reject').length;
  const needed = accepts > 0 && rejects > 0 ? Math.max(reviewers, AFTER_A_DISPUTE) : reviewers;
  if (accepts === rejects || Math.max(accepts, rejects) < needed) return null;
  return accepts > rejects ? 'accepted' : 'rejected';
}

/**
 * What people's decisions make of a drive, by its frames: flagged while any frame waits; rejected where at least half
 * are, unverified where more than half are; else accepted, though without the frames that were rejected.
 */
export function reviewedVerdict(frames: Readonly<Record<Verdict, number>>): Verdict {
  const all = frames.accepted + frames.flagged + frames.rejected + frames.unverified;
  if (frames.flagged > 0) return 'flagged';
  if (frames.rejected > 0 && frames.rejected >= all / 2) return 'rejected';
  return frames.unverified > all / 2 ? 'unverified' : 'accepted';
}
