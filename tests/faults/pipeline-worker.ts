import { prepareImages } from '../../ingest/image.ts';
import { ingestJobs } from '../../ingest/jobs.ts';
import { openParsers } from '../../ingest/parser-thread.ts';
import { systemClock } from '../../shared/io/clock.ts';
import { openDb } from '../../shared/io/db.ts';
import { openFileObjects } from '../../shared/io/file-objects.ts';
import { openLog } from '../../shared/io/log.ts';
import { openQueue } from '../../shared/io/queue.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { leaveMap, tilesJobs } from '../../tiles/jobs.ts';
import { validateJobs } from '../../validate/jobs.ts';
import { committedNet } from '../validate/committed-net.ts';

/** A process that runs every stage's jobs until the test kills it: DATABASE_URL, then the folder of the objects. Says `working` when it does. */
const [url, root] = process.argv.slice(2) as [string, string];
const log = openLog({ level: 'silent' });
const db = await openDb({ url, connections: 8, onIdleError: () => {} });
const objects = await openFileObjects({ root, clock: systemClock, secret: Buffer.alloc(32), publicUrl: 'http://localhost' });
const queue = await openQueue(db, log);
prepareImages();
await ingestJobs({ db, objects, queue, clock: systemClock, parsers: openParsers(), recipe: RECIPE, maxPixels: 1_000_000, workers: 2 });
await validateJobs({ db, objects, queue, clock: systemClock, log, recipe: RECIPE, leaveMap, net: await committedNet() });
await tilesJobs({ db, queue, recipe: RECIPE });
console.log('working');
