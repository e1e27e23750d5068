import { ingestRoutes } from './ingest/routes.ts';
import type { Instance } from './instance.ts';
import { metricsRoute } from './metrics.ts';
import { peopleRoutes } from './people.ts';
import type { Config } from './shared/io/config.ts';
import type { Http } from './shared/io/http.ts';
import type { Queue } from './shared/io/queue.ts';
import { RECIPE } from './shared/model/recipe.ts';
import { siteRoutes } from './site.ts';
import { leaveMap } from './tiles/jobs.ts';
import { tilesRoutes } from './tiles/routes.ts';
import { validateRoutes } from './validate/routes.ts';

export interface Routing {
  readonly config: Config;
  readonly instance: Pick<Instance, 'db' | 'objects' | 'clock' | 'objectSecret'>;
  readonly queue: Queue;
  readonly version: string;
  readonly viewerDir: string;
}

const TILE_CACHE_BYTES = 64 * 1024 * 1024;

/** Every address of an instance; `tests/access.test.ts` holds who may call each. */
export function routes(http: Http, { config, instance, queue, version, viewerDir }: Routing): void {
  const { db, objects, clock, objectSecret } = instance;
  // First: it counts what the others answer.
  metricsRoute(http, { db, queue, clock });
  ingestRoutes(http, { db, objects, queue, clock, maxFiles: config.maxFilesPerDrive, maxFileBytes: config.maxFileBytes, leaveMap });
  validateRoutes(http, { db, objects, queue, clock, recipe: RECIPE });
  tilesRoutes(http, { db, objects, clock, privacy: config.privacy, networkName: config.networkName, publicUrl: config.publicUrl, tileCacheBytes: TILE_CACHE_BYTES });
  peopleRoutes(http, { db, clock, url: config.publicUrl ?? config.localUrl });
  siteRoutes(http, { config, db, objects, clock, objectSecret, version, viewerDir });
}
