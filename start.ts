import type { Command } from 'commander';
import { ownToken } from './account.ts';
import { runDemo } from './demo.ts';
import { ingestJobs } from './ingest/jobs.ts';
import { prepareImages } from './ingest/image.ts';
import { openParsers } from './ingest/parser-thread.ts';
import { type Instance, openInstance, openInstanceQueue, type Say } from './instance.ts';
import { listen } from './listen.ts';
import { routes } from './routes.ts';
import { authenticate } from './shared/io/accounts.ts';
import { type Config, readConfig } from './shared/io/config.ts';
import { openHttp } from './shared/io/http.ts';
import type { Queue } from './shared/io/queue.ts';
import { RECIPE } from './shared/model/recipe.ts';
import { leaveMap, tilesJobs } from './tiles/jobs.ts';
import { validateJobs } from './validate/jobs.ts';
import { OWN_MODEL, readModel } from './validate/model-file.ts';
import { openNet } from './validate/net.ts';
import { buildViewer } from './viewer/build.ts';

const GRACE_MS = 15_000;
const BODY_LIMIT = 1024 * 1024;

/** `wayproof start`: every stage and the web app in this process, until Ctrl-C or SIGTERM. */
export function startCommand(program: Command, version: string): void {
  program
    .command('start', { isDefault: true })
    .description('run the whole network on this machine: database, store, all stages, web app')
    .addHelpText('after', '\nSettings are environment variables; README.md lists them.\nExample:\n  PORT=9000 wayproof start')
    .action(async () => {
      const config = readConfig(process.env);
      console.log(`Wayproof ${version}`);
      const running = await start(config, version, (stage, line) => console.log(`  ${stage.padEnd(10)}${line}`));
      await untilSignal();
      console.log('\n  stopping  (once more to stop at once)');
      process.once('SIGINT', () => process.exit(130));
      await running.close();
      process.exit(0);
    });
}

export interface Running {
  readonly url: string;
  /** Resolves when the demo drives are on the map; at once where there is no demo. */
  readonly demoDone: Promise<void>;
  close(): Promise<void>;
}

/** Opens the doors in order, starts the stages, listens; `close` undoes all of it in reverse. */
export async function start(config: Config, version: string, say: Say): Promise<Running> {
  const built = buildViewer();
  built.catch(() => {});
  const instance = await openInstance(config, say, { join: false });
  const shut: (() => Promise<void>)[] = [() => instance.close()];
  const close = async () => {
    for (const step of shut.splice(0).toReversed()) await step();
  };
  try {
    const queue = await openInstanceQueue(instance, say);
    shut.push(() => queue.close(GRACE_MS));
    await startStages({ config, instance, queue, say, shut });
    const { outDir, rebuilt } = await built;
    say('viewer', rebuilt ? 'built' : 'ready');
    const http = await openHttp({ log: instance.log, version, bodyLimitBytes: BODY_LIMIT, authenticate: (token) => authenticate(instance.db, token) });
    routes(http, { config, instance, queue, version, viewerDir: outDir });
    const url = await listen(http, config, say);
    shut.push(() => http.close());
    await sayToken(config, instance, say);
    console.log(`\n  ${config.networkName} is at ${url}\n`);
    const stop = new AbortController();
    shut.push(async () => stop.abort());
    return { url, close, demoDone: demo({ config, instance, queue, say, signal: stop.signal }) };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Stages {
  readonly config: Config;
  readonly instance: Instance;
  readonly queue: Queue;
  readonly say: Say;
  readonly shut: (() => Promise<void>)[];
}

async function startStages({ config, instance, queue, say, shut }: Stages): Promise<void> {
  const { db, objects, clock, log } = instance;
  prepareImages();
  const parsers = openParsers();
  shut.push(() => parsers.close());
  await ingestJobs({ db, objects, queue, clock, parsers, recipe: RECIPE, maxPixels: config.maxPixels, workers: config.workers });
  say('ingest', 'drive folders and photo folders');
  const net = await openNet(await readModel(OWN_MODEL), { choice: config.executionProvider });
  shut.push(() => net.close());
  await validateJobs({ db, objects, queue, clock, log, recipe: RECIPE, leaveMap, net });
  say('validate', `recipe ${RECIPE.version}, net ${net.model.sha256.slice(0, 12)} on ${net.provider}`);
  await tilesJobs({ db, queue, recipe: RECIPE });
  say('tiles', 'map and provisional points');
}

async function sayToken(config: Config, instance: Instance, say: Say): Promise<void> {
  if (!instance.embedded) return;
  const { path, fresh } = await ownToken(instance.db, instance.clock, config.home);
  say('you', fresh === null ? `your token is in ${path}` : `sign in with ${fresh} (kept in ${path})`);
}

async function demo({ config, instance, queue, say, signal }: Omit<Stages, 'shut'> & { readonly signal: AbortSignal }): Promise<void> {
  if (!config.demo || !instance.embedded) return;
  try {
    await runDemo({ ...instance, queue, say, signal, home: config.home, threads: config.workers });
  } catch (error) {
    if (!signal.aborted) say('demo', `could not be completed: ${error instanceof Error ? error.message : String(error)}; the next start tries again`);
  }
}

async function untilSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
