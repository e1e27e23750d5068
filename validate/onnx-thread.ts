import { parentPort, workerData } from 'node:worker_threads';
import type { NetAnswer, NetQuestion, NetStart } from './net.ts';
import { openSession } from './onnx.ts';

/** The body of the net's thread: says what it runs on, then one batch in, one answer out, in turn. */
void serve(workerData as NetStart);

async function serve(start: NetStart): Promise<void> {
  try {
    const session = await openSession(start);
    parentPort!.on('message', (question: NetQuestion | 'close') => {
      if (question === 'close') return void session.close().finally(() => parentPort!.close());
      const { input, windows } = question;
      session.run(input, windows).then((odds) => say({ kind: 'odds', odds }), (error: unknown) => say({ kind: 'failed', why: reasonOf(error) }));
    });
    say({ kind: 'ready', provider: session.provider });
  } catch (error) {
    say({ kind: 'failed', why: reasonOf(error) });
  }
}

function say(answer: NetAnswer): void {
  parentPort!.postMessage(answer);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
