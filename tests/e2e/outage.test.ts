import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../shared/io/clock.ts';
import { type Db, openDb } from '../../shared/io/db.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../shared/io/embedded-postgres.ts';
import { openS3Objects } from '../../shared/io/s3-objects.ts';
import { serversOn } from '../../shared/io/postgres-process.ts';
import { type Radosgw, startRadosgw, whyNoRadosgw } from '../contracts/radosgw.ts';
import { databaseOf, expectWhole, type Uploaded, upload, wayproof } from './after-trouble.ts';
import { writeSimulatedDrive } from './simulated-folder.ts';
import { instanceHome, type RunningProcess, startWayproof } from './wayproof-process.ts';

const reason = whyNoRadosgw();
if (reason !== null) console.log(`An outage of S3 is not tested: ${reason}`);
/** What the command line's client waits out by itself is a little longer. */
const AWAY_MS = 6000;

let instance: Awaited<ReturnType<typeof instanceHome>>;
let folder: string;
let frames: number;
beforeAll(async () => {
  instance = await instanceHome();
  folder = join(instance.home, 'drive');
  frames = await writeSimulatedDrive(folder, { endsAtS: Date.now() / 1000 - 3600, each: 1 });
});
afterAll(async () => await instance.remove());

// Each has a server of its own and waits for most of its time: both at once.
describe.skipIf(reason !== null)('the object store goes away in the middle', { concurrent: true }, () => {
  let peer: Radosgw;
  beforeAll(async () => {
    peer = await startRadosgw();
    const client = new S3Client({ ...peer.settings, credentials: peer.settings });
    await client.send(new CreateBucketCommand({ Bucket: peer.settings.bucket }));
    client.destroy();
  });
  afterAll(async () => await peer.stop());

  test('while pictures are derived: jobs wait and go on, requests are told to come again, nothing is lost', async () => {
    const { endpoint, bucket, accessKeyId, secretAccessKey } = peer.settings;
    const server = await startWayproof(instance.home, { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey, DEMO: 'no', WORKERS: '1' });
    const db = await databaseOf(instance.home);
    try {
      const sending = upload(folder, server.url, { WAYPROOF_HOME: instance.home });
      sending.catch(() => {});
      await expect.poll(() => derivedOn(peer), { timeout: 120_000, interval: 20 }).toBeGreaterThan(3);
      await peer.cutOff();
      expect(await unfinished(db)).toContain('ingest.derive');
      await server.says('the object store does not answer; the job waits for it', 60_000);
      await expectAway(await sendOne(server), 'object_store_away');
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      expect(server.child.exitCode).toBeNull();
      await peer.comeBack();
      const { drive } = await sending;
      expectAccepted(drive, frames);
      await expectWhole(db, drive.id, frames);
      expect((await sendOne(server)).status).toBe(201);
    } finally {
      await db.close();
      expect(await server.end('SIGTERM')).toBe(0);
    }
  }, 300_000);
});

describe('the database goes away in the middle', { concurrent: true }, () => {
  let home: Awaited<ReturnType<typeof instanceHome>>;
  let postgres: EmbeddedPostgres;
  let server: RunningProcess;
  let settings: Record<string, string>;
  const startPostgres = async (): Promise<EmbeddedPostgres> => await startEmbeddedPostgres({ dataDir: join(home.home, 'own'), stateDir: join(home.home, 'state'), databaseName: 'wayproof' });
  const open = async (): Promise<Db> => await openDb({ url: postgres.url, connections: 2, onIdleError: () => {} });

  beforeAll(async () => {
    home = await instanceHome();
    postgres = await startPostgres();
    settings = { DATABASE_URL: postgres.url, WAYPROOF_HOME: home.home, DEMO: 'no', WORKERS: '1' };
    server = await startWayproof(home.home, settings);
    const { token } = JSON.parse(await wayproof(['account', 'add', 'anna', '--role', 'contributor', '--json'], settings)) as { token: string };
    settings = { ...settings, WAYPROOF_TOKEN: token };
  });
  afterAll(async () => {
    await server.end('SIGTERM');
    await postgres.stop();
    await home.remove();
  });

  test.sequential('stopped and started again: requests are told to come again, jobs wait and go on, nothing is lost', async () => {
    const { url } = postgres;
    const sending = upload(folder, server.url, settings);
    sending.catch(() => {});
    await expect.poll(() => derivedIn(home.home), { timeout: 120_000, interval: 5 }).toBeGreaterThan(3);
    const before = await open();
    expect(await unfinished(before)).toContain('ingest.derive');
    await before.close();
    await postgres.stop();
    for (const path of ['/healthz', '/api/me', '/api/me/drives', '/tiles/14/8710/5680.mvt']) {
      await expectAway(await fetch(server.url + path, { headers: { authorization: `Bearer ${settings['WAYPROOF_TOKEN']}` } }), 'database_away');
    }
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    expect(server.child.exitCode).toBeNull();
    postgres = await startPostgres();
    expect(postgres.url).toBe(url);
    const { drive } = await sending;
    expectAccepted(drive, frames);
    const db = await open();
    await expectWhole(db, drive.id, frames).finally(() => db.close());
  }, 300_000);

  test.sequential('frozen and thawed: the server waits and goes on', async () => {
    const again = join(home.home, 'again');
    const sent = await writeSimulatedDrive(again, { endsAtS: Date.now() / 1000 - 9 * 3600, each: 2, which: 1 });
    const sending = upload(again, server.url, settings);
    sending.catch(() => {});
    const db = await open();
    try {
      const already = derivedIn(home.home);
      await expect.poll(() => derivedIn(home.home), { timeout: 120_000, interval: 5 }).toBeGreaterThan(already + 3);
      expect(await unfinished(db)).toContain('ingest.derive');
      const frozen = serversOn(join(home.home, 'own', 'data')).map(({ pid }) => pid);
      expect(frozen.length).toBeGreaterThan(3);
      for (const pid of frozen) process.kill(pid, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      expect(server.child.exitCode).toBeNull();
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
      const { drive } = await sending;
      expectAccepted(drive, sent);
      await expectWhole(db, drive.id, sent);
    } finally {
      await db.close();
    }
  }, 300_000);
});

function expectAccepted({ verdict, counts }: Uploaded['drive'], frames: number): void {
  expect(verdict).toBe('accepted');
  expect([counts['received'], counts['accepted']! + counts['dropped']!]).toEqual([frames, frames]);
  expect(counts['accepted']).toBeGreaterThan(frames / 2);
}

async function expectAway(response: Response, type: string): Promise<void> {
  expect([response.status, response.headers.get('content-type'), response.headers.get('retry-after')]).toEqual([503, 'application/problem+json; charset=utf-8', '5']);
  expect(await response.json()).toMatchObject({ status: 503, type });
}

/** Announces a drive of one file and sends that; announcing again is the same drive. */
async function sendOne(server: RunningProcess): Promise<Response> {
  const body = Buffer.from('t_s,lat_deg,lon_deg\n');
  const authorization = `Bearer ${await server.token()}`;
  const sha256 = createHash('sha256').update(body).digest();
  const announced = await fetch(`${server.url}/api/drives`, {
    method: 'POST', headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'one', licence: 'CC-BY-SA-4.0', files: [{ path: 'gnss.csv', size: body.length, sha256: sha256.toString('hex') }] }),
  });
  const { id } = (await announced.json()) as { id: string };
  return await fetch(`${server.url}/api/drives/${id}/files/gnss.csv`, { method: 'PUT', headers: { authorization, 'content-digest': `sha-256=:${sha256.toString('base64')}:` }, body });
}

/** Copies of pictures made so far; their rows are written shard by shard. */
async function derivedOn(peer: Radosgw): Promise<number> {
  const objects = await openS3Objects(peer.settings, systemClock);
  let count = 0;
  for await (const _ of objects.list('derived')) count += 1;
  await objects.close();
  return count;
}

function derivedIn(home: string): number {
  const folder = join(home, 'objects', 'derived');
  return existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length : 0;
}

async function unfinished(db: Db): Promise<readonly string[]> {
  return (await db.query<{ name: string }>(`select distinct name from pgboss.job where state in ('created', 'retry', 'active')`)).map(({ name }) => name);
}
