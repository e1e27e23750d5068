import { Type } from 'typebox';
import { INVITE_DAYS, inviteLink } from './invite-link.ts';
import { AccountNameError, issueToken, revokeToken, tokenIdOf, tokensOf } from './shared/io/accounts.ts';
import type { Clock } from './shared/io/clock.ts';
import type { Db } from './shared/io/db.ts';
import type { Http } from './shared/io/http.ts';
import { acceptInvite, type InviteRefusal, makeInvite, type Welcome } from './shared/io/invites.ts';
import { Problem } from './shared/io/problem.ts';
import { openRateLimit } from './shared/io/rate-limit.ts';
import { ROLES } from './shared/model/role.ts';

export interface PeopleDoors {
  readonly db: Db;
  readonly clock: Clock;
  /** Where the web app is, without a slash at its end. */
  readonly url: string;
}

const ANYBODY = { access: ROLES } as const;
const TAGS = ['people'];
const DAY_S = 86_400;
/** Guessing 256 bits is hopeless; this keeps somebody who tries from keeping the database busy. */
const ACCEPT_RATE = { most: 10, perMs: 60_000 };

const RoleList = Type.Array(Type.Enum([...ROLES]), { minItems: 1, maxItems: ROLES.length, uniqueItems: true });
const Me = Type.Object({ id: Type.String(), name: Type.String(), roles: Type.Array(Type.Enum([...ROLES])) });
const Label = Type.String({ maxLength: 80 });

/**
 * Accounts, invites and tokens over HTTP. They belong to the instance as a whole, like the rest of the front door:
 * no stage may know of another's people, and `shared/io` holds doors, which have no addresses of their own.
 */
export function peopleRoutes(http: Http, doors: PeopleDoors): void {
  http.get('/api/me', { config: ANYBODY, schema: { summary: 'Whose token this is', tags: TAGS, response: { 200: Me } } }, async ({ account }) => ({
    id: account!.id, name: account!.name, roles: [...account!.roles],
  }));
  inviteRoutes(http, doors);
  tokenRoutes(http, doors);
}

function inviteRoutes(http: Http, { db, clock, url }: PeopleDoors): void {
  http.post('/api/invites', {
    config: { access: ['operator'] },
    schema: {
      summary: 'Invite somebody; the link is shown only now', tags: TAGS,
      body: Type.Object({
        roles: RoleList,
        expiresInS: Type.Optional(Type.Integer({ minimum: 60, maximum: 90 * DAY_S })),
        uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ link: Type.String(), invite: Type.String(), roles: Type.Array(Type.String()), expiresAt: Type.String() }) },
    },
  }, async ({ account, body }, reply) => {
    const { roles, expiresInS = INVITE_DAYS * DAY_S, uses = 1 } = body;
    const { invite, expiresAt } = await makeInvite(db, clock, { roles, expiresInS, uses, madeBy: account!.id });
    return await reply.code(201).send({ link: inviteLink(url, invite), invite, roles: [...roles], expiresAt: expiresAt.toISOString() });
  });
  const rate = openRateLimit(clock, ACCEPT_RATE);
  http.post('/api/invites/accept', {
    config: { access: 'public' },
    schema: {
      summary: 'Make an account by invite; its token is shown only now', tags: TAGS,
      body: Type.Object({ invite: Type.String({ maxLength: 200 }), name: Type.String({ maxLength: 200 }) }, { additionalProperties: false }),
      response: { 201: Type.Object({ account: Me, token: Type.String() }) },
    },
  }, async ({ ip, body }, reply) => {
    const waitS = rate.tried(ip);
    if (waitS > 0) {
      void reply.header('retry-after', String(waitS));
      throw new Problem({ status: 429, type: 'too_many_tries', title: 'Too many tries', detail: `Try again in ${waitS} s.` });
    }
    const { account, token } = welcome(await named(() => acceptInvite(db, clock, body)));
    return await reply.code(201).send({ account: { id: account.id, name: account.name, roles: [...account.roles] }, token });
  });
}

function welcome(answer: Welcome | InviteRefusal): Welcome {
  if (answer === 'unknown') throw new Problem({ status: 404, type: 'invite_unknown', title: 'This invite is not known', detail: 'Copy the whole link again.' });
  if (answer === 'expired') throw new Problem({ status: 410, type: 'invite_expired', title: 'This invite has expired', detail: 'Ask for a new one.' });
  if (answer === 'used') throw new Problem({ status: 410, type: 'invite_used', title: 'This invite has been used', detail: 'Ask for a new one.' });
  return answer;
}

async function named<Answer>(make: () => Promise<Answer>): Promise<Answer> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof AccountNameError)) throw error;
    throw new Problem({ status: error.isTaken ? 409 : 422, type: error.isTaken ? 'name_taken' : 'name_invalid', title: 'Choose another name', detail: error.message });
  }
}

function tokenRoutes(http: Http, { db, clock }: PeopleDoors): void {
  const Token = Type.Object({ id: Type.String(), label: Type.String(), createdAt: Type.String(), isCurrent: Type.Boolean({ description: 'The one of this request' }) });
  http.get('/api/me/tokens', { config: ANYBODY, schema: { summary: 'Your tokens that work', tags: TAGS, response: { 200: Type.Object({ tokens: Type.Array(Token) }) } } }, async ({ account, headers }) => {
    const current = tokenIdOf(headers.authorization?.split(' ').at(-1) ?? '');
    const tokens = await tokensOf(db, account!.id);
    return { tokens: tokens.map(({ id, label, createdAt }) => ({ id, label, createdAt: createdAt.toISOString(), isCurrent: id === current })) };
  });
  http.post('/api/me/tokens', {
    config: ANYBODY,
    schema: { summary: 'Another token for you; shown only now', tags: TAGS, body: Type.Object({ label: Type.Optional(Label) }, { additionalProperties: false }), response: { 201: Type.Object({ id: Type.String(), label: Type.String(), token: Type.String() }) } },
  }, async ({ account, body }, reply) => {
    const label = body.label ?? '';
    const token = await issueToken(db, clock, account!.id, label);
    return await reply.code(201).send({ id: tokenIdOf(token)!, label, token });
  });
  http.delete('/api/me/tokens/:id', {
    config: ANYBODY,
    schema: { summary: 'End a token of yours', tags: TAGS, params: Type.Object({ id: Type.String() }), response: { 204: Type.Null() } },
  }, async ({ account, params }, reply) => {
    if (!(await revokeToken(db, params.id, account!.id))) throw new Problem({ status: 404, type: 'token_unknown', title: 'You have no such token' });
    return await reply.code(204).send(null);
  });
}
