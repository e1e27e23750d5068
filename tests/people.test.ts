import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { authenticate, createAccount, issueToken } from '../shared/io/accounts.ts';
import { systemClock } from '../shared/io/clock.ts';
import { type Http, openHttp } from '../shared/io/http.ts';
import { openLog } from '../shared/io/log.ts';
import { openRateLimit } from '../shared/io/rate-limit.ts';
import type { Role } from '../shared/model/role.ts';
import { peopleRoutes } from '../people.ts';
import { freshDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let http: Http;
let operator: string;
beforeAll(async () => {
  database = await freshDatabase();
  const { db } = database;
  http = await openHttp({ log: openLog({ level: 'silent' }), version: 'test', bodyLimitBytes: 10_000, authenticate: (token) => authenticate(db, token) });
  peopleRoutes(http, { db, clock: systemClock, url: 'https://map.example' });
  await http.ready();
  operator = await tokenFor('olga', ['operator']);
});
afterAll(async () => {
  await http.close();
  await database.drop();
});

async function tokenFor(name: string, roles: readonly Role[]): Promise<string> {
  const account = await createAccount(database.db, systemClock, { name, roles });
  return await issueToken(database.db, systemClock, account.id);
}

function call(method: 'GET' | 'POST' | 'DELETE', url: string, token: string | null, payload?: object) {
  return http.inject({ method, url, headers: token === null ? {} : { authorization: `Bearer ${token}` }, ...(payload === undefined ? {} : { payload }) });
}

let address = 0;
/** Each try from an address of its own: the limit has a test by itself. */
function accept(invite: string, name: string, from = `198.51.100.${(address += 1)}`) {
  return http.inject({ method: 'POST', url: '/api/invites/accept', payload: { invite, name }, remoteAddress: from });
}

async function invite(body: object = { roles: ['contributor', 'validator'] }): Promise<string> {
  return (await call('POST', '/api/invites', operator, body)).json().invite;
}

describe('an invite', () => {
  test('makes an account with its roles, once, and shows the token once', async () => {
    const made = await call('POST', '/api/invites', operator, { roles: ['contributor', 'validator'] });
    expect(made.statusCode).toBe(201);
    const { link, invite, expiresAt, roles } = made.json();
    expect(link).toBe(`https://map.example/sign-in#${invite}`);
    expect(roles).toEqual(['contributor', 'validator']);
    expect((Date.parse(expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(7, 2);
    const accepted = await accept(invite, 'ann');
    expect(accepted.statusCode).toBe(201);
    expect(accepted.json()).toEqual({ account: { id: expect.any(String), name: 'ann', roles: ['contributor', 'validator'] }, token: expect.stringMatching(/^wp_/) });
    expect((await call('GET', '/api/me', accepted.json().token)).json()).toEqual(accepted.json().account);
    expect((await accept(invite, 'ben')).json()).toMatchObject({ status: 410, type: 'invite_used' });
  });

  test('is stored as a hash', async () => {
    const secret = (await invite()).split('_')[2]!;
    const rows = await database.db.query('select i::text as row from invites i');
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test('is not used up by a name that cannot be one, or is taken', async () => {
    const given = await invite();
    expect((await accept(given, 'Ann Example')).json()).toMatchObject({ status: 422, type: 'name_invalid' });
    expect((await accept(given, 'olga')).json()).toMatchObject({ status: 409, type: 'name_taken' });
    expect((await accept(given, 'carl')).statusCode).toBe(201);
  });

  test('expires', async () => {
    const given = await invite({ roles: ['consumer'], expiresInS: 60 });
    await database.db.query(`update invites set expires_at = now() where id = $1`, [given.split('_')[1]]);
    expect((await accept(given, 'late')).json()).toMatchObject({ status: 410, type: 'invite_expired' });
  });

  test('of many uses makes so many accounts, also when they come at once', async () => {
    const given = await invite({ roles: ['consumer'], uses: 3 });
    const answers = await Promise.all(['m1', 'm2', 'm3', 'm4', 'm5'].map((name) => accept(given, name)));
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([201, 201, 201, 410, 410]);
  });

  test('with another secret is as unknown as one that never was', async () => {
    const [prefix, id, secret] = (await invite()).split('_') as [string, string, string];
    for (const given of [`${prefix}_${id}_${secret.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))}`, `${prefix}_000000000000_${secret}`, 'wpi_', '']) {
      expect((await accept(given, 'eve')).json()).toMatchObject({ status: 404, type: 'invite_unknown' });
    }
  });

  test('cannot be tried again and again from one address', async () => {
    const answers = [];
    for (let n = 0; n < 12; n += 1) answers.push(await accept('wpi_guess', 'eve', '203.0.113.9'));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([...Array.from({ length: 10 }, () => 404), 429, 429]);
    expect(Number(answers.at(-1)!.headers['retry-after'])).toBeGreaterThan(0);
    expect((await accept('wpi_guess', 'eve', '203.0.113.10')).statusCode).toBe(404);
  });
});

test('the limit forgets after its time, and however many call', () => {
  let nowMs = 0;
  const limit = openRateLimit({ nowMs: () => nowMs, random: () => Buffer.alloc(0) }, { most: 2, perMs: 10_000 });
  expect([limit.tried('a'), limit.tried('a'), limit.tried('a'), limit.tried('b')]).toEqual([0, 0, 10, 0]);
  nowMs = 10_000;
  expect(limit.tried('a')).toBe(0);
  for (let n = 0; n < 30_000; n += 1) limit.tried(`c${n}`);
  expect(limit.tried('c29999')).toBe(0);
});

describe('tokens', () => {
  test('are made with a label, listed without their secret, and end when revoked', async () => {
    const first = await tokenFor('tom', ['consumer']);
    const made = await call('POST', '/api/me/tokens', first, { label: 'laptop' });
    expect([made.statusCode, made.json()]).toMatchObject([201, { label: 'laptop', token: expect.stringMatching(/^wp_/) }]);
    const { id, token } = made.json();
    const listed = (await call('GET', '/api/me/tokens', token)).json().tokens;
    expect(listed.map(({ label, isCurrent }: { label: string; isCurrent: boolean }) => [label, isCurrent])).toEqual([['laptop', true], ['', false]]);
    expect(JSON.stringify(listed)).not.toContain(token.split('_')[2]);
    expect((await call('DELETE', `/api/me/tokens/${id}`, first)).statusCode).toBe(204);
    expect((await call('GET', '/api/me', token)).json()).toMatchObject({ status: 401, type: 'token_unknown' });
    expect((await call('DELETE', `/api/me/tokens/${id}`, first)).json()).toMatchObject({ status: 404 });
    expect((await call('GET', '/api/me', first)).statusCode).toBe(200);
  });

  test('of others cannot be ended', async () => {
    const [mine, others] = [await tokenFor('mia', ['consumer']), await tokenFor('max', ['consumer'])];
    expect((await call('DELETE', `/api/me/tokens/${others.split('_')[1]}`, mine)).json()).toMatchObject({ status: 404, type: 'token_unknown' });
    expect((await call('GET', '/api/me', others)).statusCode).toBe(200);
  });
});

test('the same at the machine itself: add, list, token, invite, revoke', async () => {
  const home = await mkdtemp(join(tmpdir(), 'wayproof-people-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const wayproof = async (...words: readonly string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['wayproof.js', 'account', ...words, '--json'], {
      cwd: join(import.meta.dirname, '..'), env: { ...process.env, DATABASE_URL: database.url, WAYPROOF_HOME: home, PUBLIC_URL: 'https://map.example/' },
    });
    return JSON.parse(stdout);
  };
  const added = await wayproof('add', 'zoe', '--role', 'contributor', '--role', 'validator');
  expect((await call('GET', '/api/me', added.token)).json()).toEqual({ id: added.id, name: 'zoe', roles: ['contributor', 'validator'] });
  const another = await wayproof('token', 'zoe', '--label', 'car');
  expect((await wayproof('list')).find(({ name }: { name: string }) => name === 'zoe')).toMatchObject({ roles: ['contributor', 'validator'], drives: 0, tokens: [added.token.split('_')[1], another.id] });
  expect(await wayproof('revoke', another.token)).toEqual({ id: another.id, revoked: true });
  expect((await call('GET', '/api/me', another.token)).statusCode).toBe(401);
  const { link, invite } = await wayproof('invite', '--role', 'consumer', '--days', '2');
  expect(link).toBe(`https://map.example/sign-in#${invite}`);
  expect((await accept(invite, 'by-link')).json().account.roles).toEqual(['consumer']);
  await expect(wayproof('invite')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--role') });
  await expect(wayproof('revoke', '000000000000')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('there is no token') });
}, 120_000);
