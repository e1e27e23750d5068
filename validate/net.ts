import type { Model } from './model-file.ts';
import { NET_CHANNELS, NET_SECONDS } from './net-input.ts';
import type { SessionInput } from './onnx.ts';
import { LostWithOthers, type OnnxThread, startOnnxThread } from './onnx-line.ts';
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

/** Starts the thread and opens the model in it; rejects with one sentence where no provider can. */
export async function openNet(model: Model, { choice, limitMs = LIMIT_MS }: NetOptions): Promise<Net> {
  const start = (wanted: ProviderChoice): Promise<OnnxThread> => startOnnxThread({ weights: model.weights, choice: wanted, shape: [NET_CHANNELS, NET_SECONDS] }, limitMs);
  const first = await start(choice);
  const { provider } = first;
  let thread: Promise<OnnxThread> = Promise.resolve(first);
  const ask = async (question: NetQuestion, alone: boolean): Promise<Float32Array> => {
    const mine = thread;
    // After a lost thread only the provider that the receipts name will do.
    const isLost = await mine.then((line) => line.isLost(), () => true);
    if (isLost && thread === mine) thread = start(provider);
    return await (await thread).ask(question, alone);
  };
  return {
    model, provider,
    ask: async (input, windows) => {
      const question = { input, windows };
      try {
        return await ask(question, false).catch((error: unknown) => {
          if (error instanceof LostWithOthers) return ask(question, true);
          throw error;
        });
      } catch (error) {
        throw new Error(`the net gave no answer: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    },
    close: async () => {
      await (await thread.catch(() => null))?.close();
    },
  };
}
