import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../shared/io/clock.ts';
import type { Sha256 } from '../shared/model/ids.ts';
import type { FramePage, OwnFrame } from './drive-frames.ts';
import type { DriveSummary } from './drive-summary.ts';
import type { LocalFile } from './local-files.ts';
import { eachWithin } from './pace.ts';

/** Where to send to and who sends. */
export interface Destination {
  readonly url: string;
  readonly token: string;
}

/** What the contributor says about the drive. */
export interface UploadOptions {
  readonly name?: string;
  readonly licence?: string;
  readonly trim?: number;
  readonly assert?: { readonly start: string; readonly intervalS: number };
  readonly cameraOffsetS?: number;
}

export interface UploadProgress {
  readonly stage: 'hashing' | 'sending' | 'checking';
  readonly done: number;
  readonly total: number;
}

export interface UploadResult {
  readonly drive: DriveSummary;
  readonly frames: readonly OwnFrame[];
  /** Files that travelled in this run; the others were there already. */
  readonly sent: number;
}

/** The server's refusal, in its own words. */
export class UploadRefused extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.name = 'UploadRefused';
    this.status = status;
    this.type = type;
  }
}

const IN_FLIGHT = { atOnce: 4, clock: systemClock, budgetMs: Infinity };
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;
const POLL_MS = 500;
const PAGE = 1000;

/**
 * Announces, sends what is missing, closes and waits for the verdicts. Safe to run again after any interruption: the
 * same files are the same drive, and only what has not arrived travels.
 */
export async function uploadDrive(to: Destination, files: readonly LocalFile[], options: UploadOptions & { readonly onProgress?: (progress: UploadProgress) => void }): Promise<UploadResult> {
  const { onProgress = () => {}, ...said } = options;
  const manifest = await hashed(files, onProgress);
  const drive = await ask<{ id: string; state: string; missing: string[] }>(to, 'POST', '/api/drives', { ...said, files: manifest.map(({ path, size, sha256 }) => ({ path, size, sha256 })) });
  const missing = new Set(drive.missing);
  const waiting = manifest.filter(({ path }) => missing.has(path));
  let done = 0;
  onProgress({ stage: 'sending', done, total: waiting.length });
  await eachWithin(IN_FLIGHT, waiting, async (file) => {
    await send(to, drive.id, file);
    done += 1;
    onProgress({ stage: 'sending', done, total: waiting.length });
  });
  if (drive.state === 'open') await ask(to, 'POST', `/api/drives/${drive.id}/close`);
  return { ...(await judged(to, drive.id, onProgress)), sent: waiting.length };
}

type Hashed = LocalFile & { readonly sha256: Sha256 };

async function hashed(files: readonly LocalFile[], onProgress: (progress: UploadProgress) => void): Promise<readonly Hashed[]> {
  let done = 0;
  return await eachWithin(IN_FLIGHT, files, async (file) => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file.file)) hash.update(chunk as Buffer);
    done += 1;
    onProgress({ stage: 'hashing', done, total: files.length });
    return { ...file, sha256: hash.digest('hex') as Sha256 };
  });
}

async function send(to: Destination, drive: string, { path, file, sha256 }: Hashed): Promise<void> {
  const address = path.split('/').map(encodeURIComponent).join('/');
  const digest = Buffer.from(sha256, 'hex').toString('base64');
  const bytes = await readFile(file);
  await insist(() => fetch(`${to.url}/api/drives/${drive}/files/${address}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${to.token}`, 'content-digest': `sha-256=:${digest}:`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  }));
}

async function judged(to: Destination, id: string, onProgress: (progress: UploadProgress) => void): Promise<Omit<UploadResult, 'sent'>> {
  for (;;) {
    const drive = await ask<DriveSummary>(to, 'GET', `/api/drives/${id}`);
    const total = drive.counts['received'] ?? 0;
    onProgress({ stage: 'checking', done: total - (drive.counts['processing'] ?? 0), total });
    if (drive.state === 'judged' || drive.state === 'refused') return { drive, frames: await allFrames(to, id) };
    await pause(POLL_MS);
  }
}

async function allFrames(to: Destination, id: string): Promise<readonly OwnFrame[]> {
  const frames: OwnFrame[] = [];
  for (let after: string | null = '0'; after !== null; ) {
    const page: FramePage = await ask<FramePage>(to, 'GET', `/api/drives/${id}/frames?after=${after}&limit=${PAGE}`);
    frames.push(...page.frames);
    after = page.next;
  }
  return frames;
}

async function ask<Answer>(to: Destination, method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
  const response = await insist(() => fetch(`${to.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${to.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }));
  return (await response.json()) as Answer;
}

/** Tries again, ever more slowly, what may pass by itself: no connection, 5xx, 429. A refusal is final. */
async function insist(request: () => Promise<Response>): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await request().catch((error: unknown) => error as Error);
    if (!(response instanceof Error)) {
      if (response.ok) return response;
      const problem = (await response.json().catch(() => ({}))) as { type?: string; title?: string; detail?: string };
      const refused = new UploadRefused(response.status, problem.type ?? 'unknown', `${problem.title ?? response.statusText}${problem.detail === undefined ? '' : `: ${problem.detail}`}`);
      if (attempt >= ATTEMPTS || (response.status < 500 && response.status !== 429)) throw refused;
    } else if (attempt >= ATTEMPTS) {
      throw new Error(`the server does not answer (${response.cause instanceof Error ? response.cause.message : response.message}); what was sent is kept, run the same command again`, { cause: response });
    }
    await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
  }
}
