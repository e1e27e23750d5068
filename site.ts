import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import { Type } from 'typebox';
import { demoNetwork } from './fixtures/demo.ts';
import { roadsGeoJson } from './fixtures/roads.ts';
import type { Clock } from './shared/io/clock.ts';
import type { Config } from './shared/io/config.ts';
import type { Db } from './shared/io/db.ts';
import { isSignedFor } from './shared/io/file-objects.ts';
import type { Http } from './shared/io/http.ts';
import { OBJECT_PREFIXES, type Objects } from './shared/io/objects.ts';
import { Problem } from './shared/io/problem.ts';
import { epochOf } from './shared/model/epoch.ts';
import { parseSha256 } from './shared/model/ids.ts';
import { LICENCES } from './shared/model/licence.ts';
import { REASONS } from './shared/model/reason.ts';

export interface SiteDoors {
  readonly config: Config;
  readonly db: Db;
  readonly objects: Objects;
  readonly clock: Clock;
  readonly objectSecret: Buffer;
  readonly version: string;
  readonly viewerDir: string;
}

const PUBLIC = { access: 'public' } as const;

/** What belongs to the instance as a whole: the web app, its settings, health, signed objects, the demo's streets. */
export function siteRoutes(http: Http, doors: SiteDoors): void {
  const { config, db, version } = doors;
  http.get('/healthz', { config: PUBLIC, schema: { summary: 'Whether this instance works' } }, async () => {
    await db.query('select 1');
    return { status: 'ok', version };
  });
  http.get('/api/config', { config: PUBLIC, schema: { summary: 'What the web app needs to know' } }, async () => ({
    name: config.networkName,
    version,
    basemapStyleUrl: config.basemapStyleUrl,
    epoch: epochOf(doors.clock.nowMs() / 1000),
    licences: LICENCES,
    ...(await coverage(db)),
  }));
  http.get('/api/reasons', { config: PUBLIC, schema: { summary: 'Every reason code, with the stage that gives it' } }, async () => REASONS);
  http.get('/demo/roads.geojson', { config: PUBLIC, schema: { hide: true } }, async (_request, reply) => {
    const { demo } = await coverage(db);
    if (!demo) throw new Problem({ status: 404, type: 'no_demo', title: 'There is no demo here' });
    return await reply.type('application/geo+json').send(roadsGeoJson(demoNetwork()));
  });
  objectRoute(http, doors);
  appRoutes(http, doors);
}

async function coverage(db: Db): Promise<{ demo: boolean; bounds: readonly number[] | null }> {
  const [row] = await db.query<{ demo: boolean; west: number | null; south: number; east: number; north: number }>(
    `select exists (select from drives where demo) as demo, min(lon_deg) as west, min(lat_deg) as south, max(lon_deg) as east, max(lat_deg) as north
     from frames where state = 'accepted' and private_reason is null`,
  );
  return { demo: row!.demo, bounds: row!.west === null ? null : [row!.west, row!.south, row!.east, row!.north] };
}

/** Objects of the file store by a signed, expiring address, as S3 gives them itself. */
function objectRoute(http: Http, { objects, objectSecret, clock }: SiteDoors): void {
  http.get('/objects/:prefix/:a/:b/:sha256', {
    config: PUBLIC,
    schema: {
      hide: true,
      params: Type.Object({ prefix: Type.Union(OBJECT_PREFIXES.map((prefix) => Type.Literal(prefix))), a: Type.String(), b: Type.String(), sha256: Type.String() }),
      querystring: Type.Object({ expires: Type.Integer(), signature: Type.String() }),
    },
  }, async (request, reply) => {
    const sha256 = parseSha256(request.params.sha256);
    const key = sha256 === null ? null : { prefix: request.params.prefix, sha256 };
    if (key === null || !isSignedFor(objectSecret, key, request.query)) throw new Problem({ status: 403, type: 'signature_wrong', title: 'This address is not signed' });
    if (request.query.expires * 1000 < clock.nowMs()) throw new Problem({ status: 403, type: 'signature_expired', title: 'This address has expired' });
    const bytes = await objects.get(key);
    if (bytes === null) throw new Problem({ status: 404, type: 'object_gone', title: 'This object is gone' });
    return await reply.type('application/octet-stream').send(bytes);
  });
}

/** Built files are named by their content and never change; every other address of the app is its one page. */
function appRoutes(http: Http, { viewerDir, config }: SiteDoors): void {
  const basemap = config.basemapStyleUrl === null ? '' : ` ${new URL(config.basemapStyleUrl).origin}`;
  const policy = `default-src 'self'; img-src 'self' blob: data:${basemap}; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'${basemap}; font-src 'self'${basemap}; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'`;
  // `serve: false`: its own routes would not say who may call them.
  void http.register(staticFiles, { root: viewerDir, serve: false });
  http.get('/assets/*', { config: PUBLIC, schema: { hide: true } }, (request, reply) =>
    reply.sendFile(`assets/${(request.params as { readonly '*': string })['*']}`, { immutable: true, maxAge: '365d' }),
  );
  const page = async () => await readFile(join(viewerDir, 'index.html'));
  for (const path of ['/', '/frames/*', '/drives', '/drives/*', '/demo', '/sign-in', '/upload', '/review', '/review/*', '/earnings', '/earnings/*', '/reasons', '/reasons/*', '/account', '/invite']) {
    http.get(path, { config: PUBLIC, schema: { hide: true } }, async (_request, reply) =>
      await reply.type('text/html; charset=utf-8').header('content-security-policy', policy).header('cache-control', 'no-cache').send(await page()),
    );
  }
}
