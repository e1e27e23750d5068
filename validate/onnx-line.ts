import type { Worker } from 'node:worker_threads';
import { openTypeScriptThread } from '../shared/io/typescript-thread.ts';
import type { NetAnswer, NetQuestion, NetStart } from './net.ts';
import type { Provider } from './provider.ts';

/** A thread with a session, and the line of questions before it. */
export interface OnnxThread {
  readonly provider: Provider;
  /**
   * Answered in turn; rejects where the thread fails on it, ends or takes too long, and then the thread is lost.
   * Questions that wait behind one another are computed together, unless they ask to be `alone`.
   */
  ask(question: NetQuestion, alone: boolean): Promise<Float32Array>;
  /** True from the first failure on: another thread must be started. */
  isLost(): boolean;
  /** Waits for the questions asked before. */
  close(): Promise<void>;
}

/** The thread was lost on, or together with, another question: this one may be asked again. */
export class LostWithOthers extends Error {}

const START_LIMIT_MS = 60_000;
const CLOSE_LIMIT_MS = 5_000;
/** So many lie in the thread at once: while one is computed the next has arrived, and no more than this is copied ahead. */
const IN_FLIGHT = 3;
/** Questions of several drives become one of up to so many windows, so that a graphics card is kept busy. */
const MOST_WINDOWS = 256;

interface Waiting {
  readonly question: NetQuestion;
  readonly isAlone: boolean;
  readonly resolve: (odds: Float32Array) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the thread; rejects with one sentence where its session cannot be opened. `limitMs` bounds each answer. */
export async function startOnnxThread(start: NetStart, limitMs: number): Promise<OnnxThread> {
  const worker = openTypeScriptThread(new URL('./onnx-thread.ts', import.meta.url), { workerData: start });
  const first = await firstAnswer(worker).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  if (first.kind !== 'ready') {
    await worker.terminate();
    throw new Error(first.kind === 'failed' ? first.why : 'the thread answered before it was asked');
  }
  const line = lineBefore(worker, limitMs);
  worker.unref();
  return { ...line, provider: first.provider };
}

function lineBefore(worker: Worker, limitMs: number): Omit<OnnxThread, 'provider'> {
  const waiting: Waiting[] = [];
  const sent: (readonly Waiting[])[] = [];
  let lost: Error | null = null;
  let timer: NodeJS.Timeout | undefined;
  let drained: (() => void) | null = null;
  const goOn = (): void => {
    while (sent.length < IN_FLIGHT && waiting.length > 0) {
      const group = waiting.splice(0, groupLength(waiting));
      sent.push(group);
      worker.postMessage(joined(group.map(({ question }) => question)));
    }
  };
  const watch = (): void => {
    clearTimeout(timer);
    // While somebody waits for an answer, the process stays for it.
    if (sent.length > 0) {
      worker.ref();
      timer = setTimeout(() => lose(new Error(`it took more than ${limitMs / 1000} s`)), limitMs);
      return;
    }
    worker.unref();
    drained?.();
  };
  const lose = (error: Error): void => {
    if (lost !== null) return;
    lost = error;
    clearTimeout(timer);
    const [first = [], ...others] = sent.splice(0);
    for (const { reject } of first) reject(first.length === 1 ? error : new LostWithOthers(error.message));
    for (const { reject } of [...others.flat(), ...waiting.splice(0)]) reject(new LostWithOthers(error.message));
    drained?.();
    abandon(worker);
  };
  worker.on('message', (answer: NetAnswer) => {
    if (answer.kind !== 'odds') return lose(new Error(answer.kind === 'failed' ? answer.why : 'the thread started twice'));
    let from = 0;
    for (const { question, resolve } of sent.shift() ?? []) {
      resolve(answer.odds.slice(from, from + question.windows));
      from += question.windows;
    }
    goOn();
    watch();
  });
  worker.on('error', lose);
  worker.on('exit', (code) => lose(new Error(`its thread ended with ${code}`)));
  return {
    isLost: () => lost !== null,
    ask: (question, isAlone) =>
      new Promise((resolve, reject) => {
        if (lost !== null) return reject(new LostWithOthers(lost.message));
        waiting.push({ question, isAlone, resolve, reject });
        goOn();
        if (sent.length === 1) watch();
      }),
    close: async () => {
      if (sent.length > 0) await new Promise<void>((resolve) => { drained = resolve; });
      if (lost === null) await endThread(worker);
    },
  };
}

/** How many questions from the head of the line are computed as one. */
function groupLength([first, ...others]: readonly Waiting[]): number {
  if (first === undefined || first.isAlone) return 1;
  let windows = first.question.windows;
  const next = others.findIndex(({ question, isAlone }) => isAlone || (windows += question.windows) > MOST_WINDOWS);
  return 1 + (next === -1 ? others.length : next);
}

function joined(questions: readonly NetQuestion[]): NetQuestion {
  const [first] = questions;
  if (first !== undefined && questions.length === 1) return first;
  const input = new Float32Array(questions.reduce((sum, question) => sum + question.input.length, 0));
  let from = 0;
  for (const question of questions) {
    input.set(question.input, from);
    from += question.input.length;
  }
  return { input, windows: questions.reduce((sum, { windows }) => sum + windows, 0) };
}

function firstAnswer(worker: Worker): Promise<NetAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new Error(`it did not start within ${START_LIMIT_MS / 1000} s`))), START_LIMIT_MS);
    const onMessage = (answer: NetAnswer): void => settle(() => resolve(answer));
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void => settle(() => reject(new Error(`its thread ended with ${code}`)));
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

/** The thread ends by itself when what it computes is done: to end it in the middle of native work would end the process. */
function abandon(worker: Worker): void {
  worker.removeAllListeners();
  worker.on('error', () => {});
  worker.postMessage('close');
  worker.unref();
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
