import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { RawImage } from './fixtures/camera.ts';
import type { Shot } from './fixtures/drive.ts';
import { openTypeScriptThread } from './shared/io/typescript-thread.ts';

/** Renders pictures of the demo's streets in threads, so that requests do not wait for them. */
export interface Studio {
  readonly threads: number;
  render(shot: Shot): Promise<RawImage>;
  close(): Promise<void>;
}

export async function openStudio(threads: number): Promise<Studio> {
  const workers = Array.from({ length: threads }, () => openTypeScriptThread(new URL('./demo-picture-worker.ts', import.meta.url), {}));
  const idle: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  const release = (worker: Worker): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  };
  const close = async () => void (await Promise.all(workers.map((worker) => worker.terminate())));
  try {
    await Promise.all(workers.map((worker) => once(worker, 'message')));
  } catch (error) {
    await close();
    throw error;
  }
  workers.forEach(release);
  return {
    threads,
    render: async (shot) => {
      const worker = idle.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)));
      try {
        const answer = once(worker, 'message') as Promise<[RawImage]>;
        worker.postMessage(shot);
        return (await answer)[0];
      } finally {
        release(worker);
      }
    },
    close,
  };
}
