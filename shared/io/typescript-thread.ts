import { Worker, type WorkerOptions } from 'node:worker_threads';

/** A worker thread whose entry is a TypeScript file: the loader of the main thread does not reach into threads, so it is registered there first. */
export function openTypeScriptThread(entry: URL, options: WorkerOptions): Worker {
  const loader = import.meta.resolve('tsx/esm/api');
  const start = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(entry.href)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(start)}`), options);
}
