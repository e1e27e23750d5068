import type { FastifyInstance, FastifyReply } from 'fastify';

/** Who is who on the mock server, by token. */
export const PEOPLE: Readonly<Record<string, { readonly id: string; readonly name: string; readonly roles: readonly string[] }>> = {
  wp_demo_0123456789abcdef: { id: '019362f0-1111-7000-8000-000000000001', name: 'ada', roles: ['contributor', 'validator'] },
  wp_demo_operator: { id: '019362f0-1111-7000-8000-000000000002', name: 'olga', roles: ['operator'] },
  wp_demo_consumer: { id: '019362f0-1111-7000-8000-000000000003', name: 'carl', roles: ['consumer'] },
};

export const INVITE = 'wpi_abcdefghijkl_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
const ROLE_OF: readonly (readonly [RegExp, string])[] = [[/^\/api\/(me\/drives|drives)/, 'contributor'], [/^\/api\/me\/(balance|postings|epochs)/, 'contributor validator operator'], [/^\/api\/review/, 'validator'], [/^\/api\/invites$/, 'operator']];

/** Accounts, tokens and invites; every address that needs a role refuses whoever lacks it. */
export function peopleRoutes(http: FastifyInstance): void {
  const names = new Map(Object.entries(PEOPLE));
  const tokens = [
    { id: 'a1b2c3d4e5f6', label: 'laptop', createdAt: '2026-10-02T08:00:00Z', isCurrent: true },
    { id: 'b1b2c3d4e5f6', label: 'dash cam', createdAt: '2026-10-20T18:30:00Z', isCurrent: false },
    { id: 'c1b2c3d4e5f6', label: '', createdAt: '2026-11-01T07:10:00Z', isCurrent: false },
  ];
  http.addHook('onRequest', async (request, reply) => {
    if (!/^\/api\/(me|drives|review|invites)/.test(request.url) || request.url === '/api/invites/accept') return;
    const person = names.get(request.headers.authorization?.replace('Bearer ', '') ?? '');
    if (request.headers.authorization === undefined) await refuse(reply, 401, 'Sign in first');
    else if (person === undefined) await refuse(reply, 401, 'This token is not known');
    const role = ROLE_OF.find(([path]) => path.test(request.url))?.[1];
    if (person !== undefined && role !== undefined && !role.split(' ').some((one) => person.roles.includes(one))) await refuse(reply, 403, 'Your account may not do this');
  });
  http.get('/api/me', (request) => names.get(request.headers.authorization?.replace('Bearer ', '') ?? ''));
  http.get('/api/me/tokens', () => ({ tokens }));
  http.post('/api/me/tokens', async (request, reply) => {
    const { label = '' } = request.body as { label?: string };
    tokens.push({ id: 'd1b2c3d4e5f6', label, createdAt: '2026-11-20T10:00:00Z', isCurrent: false });
    return await reply.code(201).send({ id: 'd1b2c3d4e5f6', label, token: 'wp_d1b2c3d4e5f6_Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5' });
  });
  http.delete('/api/me/tokens/:id', async (request, reply) => {
    tokens.splice(tokens.findIndex(({ id }) => id === (request.params as { id: string }).id), 1);
    return await reply.code(204).send();
  });
  http.post('/api/invites', async (request, reply) => {
    const { roles } = request.body as { roles: string[] };
    return await reply.code(201).send({ link: `http://127.0.0.1:8787/sign-in#${INVITE}`, invite: INVITE, roles, expiresAt: '2026-11-30T10:00:00Z' });
  });
  http.post('/api/invites/accept', async (request, reply) => {
    const { invite, name } = request.body as { invite: string; name: string };
    if (invite !== INVITE) return await refuse(reply, 404, 'This invite is not known');
    if ([...names.values()].some((one) => one.name === name)) return await refuse(reply, 409, 'Choose another name');
    const account = { id: '019362f0-1111-7000-8000-000000000009', name, roles: ['contributor'] };
    names.set('wp_new_token', account);
    return await reply.code(201).send({ account, token: 'wp_new_token' });
  });
}

async function refuse(reply: FastifyReply, status: number, title: string): Promise<FastifyReply> {
  return await reply.code(status).type('application/problem+json').send(JSON.stringify({ type: 'mock', title, status, detail: title }));
}
