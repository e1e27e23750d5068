import { batch, signal } from '@preact/signals';
import type { Decision, RejectReason } from '../shared/model/review.ts';
import { announce } from './announce.ts';
import type { CaseAnswer, DecisionAnswer, ReviewAnswer } from './answers.ts';
import { ask, NO_ANSWER, Refused, send } from './api.ts';
import { now } from './clock.ts';
import { go } from './navigation.ts';
import { say } from './words.ts';

/** What is sent to the server. */
export interface Opinion {
  readonly decision: Decision;
  readonly reasons: readonly RejectReason[];
  readonly note: string;
}

/** A decision that can still be undone, or could not be sent yet. */
export interface Pending {
  readonly found: CaseAnswer;
  readonly opinion: Opinion;
  /** Where the case stood in the list, so that undoing puts it back there. */
  readonly at: number;
  /** Milliseconds since 1970 by this device's clock; null while it is not sent. */
  readonly untilMs: number | null;
  readonly isUnsent: boolean;
}

/** The cases that wait for this reviewer, as far as they are loaded, oldest first; null before the first answer. */
export const waiting = signal<readonly CaseAnswer[] | null>(null);
/** How many wait in all. */
export const waitingInAll = signal(0);
/** Why the list could not be had. */
export const deskTrouble = signal<Refused | null>(null);
/** What can be given as a reason to reject, in the order of the keys. */
export const rejectReasons = signal<readonly RejectReason[]>([]);
/** Decisions of the last seconds, the newest last. */
export const pending = signal<readonly Pending[]>([]);

/** Fewer than this, and more are asked for. */
const FEW = 5;
const FALLBACK_UNDO_S = 10;
let undoS = FALLBACK_UNDO_S;
let hasMore = false;

/** Asks for the list; what was decided on in this tab and may not have arrived yet stays out of it. */
export async function loadDesk(): Promise<void> {
  try {
    const answer = await ask<ReviewAnswer>('/api/review');
    const decided = new Set(pending.peek().map(({ found }) => found.id));
    undoS = answer.undoS;
    hasMore = answer.next !== null;
    const cases = answer.cases.filter(({ id }) => !decided.has(id));
    batch(() => {
      waiting.value = cases;
      // Whole where it is one page: list and count are two moments on the server, and a decision may arrive between them.
      waitingInAll.value = hasMore ? Math.max(cases.length, answer.waiting - (answer.cases.length - cases.length)) : cases.length;
      rejectReasons.value = answer.rejectReasons;
      deskTrouble.value = null;
    });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    deskTrouble.value = error;
  }
}

/** The case before or after another in the list; null at its ends. */
export function besideCase(id: string, by: 1 | -1): CaseAnswer | null {
  const all = waiting.peek() ?? [];
  const at = all.findIndex((one) => one.id === id);
  return at < 0 ? (all[0] ?? null) : (all[at + by] ?? null);
}

/** Decides on a case and goes on to the next; the server holds the decision back for some seconds, and so can be told otherwise. */
export async function decide(found: CaseAnswer, opinion: Opinion): Promise<void> {
  // A key that is held down, or pressed twice before the next case is drawn, decides once.
  if (pending.peek().some((one) => one.found.id === found.id)) return;
  const all = waiting.peek() ?? [];
  const at = Math.max(0, all.findIndex(({ id }) => id === found.id));
  const next = besideCase(found.id, 1) ?? besideCase(found.id, -1);
  batch(() => {
    waiting.value = all.filter(({ id }) => id !== found.id);
    waitingInAll.value = Math.max(0, waitingInAll.peek() - 1);
    remember({ found, opinion, at, untilMs: null, isUnsent: false });
    go(next === null || next.id === found.id ? { page: 'review' } : { page: 'case', id: next.id });
  });
  announce(say(`desk.done.${opinion.decision}`, { cases: waitingInAll.peek() }));
  await transmit({ found, opinion, at, untilMs: null, isUnsent: false });
  if (hasMore && (waiting.peek()?.length ?? 0) < FEW) await loadDesk();
}

/** Sends a decision that could not be sent before. */
export async function transmit(one: Pending): Promise<void> {
  const { found, opinion } = one;
  try {
    const body = { decision: opinion.decision, ...(opinion.reasons.length === 0 ? {} : { reasons: opinion.reasons }), ...(opinion.note.trim() === '' ? {} : { note: opinion.note.trim() }) };
    await send<DecisionAnswer>('POST', `/api/review/${found.id}/decisions`, body);
    remember({ ...one, untilMs: now().getTime() + undoS * 1000, isUnsent: false });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    // Not reached, or the server in trouble: it is kept here and can be sent again. Anything else is the server's last word.
    if (error.status === NO_ANSWER || error.status >= 500) remember({ ...one, untilMs: null, isUnsent: true });
    else forget(found.id);
    announce(error.status === NO_ANSWER ? say('desk.unsent') : error.message);
  }
}

/** Takes the newest decision back that can be taken back, and returns to its case. */
export async function undoLast(): Promise<void> {
  const last = pending.peek().findLast(({ untilMs, isUnsent }) => isUnsent || (untilMs !== null && untilMs > now().getTime()));
  if (last === undefined) {
    announce(say('desk.undo.none'));
    return;
  }
  try {
    if (!last.isUnsent) await send('DELETE', `/api/review/${last.found.id}/decisions/mine`);
    const all = waiting.peek() ?? [];
    batch(() => {
      forget(last.found.id);
      waiting.value = [...all.slice(0, last.at), last.found, ...all.slice(last.at)];
      waitingInAll.value += 1;
      go({ page: 'case', id: last.found.id });
    });
    announce(say('desk.undone'));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 409) forget(last.found.id);
    announce(error.status === 409 ? say('desk.undo.late') : error.message);
  }
}

/** Forgets decisions that are final. */
export function sweep(): void {
  const ms = now().getTime();
  const still = pending.peek().filter(({ untilMs }) => untilMs === null || untilMs > ms);
  if (still.length !== pending.peek().length) pending.value = still;
}

function remember(one: Pending): void {
  const others = pending.peek().filter(({ found }) => found.id !== one.found.id);
  pending.value = [...others, one];
}

function forget(id: string): void {
  pending.value = pending.peek().filter(({ found }) => found.id !== id);
}
