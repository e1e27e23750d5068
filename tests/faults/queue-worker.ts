import { openDb } from '../../shared/io/db.ts';
import { openLog } from '../../shared/io/log.ts';
import { openQueue } from '../../shared/io/queue.ts';

/** A worker process that takes a job and never ends it: the test kills it. Says `holding` when it has the job. */
const db = await openDb({ url: process.argv[2]!, connections: 3, onIdleError: () => {} });
const queue = await openQueue(db, openLog({ level: 'silent' }));
await queue.work('drive.ready', 1, async () => {
  console.log('holding');
  await new Promise<void>(() => {});
});
