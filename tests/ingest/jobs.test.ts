import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeDrive } from '../../ingest/close-drive.ts';
import { ingestJobs } from '../../ingest/jobs.ts';
import type { Parsers } from '../../ingest/parser-thread.ts';
import { type Job, type JobHandler, LeaseLost, type Queue } from '../../shared/io/queue.ts';
import type { JobName } from '../../shared/model/jobs.ts';
import type { DriveId } from '../../shared/model/ids.ts';
import { refusal } from '../../shared/model/reason.ts';
import { withExif } from './exif-writer.ts';
import { jpeg } from './pictures.ts';
import { announce, type Contributor, framesOf, type IngestServer, openIngest, send, summaryOf, timesReady, type UploadFile } from './server.ts';

let server: IngestServer;
let anna: Contributor;
/** The real handlers, called by hand: a test decides which job runs, how often, and when its lease is lost. */
const handlers = new Map<JobName, JobHandler<JobName>>();
let nowMs = 1_780_000_000_000;
let tickMs = 0;
let parsers: Parsers;

beforeAll(async () => {
  server = await openIngest();
  anna = await server.contributor('anna');
  const queue: Queue = {
    ...server.queue,
    work: async (name, _concurrency, handler) => {
      handlers.set(name, handler as JobHandler<JobName>);
    },
  };
  parsers = server.doors.parsers;
  const clock = {
    ...server.doors.clock,
    nowMs: () => {
      nowMs += tickMs;
      return nowMs;
    },
  };
  const hooked: Parsers = { picture: (bytes) => parsers.picture(bytes), sensors: (files, rules) => parsers.sensors(files, rules), ready: async () => {}, close: async () => {} };
  await ingestJobs({ ...server.doors, queue, clock, parsers: hooked, workers: 1 });
});
afterAll(async () => await server.close());
beforeEach(async () => {
  tickMs = 0;
  parsers = server.doors.parsers;
  await server.db.query('delete from pgboss.job');
});

async function shots(from: number, count: number): Promise<readonly UploadFile[]> {
  return await Promise.all(Array.from({ length: count }, async (_, n) => ({
    path: `${String(from + n).padStart(4, '0')}.jpg`,
    bytes: withExif(await jpeg(from + n, { width: 96, height: 64 }), { dateTime: `2026:06:01 10:00:${String(n).padStart(2, '0')}`, latDeg: 40 + (from + n) * 0.000_1, lonDeg: 3 }),
  })));
}

async function closed(files: readonly UploadFile[], settings: object = { trim: 0 }): Promise<DriveId> {
  const { id } = await announce(anna, files, settings);
  await send(anna, id, files);
  expect(await closeDrive(server.doors, id)).toEqual([]);
  return id;
}

/** Takes the next job as a worker would, or null where there is none. */
async function take(): Promise<Job<JobName> | null> {
  const [row] = await server.db.query<{ id: string; name: JobName; attempt: number; data: never }>(
    `update pgboss.job set state = 'active', started_on = now() where id = (
       select id from pgboss.job where state in ('created', 'retry') and name like 'ingest.%' order by created_on, id limit 1)
     returning id, name, retry_count as attempt, data`,
  );
  return row ?? null;
}

/** Runs the jobs of all drives one after the other, and says which they were. */
async function drain(): Promise<readonly string[]> {
  const done: string[] = [];
  for (let job = await take(); job !== null; job = await take()) {
    await handlers.get(job.name)!(job);
    done.push(job.name);
  }
  return done;
}

async function statesOf(drive: string): Promise<readonly string[]> {
  return (await framesOf(anna, drive)).map(({ state, reasons }) => [state, ...reasons].join(' '));
}

async function movesOf(drive: string): Promise<number> {
  const [row] = await server.db.query<{ n: number }>('select count(*)::int as n from frame_history h join frames f on f.key = h.frame_key where f.drive_id = $1', [drive]);
  return row!.n;
}

describe('a job that is given out twice', () => {
  test.each(['ingest.read', 'ingest.assemble', 'ingest.derive'] as const)('%s: the late one writes nothing, and every frame is in one state', async (name) => {
    const drive = await closed(await shots({ 'ingest.read': 0, 'ingest.assemble': 10, 'ingest.derive': 20 }[name], 3));
    for (let job = await take(); job !== null; job = await take()) {
      if (job.name === name) {
        // The lease expires while the first works; the second is done before the first writes.
        await server.db.query('update pgboss.job set retry_count = retry_count + 1 where id = $1', [job.id]);
        await handlers.get(name)!({ ...job, attempt: job.attempt + 1 });
        const before = await movesOf(drive);
        await expect(handlers.get(name)!(job)).rejects.toBeInstanceOf(LeaseLost);
        expect(await movesOf(drive)).toBe(before);
      } else {
        await handlers.get(job.name)!(job);
      }
    }
    expect(await statesOf(drive)).toEqual(['ready', 'ready', 'ready']);
    expect(await movesOf(drive)).toBe(6);
    expect(await timesReady(server, drive)).toBe(1);
  });

  test('a worker that dies before it writes leaves the job to another, and nothing half done', async () => {
    const drive = await closed(await shots(30, 3));
    const job = await take();
    const lost = { ...job!, attempt: job!.attempt + 7 };
    await expect(handlers.get('ingest.read')!(lost)).rejects.toBeInstanceOf(LeaseLost);
    expect(await statesOf(drive)).toEqual([]);
    await handlers.get('ingest.read')!(job!);
    await drain();
    expect(await statesOf(drive)).toEqual(['ready', 'ready', 'ready']);
  });
});

describe('work in shards', () => {
  test('a drive of 241 files is read in two, derived in four, and ready once', async () => {
    const drive = await closed(await shots(1000, 60).then(async (first) => [...first, ...(await Promise.all([1, 2, 3].map((n) => shots(1000 + 60 * n, 60)))).flat(), { path: 'drive.json', bytes: Buffer.from('{}') }]));
    const done = await drain();
    expect(done.filter((name) => name === 'ingest.read')).toHaveLength(2);
    expect(done.filter((name) => name === 'ingest.assemble')).toHaveLength(1);
    expect(done.filter((name) => name === 'ingest.derive')).toHaveLength(4);
    expect(await timesReady(server, drive)).toBe(1);
    expect(new Set(await statesOf(drive))).toEqual(new Set(['ready']));
  }, 120_000);

  test('what takes longer than 15 s is handed on: each job ends, and every frame is done once', async () => {
    const drive = await closed(await shots(2000, 4));
    // Every look at the clock is 8 s later: a job begins one or two pictures and hands on the rest.
    tickMs = 8000;
    const done = await drain();
    expect(done.filter((name) => name === 'ingest.read').length).toBeGreaterThan(1);
    expect(done.filter((name) => name === 'ingest.derive').length).toBeGreaterThan(1);
    expect(done.filter((name) => name === 'ingest.assemble')).toHaveLength(1);
    expect(await statesOf(drive)).toEqual(['ready', 'ready', 'ready', 'ready']);
    expect(await timesReady(server, drive)).toBe(1);
  });
});

describe('a drive with nothing to judge', () => {
  test('of no usable file is refused as empty', async () => {
    const drive = await closed([{ path: 'README.txt', bytes: Buffer.from('x') }, { path: 'gnss.csv', bytes: Buffer.from('t_s,lat_deg,lon_deg\n5,91,0\n') }]);
    await drain();
    expect(await summaryOf(anna, drive)).toMatchObject({ state: 'refused', reason: 'drive_empty', notes: [{ code: 'unused_file' }, { code: 'position_invalid', detail: { file: 'gnss.csv', line: 2 } }] });
    expect(await timesReady(server, drive)).toBe(0);
  });

  test('whose sensor files break the parser is refused, its frames too, and their claims are free', async () => {
    const files = await shots(3000, 2);
    const withSensors = [...files, { path: 'imu.csv', bytes: Buffer.from('x') }];
    parsers = { ...parsers, sensors: async () => refusal('file_unreadable', { why: 'it kept the parser busy for 30 s' }) };
    const drive = await closed(withSensors);
    await drain();
    expect(await summaryOf(anna, drive)).toMatchObject({ state: 'refused', reason: 'file_unreadable', reasonDetail: { why: 'it kept the parser busy for 30 s' }, counts: { refused: 2, processing: 0 } });
    expect(await statesOf(drive)).toEqual(['refused file_unreadable', 'refused file_unreadable']);
    parsers = server.doors.parsers;
    const again = await closed(files);
    await drain();
    expect(await statesOf(again)).toEqual(['ready', 'ready']);
  });

  test('gives its claims back in time for a drive closed meanwhile, which then holds them against a third', async () => {
    const bytes = withExif(await jpeg(3100, { width: 96, height: 64 }), { latDeg: 41, lonDeg: 3 });
    const asserting = { trim: 0, assert: { start: '2026-06-01T10:00:00Z', intervalS: 1 } };
    const first = await closed([{ path: 'a.jpg', bytes }]);
    const second = await closed([{ path: 'b.jpg', bytes }], asserting);
    await drain();
    expect(await statesOf(first)).toEqual(['refused no_time']);
    expect(await statesOf(second)).toEqual(['ready']);
    const third = await closed([{ path: 'c.jpg', bytes }], asserting);
    await drain();
    expect(await statesOf(third)).toEqual(['dropped file_duplicate']);
  });
});
