import { Type } from 'typebox';
import type { Sql } from '../../shared/io/db.ts';
import { DECISIONS, REJECT_REASONS } from '../../shared/model/review.ts';
import { explain } from '../../shared/model/explain.ts';
import { type CheckResult, type DriveVerdict, severity } from '../../shared/model/verdict.ts';
import { parseJudgement } from '../receipt.ts';
import { roundedTime } from '../rounding.ts';
import { caseOf } from '../store.ts';
import { type CaseFrame, caseFrames, type CaseRow } from './case-store.ts';
import type { DecisionRow } from './decision-store.ts';

export const Claimed = Type.Object({ value: Type.Number(), unit: Type.String() }, { description: 'What another witness says of the same seconds' });
export const Span = Type.Object({ fromS: Type.Number(), toS: Type.Number() }, { description: 'The seconds that it was measured over, where they are not the whole window' });
const orNull = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const RejectReasons = Type.Array(Type.Enum([...REJECT_REASONS]), { maxItems: REJECT_REASONS.length, uniqueItems: true });

export const DecisionAnswer = Type.Object({
  decision: Type.Enum([...DECISIONS]),
  reasons: RejectReasons,
  note: orNull(Type.String()),
  decidedAt: Type.String(),
  finalAt: Type.String({ description: 'Until then it can be undone' }),
  isFinal: Type.Boolean(),
});

/** A case as a reviewer sees it: what was measured and pictured, not who drove, what others say or how it scored. */
export const CaseAnswer = Type.Object({
  id: Type.String(),
  openedAt: Type.String(),
  ageS: Type.Integer(),
  fromS: Type.Number({ description: 'Unix seconds of the first frame' }),
  toS: Type.Number({ description: 'Unix seconds of the last frame' }),
  reasons: Type.Array(Type.String(), { description: 'Why it was flagged' }),
  checks: Type.Array(Type.Object({
    name: Type.String(),
    measured: Type.Number(),
    limit: Type.Number(),
    unit: Type.String(),
    bound: Type.Enum(['upper', 'lower']),
    atS: Type.Number({ description: 'Unix seconds' }),
    isOver: Type.Boolean(),
    claimed: Type.Optional(Claimed),
    span: Type.Optional(Span),
    sentence: Type.String({ description: 'The same in plain English' }),
  }), { description: 'The worst of each check around the stretch, the worst check first' }),
  frames: Type.Array(Type.Object({
    id: Type.String(),
    atS: Type.Number({ description: 'Unix seconds' }),
    latDeg: Type.Number(),
    lonDeg: Type.Number(),
    headingDeg: orNull(Type.Number()),
    thumbUrl: orNull(Type.String()),
    pictureUrl: orNull(Type.String()),
  })),
  mine: orNull(DecisionAnswer),
  settled: orNull(Type.Object({ at: Type.String(), outcome: Type.Enum(['accepted', 'rejected', 'empty']) })),
});
export type CaseAnswer = Type.Static<typeof CaseAnswer>;

/** Null where its owner has withdrawn all there was to see. */
export async function caseAnswer(sql: Sql, found: CaseRow, mine: DecisionRow | null): Promise<CaseAnswer | null> {
  const frames = await caseFrames(sql, found.id);
  const printed = (await caseOf(sql, found.driveId))?.judgement ?? null;
  if (frames.length === 0 || printed === null) return null;
  const judgement = parseJudgement(printed);
  const [fromS, toS] = [roundedTime(frames[0]!.capturedS), roundedTime(frames.at(-1)!.capturedS)];
  const paths = new Set(frames.map(({ path }) => path));
  return {
    id: found.id,
    openedAt: found.openedAt.toISOString(),
    ageS: found.ageS,
    fromS,
    toS,
    reasons: [...new Set(judgement.frames.filter(({ path }) => paths.has(path)).flatMap(({ reasons }) => reasons))].toSorted(),
    checks: worstChecks(judgement, fromS, toS),
    frames: frames.map(frameAnswer),
    mine: mine === null ? null : decisionAnswer(mine),
    // Others' votes are told only to somebody who cannot be swayed by them any more.
    settled: found.settledAt === null || found.outcome === null || mine === null ? null : { at: found.settledAt.toISOString(), outcome: found.outcome },
  };
}

export function decisionAnswer({ decision, reasons, note, decidedAt, finalAt, isFinal }: DecisionRow): Type.Static<typeof DecisionAnswer> {
  return { decision, reasons: [...reasons], note, decidedAt: decidedAt.toISOString(), finalAt: finalAt.toISOString(), isFinal };
}

function worstChecks({ windows }: DriveVerdict, fromS: number, toS: number): CaseAnswer['checks'] {
  const worst = new Map<string, CheckResult>();
  for (const window of windows.filter((window) => window.toS > fromS && window.fromS <= toS)) {
    for (const [name, check] of Object.entries(window.checks)) {
      const before = worst.get(name);
      if (before === undefined || severity(check) > severity(before)) worst.set(name, check);
    }
  }
  return [...worst]
    .toSorted(([a, one], [b, other]) => severity(other) - severity(one) || (a < b ? -1 : 1))
    .map(([name, check]) => ({ name, ...withoutScore(check), isOver: severity(check) > 1, sentence: explain(name, check) }));
}

/** A score would tell reviewers what the machine thinks. */
function withoutScore({ measured, limit, unit, bound, atS, span, claimed }: CheckResult): Omit<CaseAnswer['checks'][number], 'name' | 'isOver' | 'sentence'> {
  return { measured, limit, unit, bound, atS, ...(span === undefined ? {} : { span }), ...(claimed === undefined ? {} : { claimed }) };
}

/** A metre is enough to see where on the road it was. */
const PLACE_DECIMALS = 1e5;

function frameAnswer({ id, capturedS, latDeg, lonDeg, headingDeg, hasPicture }: CaseFrame): CaseAnswer['frames'][number] {
  return {
    id,
    atS: roundedTime(capturedS),
    latDeg: Math.round(latDeg * PLACE_DECIMALS) / PLACE_DECIMALS,
    lonDeg: Math.round(lonDeg * PLACE_DECIMALS) / PLACE_DECIMALS,
    headingDeg,
    thumbUrl: hasPicture ? `/api/frames/${id}/thumb.jpg` : null,
    pictureUrl: hasPicture ? `/api/frames/${id}/picture.jpg` : null,
  };
}
