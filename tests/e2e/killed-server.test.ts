import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../shared/io/db.ts';
import { databaseOf, expectMapOfFrames, expectWhole, processesIn, upload, wayproof } from './after-trouble.ts';
import { writeSimulatedDrive } from './simulated-folder.ts';
import { instanceHome, type RunningProcess, startWayproof } from './wayproof-process.ts';

const WEEK_S = 7 * 86_400;
const SETTINGS = { DEMO: 'no', WORKERS: '1' };

let instance: Awaited<ReturnType<typeof instanceHome>>;
let server: RunningProcess;
let settings: Record<string, string>;
beforeAll(async () => {
  instance = await instanceHome();
  settings = { WAYPROOF_HOME: instance.home, WAYPROOF_STATE: join(instance.home, 'state') };
  server = await startWayproof(instance.home, SETTINGS);
});
afterAll(async () => {
  await server.end('SIGTERM');
  await instance.remove();
});

/** One play: what is on the map and paid must be there unchanged, whatever was in the air when the process died. */
test('killed with SIGKILL while a drive is judged, the next start ends it: every frame in one state, the ledger at 0, the map as it was, one Postgres', async () => {
  const [first, second] = [join(instance.home, 'first'), join(instance.home, 'second')];
  await writeSimulatedDrive(first, { endsAtS: Date.now() / 1000 - 2 * WEEK_S, each: 6 });
  const frames = await writeSimulatedDrive(second, { endsAtS: Date.now() / 1000 - 3600, each: 3 });
  const { drive: done, frames: onMap } = await upload(first, server.url, settings);
  expect(done.verdict).toBe('accepted');
  const before = await databaseOf(instance.home);
  await expect.poll(async () => await paidFrames(before), { timeout: 60_000 }).toBeGreaterThan(0);
  await wayproof(['epoch', 'close'], settings);
  const { latDeg, lonDeg } = onMap[0]!;
  const map = await tile(server.url, latDeg, lonDeg);
  expect(map.length).toBeGreaterThan(100);

  // Private from end to end: it is judged and shown to its owner, and nothing of it comes to the map.
  const sending = upload(second, server.url, settings, '5000').catch(() => null);
  await untilJudging(before);
  const killed = server.end('SIGKILL');
  await before.close().catch(() => {});
  await killed;
  server = await startWayproof(instance.home, SETTINGS);
  expect(server.output()).toContain('left running by a Wayproof that was killed');
  expect(server.output()).toMatch(/queue +\d+ jobs of a process that was killed are done again/);
  expect(processesIn(instance.home, '/postgres')).toHaveLength(1);
  expect(await tile(server.url, latDeg, lonDeg)).toEqual(map);

  await sending;
  const db = await databaseOf(instance.home);
  try {
    await expect.poll(async () => await unjudged(db), { timeout: 90_000 }).toBe(0);
    const [drive] = await db.query<{ id: string }>('select id from drives where id <> $1', [done.id]);
    await expectWhole(db, drive!.id, frames);
    const sums = await db.query<{ sum: string; postings: number }>('select sum(amount)::text as sum, count(*)::int as postings from ledger_postings group by unit');
    expect(sums).toEqual([{ sum: '0', postings: expect.any(Number) }]);
    expect(sums[0]!.postings).toBeGreaterThan(2);
    expect((await expectMapOfFrames(db)).length).toBeGreaterThan(5);
    expect(await tile(server.url, latDeg, lonDeg)).toEqual(map);
    expect(processesIn(instance.home, '/postgres')).toHaveLength(1);
  } finally {
    await db.close();
  }
}, 300_000);

/** Until the judge has taken the drive up; throws where it has ended without being seen. */
async function untilJudging(db: Db): Promise<void> {
  for (const deadlineMs = performance.now() + 120_000; performance.now() < deadlineMs; await new Promise((resolve) => setTimeout(resolve, 5))) {
    const [job] = await db.query<{ state: string }>(`select state::text from pgboss.job where name = 'drive.ready' order by created_on desc limit 1`);
    const drives = await db.query(`select 1 from drives where state = 'judged'`);
    if (drives.length > 1) throw new Error('the drive was judged before the server could be killed');
    if (job?.state === 'active') return;
  }
  throw new Error('the drive did not come to be judged');
}

async function unjudged(db: Db): Promise<number> {
  const [row] = await db.query<{ n: number }>(`select (select count(*) from drives where state <> 'judged')::int + (select count(*) from pgboss.job where state in ('created', 'retry', 'active'))::int as n`);
  return row!.n;
}

async function paidFrames(db: Db): Promise<number> {
  const [row] = await db.query<{ n: number }>('select count(*)::int as n from frame_points where micro_points > 0');
  return row!.n;
}

async function tile(url: string, latDeg: number, lonDeg: number): Promise<Buffer> {
  const z = 14;
  const lat = (latDeg * Math.PI) / 180;
  const [x, y] = [Math.floor(((lonDeg + 180) / 360) * 2 ** z), Math.floor(((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * 2 ** z)];
  return Buffer.from(await (await fetch(`${url}/tiles/${z}/${x}/${y}.mvt`)).arrayBuffer());
}
