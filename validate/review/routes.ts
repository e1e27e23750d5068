import { Type } from 'typebox';
import type { Account } from '../../shared/io/accounts.ts';
import type { Http } from '../../shared/io/http.ts';
import { Problem } from '../../shared/io/problem.ts';
import type { Queue } from '../../shared/io/queue.ts';
import { parseCaseId } from '../../shared/model/ids.ts';
import { DECISIONS, REJECT_REASONS } from '../../shared/model/review.ts';
import { type EvidenceDoors, EvidenceAnswer, printEvidence, storedEvidence } from '../evidence-route.ts';
import { evidenceWithin, withPublicPlaces } from '../evidence.ts';
import { caseOf, placedMoments } from '../store.ts';
import { CaseAnswer, caseAnswer, DecisionAnswer, decisionAnswer, RejectReasons } from './case-answer.ts';
import { type CaseRow, countWaiting, waitingCases } from './case-store.ts';
import { type Chair, decide, type DecideDoors, noSuchCase, reviewableCase, undo } from './decide.ts';
import { type Opinion, ownDecision } from './decision-store.ts';

export interface ReviewRouteDoors extends EvidenceDoors, DecideDoors {
  readonly queue: Queue;
}

const VALIDATOR = { access: ['validator'] } as const;
const TAGS = ['review'];
const CaseParams = Type.Object({ case: Type.String() });
const PAGE = 20;

const Page = Type.Object({
  cases: Type.Array(CaseAnswer),
  waiting: Type.Integer({ description: 'Cases that wait for you in all' }),
  next: Type.Union([Type.String(), Type.Null()]),
  undoS: Type.Number({ description: 'For so long a decision can be undone' }),
  rejectReasons: Type.Array(Type.String(), { description: 'In the order of the keys' }),
});

const NewDecision = Type.Object({
  decision: Type.Enum([...DECISIONS]),
  reasons: Type.Optional(RejectReasons),
  note: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
}, { additionalProperties: false });

/** What the machine could not decide, for people to decide: blind, and never on one's own drive. */
export function reviewRoutes(http: Http, doors: ReviewRouteDoors): void {
  listRoute(http, doors);
  caseRoutes(http, doors);
  decisionRoutes(http, doors);
}

function listRoute(http: Http, { db, recipe }: ReviewRouteDoors): void {
  http.get('/api/review', {
    config: VALIDATOR,
    schema: {
      summary: 'Cases that wait for you, oldest first', tags: TAGS, response: { 200: Page },
      querystring: Type.Object({ after: Type.Optional(Type.String()), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE })) }),
    },
  }, async ({ account, query }) => {
    const limit = query.limit ?? PAGE;
    const reviewer = account!.id;
    const rows = await waitingCases(db, reviewer, recipe.review, { after: parseCaseId(query.after ?? ''), limit });
    const cases = await Promise.all(rows.map((row) => caseAnswer(db, row, null)));
    return {
      // Its owner may have withdrawn one in this very moment.
      cases: cases.filter((one) => one !== null),
      waiting: await countWaiting(db, reviewer, recipe.review),
      next: rows.length < limit ? null : rows.at(-1)!.id,
      undoS: recipe.review.undoS,
      rejectReasons: [...REJECT_REASONS],
    };
  });
}

function caseRoutes(http: Http, doors: ReviewRouteDoors): void {
  http.get('/api/review/:case', {
    config: VALIDATOR,
    schema: { summary: 'One case', tags: TAGS, params: CaseParams, response: { 200: CaseAnswer } },
  }, async ({ account, params }) => {
    const chair = chairOf(account!, params.case);
    const answer = await caseAnswer(doors.db, await reviewableCase(doors.db, chair), await ownDecision(doors.db, chair.caseId, chair.reviewer));
    if (answer === null) throw withdrawn();
    return answer;
  });
  http.get('/api/review/:case/evidence', {
    config: VALIDATOR,
    schema: { summary: 'Speed, course and vibration around the case at 1 Hz', tags: TAGS, params: CaseParams, response: { 200: EvidenceAnswer } },
  }, async ({ account, params }, reply) => {
    const found = await reviewableCase(doors.db, chairOf(account!, params.case));
    return reply.header('cache-control', 'private, no-store').type('application/json; charset=utf-8').serializer(String).send((await caseEvidence(doors, found)) as never);
  });
}

/** With a window to either side; without the positions that are private. */
async function caseEvidence(doors: ReviewRouteDoors, found: CaseRow): Promise<string> {
  const answer = await caseAnswer(doors.db, found, null);
  const judgement = (await caseOf(doors.db, found.driveId))?.judgement ?? null;
  if (answer === null || judgement === null) throw withdrawn();
  const { windowS } = doors.recipe.validate;
  const evidence = evidenceWithin(await storedEvidence(doors, found.driveId, judgement), answer.fromS - windowS, answer.toS + windowS);
  return printEvidence(withPublicPlaces(evidence, await placedMoments(doors.db, found.driveId), doors.recipe.ingest.splitTimeS));
}

function decisionRoutes(http: Http, doors: ReviewRouteDoors): void {
  http.post('/api/review/:case/decisions', {
    config: VALIDATOR,
    schema: { summary: 'Decide; it can be undone for some seconds', tags: TAGS, params: CaseParams, body: NewDecision, response: { 200: DecisionAnswer, 201: DecisionAnswer } },
  }, async ({ account, params, body }, reply) => {
    const { decision, isNew } = await decide(doors, chairOf(account!, params.case), opinionOf(body));
    return await reply.code(isNew ? 201 : 200).send(decisionAnswer(decision));
  });
  http.delete('/api/review/:case/decisions/mine', {
    config: VALIDATOR,
    schema: { summary: 'Take your decision back', tags: TAGS, params: CaseParams, response: { 204: Type.Null() } },
  }, async ({ account, params }, reply) => {
    await undo(doors, chairOf(account!, params.case));
    return await reply.code(204).send(null);
  });
}

function chairOf(account: Account, text: string): Chair {
  const caseId = parseCaseId(text);
  if (caseId === null) throw noSuchCase();
  return { caseId, reviewer: account.id };
}

function opinionOf({ decision, reasons = [], note }: Type.Static<typeof NewDecision>): Opinion {
  if (decision === 'reject' && reasons.length === 0) {
    throw new Problem({ status: 422, type: 'reasons_missing', title: 'Say why', detail: 'A rejection needs at least one reason; its contributor will read it.' });
  }
  if (decision !== 'reject' && reasons.length > 0) {
    throw new Problem({ status: 422, type: 'reasons_unfit', title: 'Only a rejection has reasons', detail: `The decision is "${decision}"; put what you want to say into the note.` });
  }
  return { decision, reasons, note: note ?? null };
}

function withdrawn(): Problem {
  return new Problem({ status: 410, type: 'case_withdrawn', title: 'Withdrawn by its contributor' });
}
