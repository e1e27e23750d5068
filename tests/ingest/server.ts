import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import type { FramePage, OwnFrame } from '../../ingest/drive-frames.ts';
import type { DriveSummary } from '../../ingest/drive-summary.ts';
import { type IngestDoors, ingestJobs } from '../../ingest/jobs.ts';
import { leaveMap } from '../../tiles/jobs.ts';
import { prepareImages } from '../../ingest/image.ts';
import { openParsers } from '../../ingest/parser-thread.ts';
import { ingestRoutes } from '../../ingest/routes.ts';
import { authenticate, createAccount, issueToken } from '../../shared/io/accounts.ts';
import { systemClock } from '../../shared/io/clock.ts';
import type { Db } from '../../shared/io/db.ts';
import { openFileObjects } from '../../shared/io/file-objects.ts';
import { type Http, openHttp } from '../../shared/io/http.ts';
import type { Objects } from '../../shared/io/objects.ts';
import { openQueue, type Queue } from '../../shared/io/queue.ts';
import type { DriveId } from '../../shared/model/ids.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { freshDatabase } from '../database.ts';
import { until } from '../waiting.ts';
import { sha256 } from './pictures.ts';

export interface UploadFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Somebody with a token. */
export interface Contributor {
  readonly token: string;
  call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object | Uint8Array, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  // Tests look into answers of many shapes; what they expect is asserted.
  readonly body: Record<string, never>;
}

/** Ingest as a server: a real database, queue and file store; drives end as `drive.ready`, since nobody judges here. */
export interface IngestServer {
  readonly db: Db;
  readonly queue: Queue;
  readonly objects: Objects;
  readonly http: Http;
  readonly doors: IngestDoors;
  readonly port: number;
  contributor(name: string): Promise<Contributor>;
  startJobs(): Promise<void>;
  logged(): string;
  draftsLeft(): Promise<number>;
  close(): Promise<void>;
}

const MAX_FILE_BYTES = 5_000_000;

export async function openIngest(): Promise<IngestServer> {
  const database = await freshDatabase();
  const root = await mkdtemp(join(tmpdir(), 'wayproof-ingest-'));
  let logged = '';
  const lines = new PassThrough().on('data', (line: Buffer) => {
    logged += line.toString();
  });
  const log = pino({ level: 'warn' }, lines);
  const objects = await openFileObjects({ root, clock: systemClock, secret: Buffer.alloc(32), publicUrl: 'http://localhost' });
  const queue = await openQueue(database.db, log);
  const parsers = openParsers();
  prepareImages();
  const doors: IngestDoors = { db: database.db, objects, queue, clock: systemClock, parsers, recipe: RECIPE, maxPixels: 120_000_000, workers: 2 };
  const http = await openHttp({ log, version: 'test', authenticate: (token) => authenticate(database.db, token), bodyLimitBytes: 1_000_000 });
  ingestRoutes(http, { db: database.db, objects, queue, clock: systemClock, maxFiles: 1000, maxFileBytes: MAX_FILE_BYTES, leaveMap });
  await http.listen({ port: 0, host: '127.0.0.1' });
  const { port } = http.addresses()[0] as AddressInfo;
  return {
    db: database.db, queue, objects, http, doors, port,
    contributor: async (name) => {
      const account = await createAccount(database.db, systemClock, { name, roles: ['contributor'] });
      return caller(port, await issueToken(database.db, systemClock, account.id));
    },
    startJobs: () => ingestJobs(doors),
    logged: () => logged,
    draftsLeft: async () => (await readdir(join(root, 'incoming'))).length,
    close: async () => {
      await http.close();
      await queue.close(1000);
      await parsers.close();
      await database.drop();
      await rm(root, { recursive: true });
    },
  };
}

function caller(port: number, token: string): Contributor {
  return {
    token,
    call: async (method, url, body, headers = {}) => {
      const isBytes = body instanceof Uint8Array;
      const response = await fetch(`http://127.0.0.1:${port}${url}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, type: response.headers.get('content-type') ?? '', body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
    },
  };
}

export function manifestOf(files: readonly UploadFile[]): readonly { path: string; size: number; sha256: string }[] {
  return files.map(({ path, bytes }) => ({ path, size: bytes.length, sha256: sha256(bytes) }));
}

export function contentDigest(bytes: Uint8Array): Record<string, string> {
  return { 'content-digest': `sha-256=:${Buffer.from(sha256(bytes), 'hex').toString('base64')}:` };
}

export function fileUrl(drive: string, path: string): string {
  return `/api/drives/${drive}/files/${path.split('/').map(encodeURIComponent).join('/')}`;
}

export async function announce(by: Contributor, files: readonly UploadFile[], settings: object = {}): Promise<{ id: DriveId; state: string; missing: readonly string[] }> {
  const { status, body } = await by.call('POST', '/api/drives', { files: manifestOf(files), ...settings });
  if (status !== 200) throw new Error(`announcing was answered with ${status} ${JSON.stringify(body)}`);
  return body as unknown as { id: DriveId; state: string; missing: readonly string[] };
}

export async function send(by: Contributor, drive: string, files: readonly UploadFile[]): Promise<void> {
  for (const { path, bytes } of files) {
    const { status, body } = await by.call('PUT', fileUrl(drive, path), bytes, contentDigest(bytes));
    if (status !== 201 && status !== 200) throw new Error(`${path} was answered with ${status} ${JSON.stringify(body)}`);
  }
}

/** Announces, sends and closes a drive. */
export async function upload(by: Contributor, files: readonly UploadFile[], settings: object = {}): Promise<DriveId> {
  const { id, missing } = await announce(by, files, settings);
  await send(by, id, files.filter(({ path }) => missing.includes(path)));
  const { status } = await by.call('POST', `/api/drives/${id}/close`);
  if (status !== 202) throw new Error(`closing was answered with ${status}`);
  return id;
}

/** Until no ingest job of any drive is left; the drives wait for their judge then. */
export async function ingested(server: IngestServer): Promise<void> {
  await until(async () => Object.keys(await server.queue.depth()).every((name) => !name.startsWith('ingest.')), 60_000);
}

export async function summaryOf(by: Contributor, drive: string): Promise<DriveSummary> {
  return (await by.call('GET', `/api/drives/${drive}`)).body as unknown as DriveSummary;
}

export async function framesOf(by: Contributor, drive: string): Promise<readonly OwnFrame[]> {
  const found: OwnFrame[] = [];
  for (let after: string | null = '0'; after !== null;) {
    const page: FramePage = (await by.call('GET', `/api/drives/${drive}/frames?after=${after}&limit=7`)).body as unknown as FramePage;
    found.push(...page.frames);
    after = page.next;
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Jobs `drive.ready` that were sent for a drive. */
export async function timesReady(server: IngestServer, drive: string): Promise<number> {
  const [row] = await server.db.query<{ n: number }>(`select count(*)::int as n from pgboss.job where name = 'drive.ready' and data ->> 'driveId' = $1`, [drive]);
  return row!.n;
}
