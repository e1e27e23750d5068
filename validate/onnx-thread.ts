import { parentPort, workerData } from 'node:worker_threads';
import type { NetAnswer, NetQuestion, NetStart } from './net.ts';
import { openSession } from './onnx.ts';

/** The body of the net's thread: says what it runs on, then one batch in, one answer out, in turn. */
void serve(workerData as NetStart);

async function serve(start: NetStart): Promise<void> {
  try {
    const session = await openSession(start);
    const answer = async (question: NetQuestion | 'close'): Promise<void> => {
      if (question === 'close') return await session.close().finally(() => parentPort!.close());
      await session.run(question.input, question.windows).then((odds) => say({ kind: 'odds', odds }), (error: unknown) => say({ kind: 'failed', why: reasonOf(error) }));
    };
    // In turn: a session that is let go while it computes ends the process.
    let turn = Promise.resolve();
    parentPort!.on('message', (question: NetQuestion | 'close') => {
      const before = turn;
      turn = (async () => {
        await before;
        await answer(question);
      })();
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
