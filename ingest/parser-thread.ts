import type { Worker } from 'node:worker_threads';
import { openTypeScriptThread } from '../shared/io/typescript-thread.ts';
import { type Refusal, refusal } from '../shared/model/reason.ts';
import type { IngestRules } from '../shared/model/recipe.ts';
import type { Sensors } from './importers/drive-folder.ts';
import type { SensorSource } from './sensor-sources.ts';
import { damagedMetadata, type PictureMetadata } from './picture-metadata.ts';

/** What the thread can be asked for. */
export type ParserTask =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array }
  | { readonly kind: 'sensors'; readonly sources: readonly SensorSource[]; readonly rules: IngestRules };

export type ParserAnswer =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'damaged'; readonly why: string };

/** Parsers of files from outside, in a thread that is killed when a file keeps it busy or eats its memory. */
export interface Parsers {
  /** Starts the thread, which the first file would do else; rejects where it cannot start. */
  ready(): Promise<void>;
  picture(bytes: Uint8Array): Promise<PictureMetadata>;
  sensors(sources: readonly SensorSource[], rules: IngestRules): Promise<Sensors | Refusal>;
  close(): Promise<void>;
}

const PICTURE_LIMIT_MS = 5_000;
const SENSORS_LIMIT_MS = 30_000;
/** A quarter of what one idle core reads of a CSV. */
const SENSOR_BYTES_PER_MS = 5_000;
const MEMORY_MB = 2_048;
/** Rows of a table are gone as soon as they are read. */
const YOUNG_MB = 16;

/** `memoryMb` is what a file may make the thread hold. */
export function openParsers(memoryMb = MEMORY_MB): Parsers {
  let thread: Promise<Worker> | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const begun = async (): Promise<{ readonly worker: Worker; readonly forget: () => void }> => {
    thread ??= startThread(memoryMb);
    const started = thread;
    const forget = (): void => {
      if (thread === started) thread = null;
    };
    const worker = await started.catch((error: unknown) => {
      forget();
      throw error;
    });
    // It may also end between two files, of an error that came late: the next file gets another thread.
    if (worker.listenerCount('exit') === 0) worker.once('exit', forget);
    return { worker, forget };
  };
  const inTurn = (task: ParserTask, limitMs: number): Promise<ParserAnswer> => {
    const answer = turn.then(async () => {
      const { worker, forget } = await begun();
      const result = await ask(worker, task, limitMs);
      if (result.kind === 'damaged' && result.lost) forget();
      else if (isLarge(task)) {
        // What a large file left behind in the thread's memory goes with the thread.
        forget();
        void worker.terminate();
      }
      return result;
    });
    turn = answer.catch(() => {});
    return answer;
  };
  return {
    ready: async () => {
      await begun();
    },
    picture: async (bytes) => {
      const answer = await inTurn({ kind: 'picture', bytes }, PICTURE_LIMIT_MS);
      return answer.kind === 'parsed' ? (answer.value as PictureMetadata) : damagedMetadata(answer.why);
    },
    sensors: async (sources, rules) => {
      const answer = await inTurn({ kind: 'sensors', sources, rules }, SENSORS_LIMIT_MS + bytesOf(sources) / SENSOR_BYTES_PER_MS);
      return answer.kind === 'parsed' ? (answer.value as Sensors) : refusal('file_unreadable', { why: answer.why });
    },
    close: async () => {
      await turn;
      await (await thread?.catch(() => null))?.terminate();
    },
  };
}

/** Rejects where the thread cannot start: then this machine is broken, not the file. */
async function startThread(memoryMb: number): Promise<Worker> {
  const worker = openTypeScriptThread(new URL('./parser-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  await new Promise<void>((resolve, reject) => {
    const onExit = (code: number) => reject(new Error(`the parser thread ended with ${code} before it was ready`));
    worker.once('error', reject).once('exit', onExit).once('message', () => {
      worker.off('error', reject).off('exit', onExit);
      resolve();
    });
  });
  worker.unref();
  // Between two files nobody else listens, and an error that nobody hears would end the process.
  return worker.on('error', () => {});
}

/** More than this leaves a thread with a memory that the next file need not pay for. */
const LARGE_BYTES = 100_000_000;

function isLarge(task: ParserTask): boolean {
  return task.kind === 'sensors' && bytesOf(task.sources) > LARGE_BYTES;
}

function bytesOf(sources: readonly SensorSource[]): number {
  return sources.reduce((sum, source) => sum + ('bytes' in source ? source.bytes.length : source.size), 0);
}

type Asked = ParserAnswer & { readonly lost?: boolean };

function ask(worker: Worker, task: ParserTask, limitMs: number): Promise<Asked> {
  return new Promise((resolve) => {
    const settle = (answer: Asked) => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(answer);
    };
    const lose = (why: string) => {
      settle({ kind: 'damaged', why, lost: true });
      void worker.terminate();
    };
    const onMessage = (answer: ParserAnswer) => settle(answer);
    const onError = (error: Error) => lose(error.message);
    const onExit = () => lose('the parser ended');
    const timer = setTimeout(() => lose(`it kept the parser busy for ${limitMs / 1000} s`), limitMs);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(task);
  });
}
