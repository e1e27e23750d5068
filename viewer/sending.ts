import { signal } from '@preact/signals';
import type { DriveSummary } from './answers.ts';
import { NO_ANSWER, Refused, send } from './api.ts';
import { contentDigest, hex, openHasher } from './hashing.ts';
import type { Picked } from './picked.ts';
import { token } from './session.ts';

/** Where one file stands. */
export interface Outgoing extends Picked {
  state: 'waiting' | 'checked' | 'sending' | 'stored' | 'failed';
  digest: Uint8Array | null;
  /** How much of it has been sent, 0 to 1. */
  share: number;
  wrong: string | null;
}

/** What the reader says of a drive. */
export interface Announcement {
  readonly name: string;
  readonly licence: string;
  /** Metres kept private around the ends; null leaves it to the network. */
  readonly trim: 0 | null;
  readonly assert: { readonly start: string; readonly intervalS: number } | null;
}

export type Phase = 'choose' | 'checking' | 'sending' | 'closing' | 'done' | 'stopped';

/** The files of this upload: a new list whenever one of them has changed. */
export const outgoing = signal<readonly Outgoing[]>([]);
export const phase = signal<Phase>('choose');
/** Why it stopped. */
export const sendingTrouble = signal<Refused | null>(null);
/** The drive on the server, once it has a name there. */
export const sentDrive = signal<string | null>(null);

const IN_FLIGHT = 4;
const TRIES = 4;
const DRAW_MS = 150;
let drawing: ReturnType<typeof setTimeout> | undefined;

/** Takes up what the reader chose. */
export function choose(picked: readonly Picked[]): void {
  outgoing.value = picked.toSorted((a, b) => (a.path < b.path ? -1 : 1)).map((one) => ({ ...one, state: 'waiting', digest: null, share: 0, wrong: null }));
  phase.value = 'choose';
  sendingTrouble.value = null;
  sentDrive.value = null;
}

/** Checks, announces, sends what the server lacks, and closes. The same folder again goes on where it stopped. */
export async function sendAll(said: Announcement): Promise<void> {
  sendingTrouble.value = null;
  try {
    phase.value = 'checking';
    await hashAll();
    const readable = outgoing.peek().filter(({ digest }) => digest !== null);
    const files = readable.map(({ path, file, digest }) => ({ path, size: file.size, sha256: hex(digest!) }));
    const body = { files, licence: said.licence, ...(said.name.trim() === '' ? {} : { name: said.name.trim() }), trim: said.trim, ...(said.assert === null ? {} : { assert: said.assert }) };
    const drive = (await send<{ readonly id: string; readonly state: string; readonly missing: readonly string[] }>('POST', '/api/drives', body))!;
    sentDrive.value = drive.id;
    const missing = new Set(drive.missing);
    for (const one of readable) if (!missing.has(one.path)) change(one, { state: 'stored', share: 1 });
    if (drive.state === 'open') {
      phase.value = 'sending';
      await putAll(drive.id, readable.filter(({ path }) => missing.has(path)));
      if (outgoing.peek().some(({ state, digest }) => state === 'failed' && digest !== null)) {
        phase.value = 'stopped';
        return;
      }
      phase.value = 'closing';
      await send<DriveSummary>('POST', `/api/drives/${drive.id}/close`);
    }
    phase.value = 'done';
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    sendingTrouble.value = error;
    phase.value = 'stopped';
  }
}

async function hashAll(): Promise<void> {
  const hasher = openHasher();
  try {
    for (const one of outgoing.peek()) {
      if (one.digest !== null) continue;
      const digest = await hasher.sha256(one.file);
      change(one, digest === null ? { state: 'failed', wrong: 'unreadable' } : { state: 'checked', digest });
    }
  } finally {
    hasher.close();
  }
}

async function putAll(drive: string, files: readonly Outgoing[]): Promise<void> {
  const waiting = [...files];
  const lane = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await putPatiently(drive, one);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

async function putPatiently(drive: string, one: Outgoing): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    change(one, { state: 'sending', share: 0, wrong: null });
    const answer = await put(drive, one);
    if (answer === null) {
      change(one, { state: 'stored', share: 1 });
      return;
    }
    const isPassing = answer.status === NO_ANSWER || answer.status >= 500;
    if (!isPassing || tried === TRIES) {
      change(one, { state: 'failed', wrong: answer.status === NO_ANSWER ? 'unreachable' : answer.message });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tried));
  }
}

/** Sends one file; null where it arrived. `fetch` does not say how much of a body has gone, so this is the older way. */
function put(drive: string, one: Outgoing): Promise<Refused | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `/api/drives/${drive}/files/${one.path.split('/').map(encodeURIComponent).join('/')}`);
    request.setRequestHeader('authorization', `Bearer ${token.peek() ?? ''}`);
    request.setRequestHeader('content-digest', contentDigest(one.digest!));
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) => change(one, { share: total === 0 ? 0 : loaded / total }));
    request.addEventListener('load', () => resolve(request.status < 300 ? null : new Refused(request.status, problemIn(request.responseText))));
    request.addEventListener('error', () => resolve(new Refused(NO_ANSWER, {})));
    request.send(one.file);
  });
}

function problemIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

// Thousands of files change many times a second; the page is drawn a few times a second.
function change(one: Outgoing, to: Partial<Outgoing>): void {
  Object.assign(one, to);
  drawing ??= setTimeout(() => {
    drawing = undefined;
    outgoing.value = [...outgoing.peek()];
  }, DRAW_MS);
}
