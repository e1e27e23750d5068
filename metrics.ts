import type { Clock } from './shared/io/clock.ts';
import type { Db } from './shared/io/db.ts';
import type { Http } from './shared/io/http.ts';
import type { Queue } from './shared/io/queue.ts';

export interface MetricsDoors {
  readonly db: Db;
  readonly queue: Pick<Queue, 'counts'>;
  readonly clock: Clock;
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly what: string;
  readonly samples: readonly Sample[];
}

/** Counting reads whole tables: however often it is asked, once in so long. */
const FRESH_MS = 10_000;

/** `/metrics` for Prometheus, from this machine only: it tells how busy a network is and what breaks in it. */
export function metricsRoute(http: Http, { db, queue, clock }: MetricsDoors): void {
  const requests = new Map<string, Sample & { value: number }>();
  http.addHook('onResponse', async (request, reply) => {
    // The pattern, not the address: addresses are without number.
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) };
    const key = Object.values(labels).join(' ');
    const counted = requests.get(key) ?? { labels, value: 0 };
    counted.value += 1;
    requests.set(key, counted);
  });
  let counted: { readonly atMs: number; readonly metrics: readonly Metric[] } | null = null;
  http.get('/metrics', { config: { access: 'loopback' }, schema: { hide: true } }, async (_request, reply) => {
    if (counted === null || clock.nowMs() - counted.atMs > FRESH_MS) counted = { atMs: clock.nowMs(), metrics: await count(db, queue) };
    const http: Metric = { name: 'wayproof_http_requests_total', kind: 'counter', what: 'Requests answered by this process.', samples: [...requests.values()] };
    return await reply.type('text/plain; version=0.0.4; charset=utf-8').send(exposition([...counted.metrics, http]));
  });
}

async function count(db: Db, queue: Pick<Queue, 'counts'>): Promise<readonly Metric[]> {
  const jobs = await queue.counts();
  const states = (table: 'drives' | 'frames') => db.query<{ state: string; n: number }>(`select state, count(*)::float8 as n from ${table} group by state order by state`);
  const objects = await db.query<{ prefix: string; n: number }>(
    `select 'original' as prefix, count(distinct sha256)::float8 as n from drive_files where stored_at is not null
     union all select 'documents', count(distinct document_sha256) from drives
     union all select 'derived', count(distinct s) from frames f, unnest(array[f.picture_sha256, f.thumb_sha256, f.grey_sha256]) s`,
  );
  const [cases] = await db.query<{ n: number }>('select count(*)::float8 as n from review_cases where settled_at is null');
  return [
    { name: 'wayproof_drives', kind: 'gauge', what: 'Drives by state.', samples: byState(await states('drives')) },
    { name: 'wayproof_frames', kind: 'gauge', what: 'Frames by state.', samples: byState(await states('frames')) },
    { name: 'wayproof_jobs', kind: 'gauge', what: 'Jobs that have not ended, by name and state.', samples: jobs.filter(({ state }) => state !== 'failed').map(({ name, state, count }) => ({ labels: { name, state }, value: count })) },
    { name: 'wayproof_dead_letters', kind: 'gauge', what: 'Jobs that failed for good, by name.', samples: jobs.filter(({ state }) => state === 'failed').map(({ name, count }) => ({ labels: { name }, value: count })) },
    { name: 'wayproof_review_cases_waiting', kind: 'gauge', what: 'Cases that people have not settled.', samples: [{ labels: {}, value: cases!.n }] },
    { name: 'wayproof_objects', kind: 'gauge', what: 'Objects that the database refers to, by room of the store.', samples: objects.map(({ prefix, n }) => ({ labels: { prefix }, value: n })) },
  ];
}

function byState(rows: readonly { readonly state: string; readonly n: number }[]): readonly Sample[] {
  return rows.map(({ state, n }) => ({ labels: { state }, value: n }));
}

/** The text format, version 0.0.4: a value is escaped, a name never needs to be. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics.map(({ name, kind, what, samples }) => {
    const lines = samples.map(({ labels, value }) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`);
      return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
    });
    return `# HELP ${name} ${what}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
  }).join('');
}
