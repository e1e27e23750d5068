import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog } from '../../shared/io/log.ts';
import { openQueue, type Queue } from '../../shared/io/queue.ts';
import type { DriveId } from '../../shared/model/ids.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { until } from '../waiting.ts';

let database: TestDatabase;
let queue: Queue;
beforeAll(async () => {
  database = await freshDatabase();
  queue = await openQueue(database.db, openLog({ level: 'silent' }));
});
afterAll(async () => {
  await queue.close(1000);
  await database.drop();
});

test('the job of a worker killed with SIGKILL comes back to another within 60 s, once', async () => {
  const driveId = '0190a5a0-0000-7000-8000-000000000001' as DriveId;
  await database.db.transaction((tx) => queue.send(tx, 'drive.ready', { driveId }));
  const child = spawn(process.execPath, ['--import', 'tsx', new URL('./queue-worker.ts', import.meta.url).pathname, database.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the worker ended by itself, ${code}`)));
  });
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  const killedAt = performance.now();
  const attempts: number[] = [];
  await queue.work('drive.ready', 2, async (job) => {
    await database.db.transaction((tx) => queue.finish(tx, job));
    attempts.push(job.attempt);
  });
  await until(() => attempts.length > 0, 60_000);
  expect((performance.now() - killedAt) / 1000).toBeLessThan(60);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(attempts).toEqual([1]);
  expect(await queue.depth()).toEqual({});
}, 90_000);
