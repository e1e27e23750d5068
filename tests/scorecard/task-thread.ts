import { parentPort } from 'node:worker_threads';
import type { Measured } from './measure.ts';
import { perform, type Task } from './task.ts';

/** What a worker says while it performs a task, and at the end. */
export type TaskNews =
  | { readonly kind: 'planned'; readonly count: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'measured'; readonly measured: Measured }
  | { readonly kind: 'failed'; readonly why: string };

const say = (news: TaskNews): void => parentPort!.postMessage(news);

/** The body of a worker: one task after the other, until it is told to close. */
parentPort?.on('message', (task: Task | 'close') => {
  if (task === 'close') return parentPort!.close();
  perform(task, { planned: (count) => say({ kind: 'planned', count }), done: () => say({ kind: 'done' }) }).then(
    (measured) => say({ kind: 'measured', measured }),
    (error: unknown) => say({ kind: 'failed', why: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
