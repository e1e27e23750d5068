import { Type } from 'typebox';
import type { Account } from '../../shared/io/accounts.ts';
import type { Db } from '../../shared/io/db.ts';
import type { Http } from '../../shared/io/http.ts';
import { isoDay, partOfDay, PARTS_OF_DAY, solarDay } from '../day.ts';
import { plainAttributionOf } from './attribution.ts';
import { Check, checksAt, parsePrinted, ReceiptAnswer, receiptOf } from './judgement.ts';
import { isInsider, isPicturePublic, isPublic, type Privacy, refuseUnseen } from './publication.ts';
import { findFrame, type FrameRow, neighboursOf, newestJudgement, pointsOfFrame } from './store.ts';

export interface FrameDoors {
  readonly db: Db;
  readonly networkName: string;
  readonly privacy: Privacy;
}

const orNull = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

export const FrameParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{64}$' }) });

const FrameAnswer = Type.Object({
  id: Type.String(),
  state: Type.String(),
  capturedOn: orNull(Type.String({ description: 'Date by local solar time' })),
  partOfDay: orNull(Type.Enum(PARTS_OF_DAY)),
  latDeg: orNull(Type.Number()),
  lonDeg: orNull(Type.Number()),
  headingDeg: orNull(Type.Number()),
  haccM: orNull(Type.Number()),
  tier: orNull(Type.String()),
  score: orNull(Type.Number()),
  reasons: Type.Array(Type.String()),
  checks: Type.Array(Check, { description: 'Of the worst window over the frame' }),
  position: orNull(Type.Object({ number: Type.Integer(), of: Type.Integer() })),
  previous: orNull(Type.String()),
  next: orNull(Type.String()),
  pictureUrl: orNull(Type.String()),
  thumbUrl: orNull(Type.String()),
  pictureWithheld: orNull(Type.String()),
  licence: Type.String(),
  attribution: Type.String(),
  receipt: orNull(ReceiptAnswer),
  device: Type.Optional(Type.Unknown({ description: 'For the owner only' })),
  points: Type.Optional(Type.String({ description: 'Provisional micro-points, for the owner only' })),
});

/** One frame: what was measured, what was decided and why. */
export function frameRoutes(http: Http, doors: FrameDoors): void {
  const schema = { params: FrameParams, response: { 200: FrameAnswer } };
  http.get('/api/frames/:id', { config: { access: 'public' }, schema }, async (request, reply) => {
    void reply.header('cache-control', request.account === null ? 'public, no-cache' : 'private, no-store').header('vary', 'authorization');
    const frame = await findFrame(doors.db, request.params.id, request.account?.id ?? null);
    refuseUnseen(frame, request.account);
    return { ...(await answerOf(doors, frame, request.account)), ...(await ownersPart(doors, frame, request.account)) };
  });
}

async function answerOf(doors: FrameDoors, frame: FrameRow, account: Account | null) {
  const neighbours = isPublic(frame) ? await neighboursOf(doors.db, frame) : null;
  const judgementText = await newestJudgement(doors.db, frame.driveId);
  const judgement = judgementText === null ? null : parsePrinted(judgementText);
  return {
    ...placeOf(frame),
    ...picturesOf(doors, frame, account),
    id: frame.id,
    state: frame.state,
    tier: frame.tier,
    score: frame.score,
    reasons: [...frame.reasons],
    checks: judgement === null || frame.capturedS === null ? [] : [...checksAt(judgement, frame.capturedS)],
    position: neighbours === null ? null : { number: neighbours.number, of: neighbours.of },
    previous: neighbours?.previous ?? null,
    next: neighbours?.next ?? null,
    licence: frame.licence,
    attribution: plainAttributionOf(doors.networkName, [frame.licence]),
    receipt: judgement === null ? null : receiptOf(judgement),
  };
}

/** A day and a part of it, never the second: with the place it would name who was there. */
function placeOf({ capturedS, latDeg, lonDeg, headingDeg, haccM }: FrameRow) {
  const at = capturedS === null ? null : new Date(capturedS * 1000);
  const known = at !== null && lonDeg !== null;
  return {
    capturedOn: known ? isoDay(solarDay(at, lonDeg)) : null,
    partOfDay: known ? partOfDay(at, lonDeg) : null,
    latDeg,
    lonDeg,
    headingDeg,
    haccM,
  };
}

function picturesOf({ privacy }: FrameDoors, frame: FrameRow, account: Account | null) {
  const shown = isPicturePublic(frame, privacy) || isInsider(frame, account);
  const url = (name: string, sha256: string | null): string | null => (shown && sha256 !== null ? `/api/frames/${frame.id}/${name}` : null);
  return {
    pictureUrl: url('picture.jpg', frame.pictureSha256),
    thumbUrl: url('thumb.jpg', frame.thumbSha256),
    pictureWithheld: shown ? null : 'not_blurred',
  };
}

async function ownersPart(doors: FrameDoors, frame: FrameRow, account: Account | null) {
  if (account?.id !== frame.accountId) return {};
  const { microPoints, reason } = await pointsOfFrame(doors.db, frame.key);
  return {
    device: frame.device,
    points: String(microPoints),
    reasons: reason === null ? [...frame.reasons] : [...frame.reasons, reason],
  };
}
