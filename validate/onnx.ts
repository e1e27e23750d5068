import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-node';
import type { Provider, ProviderChoice } from './provider.ts';

/** An open session; `provider` is the one that does the work. */
export interface Session {
  readonly provider: Provider;
  /** One value a window from `windows` × `shape` inputs. Blocks the thread while it computes. */
  run(input: Float32Array, windows: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface SessionInput {
  readonly weights: Uint8Array;
  readonly choice: ProviderChoice;
  /** Channels and seconds of one window. */
  readonly shape: readonly [number, number];
}

/** No provider could be opened; the message is one sentence. */
export class NoProvider extends Error {}

const INPUT = 'windows';
const OUTPUT = 'odds';

/**
 * The only door to onnxruntime-node. Providers are tried in order; a graphics provider must take every operator itself
 * (no fallback to the CPU within a session), so that the name in the receipt is the one that computed.
 */
export async function openSession({ weights, choice, shape }: SessionInput): Promise<Session> {
  ort.env.logLevel = 'fatal';
  const failures: string[] = [];
  for (const provider of providersFor(choice)) {
    try {
      return sessionOf(provider, await ort.InferenceSession.create(weights, optionsOf(provider)), shape);
    } catch (error) {
      failures.push(`${provider}: ${reasonOf(error)}`);
    }
  }
  throw new NoProvider(`the net cannot run here (${failures.join('; ')})`);
}

function sessionOf(provider: Provider, session: ort.InferenceSession, shape: readonly [number, number]): Session {
  const [input] = session.inputMetadata;
  const wanted = [...shape];
  if (session.inputNames.join() !== INPUT || !session.outputNames.includes(OUTPUT) || input?.isTensor !== true || input.shape.slice(1).join() !== wanted.join()) {
    throw new Error(`it takes ${session.inputNames.join(', ')} and gives ${session.outputNames.join(', ')}; ours takes ${INPUT} of ${wanted.join(' × ')} and gives ${OUTPUT}`);
  }
  return {
    provider,
    run: async (values, windows) => {
      const result = await session.run({ [INPUT]: new ort.Tensor('float32', values, [windows, ...shape]) }, [OUTPUT]);
      return Float32Array.from(result[OUTPUT]!.data as Float32Array);
    },
    close: () => session.release(),
  };
}

function optionsOf(provider: Provider): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    ...(provider === 'cpu' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  };
}

/** Asking for a provider whose library or card is not there makes native code write to the terminal: `auto` looks first. */
function providersFor(choice: ProviderChoice): readonly Provider[] {
  if (choice !== 'auto') return [choice];
  return [...(hasCudaLibraries() ? ['cuda' as const] : []), ...(hasGraphics() ? ['webgpu' as const] : []), 'cpu'];
}

function hasCudaLibraries(): boolean {
  const binaries = join(fileURLToPath(import.meta.resolve('onnxruntime-node')), '..', '..', 'bin');
  return readdirSync(binaries, { recursive: true, encoding: 'utf8' }).some((name) => name.includes('onnxruntime_providers_cuda'));
}

function hasGraphics(): boolean {
  return process.platform !== 'linux' || existsSync('/dev/dri') || existsSync('/dev/nvidiactl');
}

/** Native messages go over many lines and begin with a path of the machine that compiled them. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]!.replace(/^\/\S+\s.*? was false\. /, '').slice(0, 200);
}
