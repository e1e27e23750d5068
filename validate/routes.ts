import { Type } from 'typebox';
import { explain } from '../shared/model/explain.ts';
import { severity, TIERS, VERDICTS, type WindowVerdict } from '../shared/model/verdict.ts';
import type { Account } from '../shared/io/accounts.ts';
import type { Db } from '../shared/io/db.ts';
import type { Http } from '../shared/io/http.ts';
import { Problem } from '../shared/io/problem.ts';
import { contextRoute } from './context/route.ts';
import { type EvidenceDoors, evidenceRoute } from './evidence-route.ts';
import { parseJudgement } from './receipt.ts';
import { readableDrive } from './readable-drive.ts';
import { Claimed, Span } from './review/case-answer.ts';
import { type ReviewRouteDoors, reviewRoutes } from './review/routes.ts';

export type ValidateRouteDoors = EvidenceDoors & ReviewRouteDoors;

const Params = Type.Object({ id: Type.String() });
const VerdictText = Type.Enum([...VERDICTS]);

const Check = Type.Object({
  score: Type.Number(),
  measured: Type.Number(),
  limit: Type.Number(),
  unit: Type.String(),
  bound: Type.Enum(['upper', 'lower']),
  atS: Type.Number({ description: 'Unix seconds' }),
  span: Type.Optional(Span),
  claimed: Type.Optional(Claimed),
  sentence: Type.Optional(Type.String({ description: 'In plain English, where the value is beyond its limit' })),
});

const Windows = Type.Object({
  windows: Type.Array(Type.Object({
    fromS: Type.Number({ description: 'Unix seconds' }),
    toS: Type.Number({ description: 'Unix seconds' }),
    score: Type.Number({ minimum: 0, maximum: 1 }),
    verdict: VerdictText,
    checks: Type.Record(Type.String(), Check),
    reasons: Type.Array(Type.String()),
  })),
});

/** The judgement's own bytes are sent, so the schema only tells what is in them. */
const Judgement = Type.Object({
  drive: Type.String(),
  verdict: VerdictText,
  tier: Type.Enum([...TIERS]),
  score: Type.Number({ minimum: 0, maximum: 1 }),
}, { additionalProperties: true, description: 'As `wayproof judge` prints it, without `ms`' });

const access = 'public' as const;

/** What the judges said of a drive, for its owner and for those who review. */
export function validateRoutes(http: Http, doors: ValidateRouteDoors): void {
  evidenceRoute(http, doors);
  contextRoute(http, doors);
  reviewRoutes(http, doors);
  const { db } = doors;
  http.get('/api/drives/:id/windows', {
    config: { access },
    schema: { summary: 'What each check found, window by window', tags: ['validate'], params: Params, response: { 200: Windows } },
  }, async ({ params, account }) => {
    const judgement = await judgementFor(db, params.id, account);
    const windows = judgement === null ? [] : parseJudgement(judgement).windows;
    return { windows: windows.map(({ checks, reasons, ...window }) => ({ ...window, checks: withSentences(checks), reasons: [...reasons] })) };
  });
  http.get('/api/drives/:id/judgement', {
    config: { access },
    schema: { summary: 'The newest judgement with its receipt, byte for byte', tags: ['validate'], params: Params, response: { 200: Judgement } },
  }, async ({ params, account }, reply) => {
    const judgement = await judgementFor(db, params.id, account);
    if (judgement === null) {
      throw new Problem({ status: 404, type: 'drive_not_judged', title: 'This drive has no verdict yet', detail: 'It is still being processed; ask again in a moment.' });
    }
    return reply.type('application/json; charset=utf-8').serializer(String).send(judgement as never);
  });
}

/** Hours of driving have thousands of checks: only those get words that anybody will ask about. */
function withSentences(checks: WindowVerdict['checks']): Type.Static<typeof Windows>['windows'][number]['checks'] {
  return Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, severity(check) > 1 ? { ...check, sentence: explain(name, check) } : check]));
}

/** The newest judgement for somebody who may read it. */
async function judgementFor(db: Db, id: string, account: Account | null): Promise<string | null> {
  return (await readableDrive(db, id, account)).judgement;
}
