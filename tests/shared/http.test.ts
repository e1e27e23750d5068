import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { Type } from 'typebox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../shared/io/accounts.ts';
import { type Http, openHttp } from '../../shared/io/http.ts';
import type { Log } from '../../shared/io/log.ts';
import { ObjectStoreAway } from '../../shared/io/objects.ts';
import { Problem } from '../../shared/io/problem.ts';
import type { AccountId } from '../../shared/model/ids.ts';
import type { Role } from '../../shared/model/role.ts';

const BODY_LIMIT = 1000;
const people: Record<string, readonly Role[]> = { driver: ['contributor'], judge: ['validator'], both: ['contributor', 'validator'] };

let http: Http;
let logged = '';
beforeAll(async () => {
  const lines = new PassThrough();
  lines.on('data', (line: Buffer) => {
    logged += line.toString();
  });
  http = await openHttp({ log: pino({ level: 'info' }, lines) as Log, version: '1.2.3', authenticate, bodyLimitBytes: BODY_LIMIT });
  http.get('/open', { config: { access: 'public' } }, (request) => ({ who: request.account?.name ?? null }));
  http.get('/here', { config: { access: 'loopback' } }, () => ({ here: true }));
  http.get('/drive', { config: { access: ['contributor'] } }, (request) => ({ who: request.account?.name }));
  http.get('/desk', { config: { access: ['validator', 'operator'] } }, () => ({ desk: true }));
  http.get('/refused', { config: { access: 'public' } }, () => {
    throw new Problem({ status: 409, type: 'drive_closed', title: 'Closed', detail: 'It is closed.', extra: { drive: 7 } });
  });
  http.get('/broken', { config: { access: 'public' } }, () => {
    throw new Error('the secret is hunter2');
  });
  http.get('/away', { config: { access: 'public' } }, () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  });
  http.get('/store-away', { config: { access: 'public' } }, () => {
    throw new ObjectStoreAway('the object store at s3.internal does not answer');
  });
  http.get('/big', { config: { access: 'public' } }, () => ({ text: 'x'.repeat(5000) }));
  http.post('/numbers/:id', {
    config: { access: 'public' },
    schema: {
      params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
      body: Type.Object({ count: Type.Integer({ minimum: 0 }), tags: Type.Array(Type.String()) }, { additionalProperties: false }),
      response: { 200: Type.Object({ count: Type.Number() }) },
    },
  }, (request) => ({ count: request.body.count, hidden: 'not in the schema' }));
  await http.ready();
});
beforeEach(() => {
  logged = '';
});
afterAll(async () => await http.close());

async function authenticate(token: string): Promise<Account | null> {
  if (token === 'database-away') throw Object.assign(new Error('terminating connection'), { code: '57P01' });
  const roles = people[token];
  return roles === undefined ? null : { id: token as AccountId, name: token, roles };
}

async function get(url: string, token?: string) {
  return await http.inject({ url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
}

async function post(url: string, payload: object | string, type = 'application/json') {
  return await http.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
}

describe('who may call', () => {
  test('a route that does not say so stops the start', async () => {
    expect(() => http.get('/forgotten', () => 'x')).toThrow();
    const fresh = await openHttp({ log: pino({ level: 'silent' }), version: '1', authenticate, bodyLimitBytes: 10 });
    expect(() => fresh.get('/forgotten', () => 'x')).toThrow('route GET /forgotten does not say who may call it');
    expect(() => fresh.route({ method: ['GET', 'POST'], url: '/two', config: {}, handler: () => 'x' })).toThrow('does not say who may call it');
    await fresh.close();
  });

  test('public routes need no token, and know who sends one', async () => {
    expect((await get('/open')).json()).toEqual({ who: null });
    expect((await get('/open', 'driver')).json()).toEqual({ who: 'driver' });
  });

  test('without a token: 401, also for HEAD', async () => {
    const answer = await get('/drive');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ type: 'sign_in', status: 401 });
    expect((await http.inject({ method: 'HEAD', url: '/drive' })).statusCode).toBe(401);
  });

  test('with a token that is not known: 401 everywhere, even on public routes', async () => {
    for (const url of ['/drive', '/open']) expect((await get(url, 'stranger')).json()).toMatchObject({ type: 'token_unknown', status: 401 });
    expect((await http.inject({ url: '/drive', headers: { authorization: 'Basic ZHJpdmVyOg==' } })).statusCode).toBe(401);
  });

  test('with the wrong role: 403 that names the right one', async () => {
    const answer = await get('/desk', 'driver');
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ type: 'role_missing', detail: 'This needs the role validator or operator; yours: contributor.' });
    expect((await get('/desk', 'both')).statusCode).toBe(200);
  });

  test('loopback routes answer this machine only', async () => {
    for (const remoteAddress of ['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1']) {
      expect((await http.inject({ url: '/here', remoteAddress })).statusCode).toBe(200);
    }
    for (const remoteAddress of ['10.0.0.1', '::ffff:10.0.0.1', '1270::1', '203.0.113.127']) {
      expect((await http.inject({ url: '/here', remoteAddress })).json()).toMatchObject({ status: 403, type: 'loopback_only' });
    }
    const claimed = await http.inject({ url: '/here', remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': '127.0.0.1' } });
    expect(claimed.statusCode).toBe(403);
  });
});

describe('refusals', () => {
  test('are problem documents with their own members', async () => {
    const answer = await get('/refused');
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toEqual({ type: 'drive_closed', title: 'Closed', status: 409, detail: 'It is closed.', drive: 7 });
  });

  test('an address that is none: 404', async () => {
    const answer = await http.inject({ method: 'PATCH', url: '/nowhere?x=1' });
    expect(answer.json()).toMatchObject({ status: 404, type: 'no_such_page', detail: 'PATCH /nowhere?x=1 is not an address of this server.' });
  });

  test('an address that cannot be decoded: 400', async () => {
    const answer = await get('/drive/%ff');
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ status: 400, type: 'request_invalid' });
  });

  test('a request that does not fit says where', async () => {
    expect((await post('/numbers/1', { count: -1, tags: [] })).json()).toMatchObject({ status: 400, type: 'request_invalid', detail: expect.stringContaining('body/count') as string });
    expect((await post('/numbers/0', { count: 1, tags: [] })).json()).toMatchObject({ status: 400, detail: expect.stringContaining('params/id') as string });
    expect((await post('/numbers/1', { count: 1, tags: [], extra: 1 })).statusCode).toBe(400);
    expect((await post('/numbers/1', { count: '1; drop', tags: [] })).statusCode).toBe(400);
  });

  test('a body that is no JSON, or of a type nobody reads', async () => {
    expect((await post('/numbers/1', '{"count":')).statusCode).toBe(400);
    expect((await post('/numbers/1', '<x/>', 'application/xml')).json()).toMatchObject({ status: 415, type: 'request_invalid' });
    expect((await post('/numbers/1', '{"__proto__": {"a": 1}}')).statusCode).toBe(400);
  });

  test('a body larger than the limit: 413, and inflating does not get round it', async () => {
    const payload = JSON.stringify({ count: 1, tags: ['x'.repeat(BODY_LIMIT)] });
    const plain = await http.inject({ method: 'POST', url: '/numbers/1', payload, headers: { 'content-type': 'application/json' } });
    expect(plain.json()).toMatchObject({ status: 413, type: 'too_large' });
    const zipped = await http.inject({ method: 'POST', url: '/numbers/1', payload: gzipSync(payload), headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } });
    expect(zipped.statusCode).toBeGreaterThanOrEqual(400);
    expect(zipped.statusCode).toBeLessThan(500);
  });

  test('what breaks is logged and not told', async () => {
    const answer = await get('/broken');
    expect(answer.json()).toMatchObject({ status: 500, type: 'internal', request: expect.any(String) as string });
    expect(answer.payload).not.toContain('hunter2');
    expect(logged).toContain('hunter2');
    expect(logged).toContain(answer.json<{ request: string }>().request);
  });

  test('a database that is away: 503 and when to come again, in the handler and at the door', async () => {
    for (const answer of [await get('/away'), await get('/open', 'database-away')]) {
      expect(answer.json()).toMatchObject({ status: 503, type: 'database_away' });
      expect(answer.headers['retry-after']).toBe('5');
    }
  });

  test('an object store that is away: 503 and when to come again, without its address', async () => {
    const answer = await get('/store-away');
    expect(answer.json()).toMatchObject({ status: 503, type: 'object_store_away' });
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.payload).not.toContain('s3.internal');
  });

  test('refusals are not logged as failures, and a token is never logged', async () => {
    await get('/refused');
    await get('/drive', 'wp_000000000000_secret');
    await get('/broken', 'driver');
    expect(logged.match(/request failed/g)).toHaveLength(1);
    expect(logged).not.toContain('wp_000000000000');
    expect(logged).not.toContain('Bearer');
  });

  test('what is not HTTP gets an answer too, and the server lives', async () => {
    await http.listen({ port: 0, host: '127.0.0.1' });
    const { port } = http.addresses()[0] as AddressInfo;
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.end('\x16\x03\x01 no http\r\n\r\n'));
      socket.on('data', (bytes) => {
        text += bytes.toString();
      }).on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 400/);
    expect((await fetch(`http://127.0.0.1:${port}/open`)).status).toBe(200);
  });
});

describe('answers', () => {
  test('hold what their schema says and no more', async () => {
    const answer = await http.inject({ method: 'POST', url: '/numbers/1', payload: { count: 3, tags: [] } });
    expect(answer.json()).toEqual({ count: 3 });
  });

  test('are compressed where that helps and is wanted', async () => {
    const asked = await http.inject({ url: '/big', headers: { 'accept-encoding': 'gzip' } });
    expect(asked.headers['content-encoding']).toBe('gzip');
    expect((await get('/big')).headers['content-encoding']).toBeUndefined();
    expect((await http.inject({ url: '/open', headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding']).toBeUndefined();
  });

  test('tell browsers not to guess', async () => {
    for (const url of ['/open', '/nowhere', '/broken']) {
      expect((await get(url)).headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    }
  });

  test('are described by /openapi.json', async () => {
    const description = (await get('/openapi.json')).json<{ info: object; paths: Record<string, object> }>();
    expect(description.info).toMatchObject({ version: '1.2.3' });
    expect(Object.keys(description.paths)).toContain('/numbers/{id}');
    expect(Object.keys(description.paths)).not.toContain('/openapi.json');
  });
});
