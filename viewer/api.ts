import { token } from './session.ts';

/** An answer that is no success, as the server's problem+json says it. */
export class Refused extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly request: string | null;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    const title = typeof body['title'] === 'string' ? body['title'] : `HTTP ${status}`;
    super(typeof body['detail'] === 'string' ? body['detail'] : title);
    this.name = 'Refused';
    this.status = status;
    this.title = title;
    this.type = typeof body['type'] === 'string' ? body['type'] : 'unknown';
    this.request = typeof body['request'] === 'string' ? body['request'] : null;
  }
}

/** The server could not be reached at all. */
export const NO_ANSWER = 0;

/** How to ask: until when, and as whom; without a token it is the reader's own, where there is one. */
export interface Asking {
  readonly signal?: AbortSignal;
  readonly token?: string;
}

/** Gets a document of the API. Throws {@link Refused}. */
export async function ask<Answer>(path: string, asking: Asking = {}): Promise<Answer> {
  const response = await answerFrom(path, 'application/json', asking);
  return (await response.json()) as Answer;
}

/** Gets a picture that only its owner may see, as an address for `<img>`; the caller gives it back with `URL.revokeObjectURL`. */
export async function askForPicture(path: string, asking: Asking = {}): Promise<string> {
  const response = await answerFrom(path, 'image/jpeg', asking);
  return URL.createObjectURL(await response.blob());
}

/** Sends a document, or takes one away, and gives what the server says to it. Throws {@link Refused}. */
export async function send<Answer>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer | null> {
  const response = await answerFrom(path, 'application/json', {}, body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  return response.status === 204 ? null : ((await response.json()) as Answer);
}

async function answerFrom(path: string, accept: string, { signal, token: given }: Asking, init: RequestInit = {}): Promise<Response> {
  const headers: Record<string, string> = { accept, ...(init.headers as Record<string, string> | undefined) };
  const sent = given ?? token.peek();
  if (sent !== null) headers['authorization'] = `Bearer ${sent}`;
  const response = await fetch(path, { ...init, headers, ...(signal === undefined ? {} : { signal }) }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refused(NO_ANSWER, {});
  });
  // 202 is how a picture says "not published yet": no success for whoever wants to show it.
  if (!response.ok || (response.status === 202 && init.method === undefined)) throw new Refused(response.status, await problemIn(response));
  return response;
}

async function problemIn(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
}
