import type { Worker } from 'node:worker_threads';
import { openTypeScriptThread } from '../shared/io/typescript-thread.ts';
import type { Model } from './model-file.ts';
import { NET_CHANNELS, NET_SECONDS } from './net-input.ts';
import type { SessionInput } from './onnx.ts';
import type { Provider, ProviderChoice } from './provider.ts';

/** What the thread is started with, asked, and answers. */
export type NetStart = SessionInput;
export interface NetQuestion {
  readonly input: Float32Array;
  readonly windows: number;
}
export type NetAnswer =
  | { readonly kind: 'ready'; readonly provider: Provider }
  | { readonly kind: 'odds'; readonly odds: Float32Array }
  | { readonly kind: 'failed'; readonly why: string };

/** A net that is ready to be asked, in a thread of its own: inference blocks the one it runs in. */
export interface Net {
  readonly model: Model;
  readonly provider: Provider;
  /** Log-odds of each window of a batch, from `windows` × channels × seconds inputs. */
  ask(input: Float32Array, windows: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface NetOptions {
  readonly choice: ProviderChoice;
  /** A batch that takes longer is given up, and the thread with it. */
  readonly limitMs?: number;
}

const LIMIT_MS = 30_000;
const CLOSE_LIMIT_MS = 5_000;
const START_LIMIT_MS = 60_000;

/** Starts the thread and opens the model in it; rejects with one sentence where no provider can. */
export async function openNet(model: Model, { choice, limitMs = LIMIT_MS }: NetOptions): Promise<Net> {
  const start = (wanted: ProviderChoice): Promise<Started> => startThread({ weights: model.weights, choice: wanted, shape: [NET_CHANNELS, NET_SECONDS] });
  const first = await start(choice);
  const { provider } = first;
  let thread: Promise<Started> | null = Promise.resolve(first);
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async (question: NetQuestion): Promise<Float32Array> => {
    // After a lost thread only the provider that the receipts name will do.
    thread ??= start(provider);
    try {
      const { worker } = await thread;
      const answer = await answerOf(worker, limitMs, () => worker.postMessage(question));
      if (answer.kind === 'odds') return answer.odds;
      throw new Error(answer.kind === 'failed' ? answer.why : 'the thread started twice');
    } catch (error) {
      const lost = thread;
      thread = null;
      void lost?.then(({ worker }) => worker.terminate(), () => {});
      throw new Error(`the net gave no answer: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  };
  return {
    model, provider,
    ask: (input, windows) => {
      const answer = turn.then(() => ask({ input, windows }));
      turn = answer.catch(() => {});
      return answer;
    },
    close: async () => {
      await turn;
      const started = await thread?.catch(() => null);
      if (started !== null && started !== undefined) await endThread(started.worker);
    },
  };
}

interface Started {
  readonly worker: Worker;
  readonly provider: Provider;
}

async function startThread(start: NetStart): Promise<Started> {
  const worker = openTypeScriptThread(new URL('./onnx-thread.ts', import.meta.url), { workerData: start });
  const answer = await answerOf(worker, START_LIMIT_MS, () => {}).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  if (answer.kind !== 'ready') {
    await worker.terminate();
    throw new Error(answer.kind === 'failed' ? answer.why : 'the thread answered before it was asked');
  }
  worker.unref();
  // Between two batches nobody else listens, and an error that nobody hears would end the process.
  worker.on('error', () => {});
  return { worker, provider: answer.provider };
}

/** Native code that is torn down while it holds a session can take the process with it: the thread lets go first. */
async function endThread(worker: Worker): Promise<void> {
  worker.ref();
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const late = new Promise<void>((resolve) => { timer = setTimeout(resolve, CLOSE_LIMIT_MS); });
  worker.postMessage('close');
  await Promise.race([ended, late]);
  clearTimeout(timer);
  await worker.terminate();
}

/** The next message of the thread; rejects where it ends, fails or takes too long. */
function answerOf(worker: Worker, limitMs: number, begin: () => void): Promise<NetAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (answer: NetAnswer) => settle(() => resolve(answer));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number) => settle(() => reject(new Error(`its thread ended with ${code}`)));
    const timer = setTimeout(() => settle(() => reject(new Error(`it took more than ${limitMs / 1000} s`))), limitMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    begin();
  });
}
