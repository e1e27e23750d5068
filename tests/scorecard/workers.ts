import type { Worker } from 'node:worker_threads';
import { openTypeScriptThread } from '../../shared/io/typescript-thread.ts';
import type { Measured } from './measure.ts';
import type { Task } from './task.ts';
import type { TaskNews } from './task-thread.ts';

/** Told how much is planned and done, for a bar. */
export interface Progress {
  planned(count: number): void;
  done(): void;
}

/** Performs the tasks in `threads` workers; results in the tasks' order, so that the same seed gives the same scorecard. */
export async function performAll(tasks: readonly Task[], threads: number, progress: Progress): Promise<readonly Measured[]> {
  const results: Measured[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = openTypeScriptThread(new URL('./task-thread.ts', import.meta.url), {});
    try {
      while (next < tasks.length) {
        const mine = next;
        next += 1;
        results[mine] = await performed(worker, tasks[mine]!, progress);
      }
      worker.postMessage('close');
    } catch (error) {
      next = tasks.length;
      await worker.terminate();
      throw error;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(threads, tasks.length)) }, work));
  return results;
}

function performed(worker: Worker, task: Task, progress: Progress): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onNews).off('error', onError);
      act();
    };
    const onNews = (news: TaskNews): void => {
      if (news.kind === 'planned') progress.planned(news.count);
      else if (news.kind === 'done') progress.done();
      else if (news.kind === 'measured') settle(() => resolve(news.measured));
      else settle(() => reject(new Error(`${task.set} ${task.entry}: ${news.why}`)));
    };
    const onError = (error: Error): void => settle(() => reject(error));
    worker.on('message', onNews).on('error', onError);
    worker.postMessage(task);
  });
}
