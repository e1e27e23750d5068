import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Http } from '../shared/io/http.ts';
import { type Caller, CALLERS, freshThings, type RouteEntry, wholeServer } from './access-world.ts';
import { freshDatabase, type TestDatabase } from './database.ts';

/**
 * Who may call what: the status that each kind of caller gets for a drive of `owner`'s, which is in review.
 * 401: sign in; 403: not with your role; 404: as if it were not there; 400 and others: let in, then told what is wrong.
 * A route that is not here fails the test: decide, then add it.
 */
const TABLE = `
                                                  nobody owner contributor consumer validator operator
GET    /metrics                                   200    200   200         200      200       200
POST   /api/drives                                401    200   200         403      403       403
POST   /api/drives/:id/close                      401    202   404         403      403       403
GET    /api/demo/drives                           200    200   200         200      200       200
GET    /api/drives/:id                            401    200   404         404      404       404
GET    /api/drives/:id/frames                     401    200   404         404      404       404
GET    /api/me/drives                             401    200   200         403      403       403
DELETE /api/drives/:id/frames/:frame              401    204   404         403      403       403
DELETE /api/drives/:id                            401    204   404         403      403       403
GET    /api/drives/:id/evidence                   404    200   404         404      200       200
GET    /api/drives/:id/context                    404    200   404         404      200       200
GET    /api/review                                401    403   403         403      200       403
GET    /api/review/:case                          401    403   403         403      200       403
GET    /api/review/:case/evidence                 401    403   403         403      200       403
POST   /api/review/:case/decisions                401    403   403         403      201       403
DELETE /api/review/:case/decisions/mine           401    403   403         403      404       403
GET    /api/drives/:id/windows                    404    200   404         404      200       200
GET    /api/drives/:id/judgement                  404    200   404         404      200       200
GET    /tiles/:z/:x/:y.mvt                        200    200   200         200      200       200
GET    /tiles.json                                200    200   200         200      200       200
GET    /api/cells/:h3                             404    404   404         404      404       404
GET    /api/frames/:id                            404    200   404         404      200       404
GET    /api/frames/:id/picture.jpg                404    200   404         404      200       404
GET    /api/frames/:id/thumb.jpg                  404    200   404         404      200       404
GET    /api/epochs                                200    200   200         200      200       200
GET    /api/epochs/:epoch/export                  404    404   404         404      404       404
GET    /api/me/balance                            401    200   200         403      200       200
GET    /api/me/epochs/:epoch/points              401    404   404         403      404       404
GET    /api/me/postings/:key/why                  401    404   404         403      404       404
GET    /api/me                                    401    200   200         200      200       200
POST   /api/invites                               401    403   403         403      403       201
POST   /api/invites/accept                        404    404   404         404      404       404
GET    /api/me/tokens                             401    200   200         200      200       200
POST   /api/me/tokens                             401    201   201         201      201       201
DELETE /api/me/tokens/:id                         401    404   404         404      404       404
GET    /healthz                                   200    200   200         200      200       200
GET    /api/config                                200    200   200         200      200       200
GET    /api/reasons                               200    200   200         200      200       200
GET    /demo/roads.geojson                        404    404   404         404      404       404
GET    /objects/:prefix/:a/:b/:sha256             400    400   400         400      400       400
GET    /assets/*                                  404    404   404         404      404       404
GET    /                                          200    200   200         200      200       200
GET    /frames/*                                  200    200   200         200      200       200
GET    /drives                                    200    200   200         200      200       200
GET    /drives/*                                  200    200   200         200      200       200
GET    /sign-in                                   200    200   200         200      200       200
GET    /upload                                    200    200   200         200      200       200
GET    /review                                    200    200   200         200      200       200
GET    /review/*                                  200    200   200         200      200       200
GET    /earnings                                  200    200   200         200      200       200
GET    /earnings/*                                200    200   200         200      200       200
GET    /demo                                      200    200   200         200      200       200
GET    /reasons                                   200    200   200         200      200       200
GET    /reasons/*                                 200    200   200         200      200       200
GET    /account                                   200    200   200         200      200       200
GET    /invite                                    200    200   200         200      200       200
PUT    /api/drives/:id/files/*                    401    404   404         403      403       403
`;

let database: TestDatabase;
let http: Http;
let entries: readonly RouteEntry[];
beforeAll(async () => {
  database = await freshDatabase();
  ({ http, entries } = await wholeServer(database.db));
});
afterAll(async () => {
  await http.close();
  await database.drop();
});

const ROWS = TABLE.trim().split('\n').slice(1).map((line) => line.trim().split(/\s+/));
const DECIDED: ReadonlyMap<string, readonly string[]> = new Map(ROWS.map(([method, url, ...statuses]) => [`${method} ${url}`, statuses]));

/** What a sensible caller sends; where there is none, an empty object. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /api/drives': { files: [{ path: 'a.jpg', size: 1, sha256: '0'.repeat(64) }] },
  'POST /api/invites': { roles: ['operator'] },
  'POST /api/invites/accept': { invite: 'wpi_none', name: 'ann' },
  'POST /api/review/:case/decisions': { decision: 'accept' },
};

async function statusOf({ method, url }: RouteEntry, caller: Caller): Promise<number> {
  const things = await freshThings(database.db);
  const parameter = (name: string): string => {
    if (name === 'id') return url.includes('/frames/:id') ? things['frame']! : things['drive']!;
    return things[name] ?? { h3: '8c1f8d28a8425ff', z: '0', x: '0', y: '0', epoch: '0', prefix: 'derived', sha256: '0'.repeat(64), a: '00', b: '00' }[name] ?? 'unknown';
  };
  const address = url.replaceAll(/:([a-z0-9]+)(?:\([^)]*\))?/gi, (_, name: string) => parameter(name)).replace('*', 'unknown');
  const body = BODIES[`${method} ${url}`] ?? {};
  const answer = await http.inject({
    method: method as 'GET',
    url: address,
    headers: caller === 'nobody' ? {} : { authorization: `Bearer ${caller}` },
    ...(method === 'POST' ? { payload: body } : {}),
  });
  return answer.statusCode;
}

test('every route has its line in the table, and every line its route', () => {
  expect(entries.map(({ method, url }) => `${method} ${url}`).toSorted()).toEqual([...DECIDED.keys()].toSorted());
});

describe('every route, every kind of caller', () => {
  test('as the table says', async () => {
    const found: string[] = [];
    for (const entry of entries) {
      const statuses = [];
      for (const caller of CALLERS) statuses.push(await statusOf(entry, caller));
      found.push(`${entry.method} ${entry.url} ${statuses.join(' ')}`);
    }
    expect(found.toSorted()).toEqual([...DECIDED].map(([route, statuses]) => `${route} ${statuses.join(' ')}`).toSorted());
  }, 120_000);
});

test('HEAD is what GET is, and loopback is not the world', async () => {
  const head = await http.inject({ method: 'HEAD', url: '/api/me' });
  expect(head.statusCode).toBe(401);
  for (const { method, url } of entries.filter(({ access }) => access === 'loopback')) {
    const answer = await http.inject({ method: method as 'GET', url, remoteAddress: '203.0.113.5' });
    expect(answer.json()).toMatchObject({ status: 403, type: 'loopback_only' });
    expect((await http.inject({ method: method as 'GET', url, remoteAddress: '::ffff:127.0.0.1' })).statusCode).toBe(200);
  }
});

test('/metrics is what Prometheus reads: every line a help, a type or a sample', async () => {
  const { body, headers } = await http.inject({ url: '/metrics' });
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  for (const line of body.trimEnd().split('\n')) expect(line).toMatch(/^(# HELP wayproof_[a-z_]+ .+|# TYPE wayproof_[a-z_]+ (gauge|counter)|wayproof_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? \d+)$/);
  expect(body).toMatch(/^wayproof_frames\{state="flagged"\} \d+$/m);
  expect(body).toMatch(/^wayproof_http_requests_total\{method="GET",route="\/api\/me",status="401"\} \d+$/m);
  expect(body).toContain('# TYPE wayproof_dead_letters gauge');
});
