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

/** Gets a document of the API, with the reader's token where there is one. Throws {@link Refused}. */
export async function ask<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await answerFrom(path, 'application/json', signal);
  return (await response.json()) as Answer;
}

/** Gets a picture that only its owner may see, as an address for `<img>`; the caller gives it back with `URL.revokeObjectURL`. */
export async function askForPicture(path: string, signal?: AbortSignal): Promise<string> {
  const response = await answerFrom(path, 'image/jpeg', signal);
  return URL.createObjectURL(await response.blob());
}

async function answerFrom(path: string, accept: string, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept };
  const sent = token.peek();
  if (sent !== null) headers['authorization'] = `Bearer ${sent}`;
  const response = await fetch(path, { headers, ...(signal === undefined ? {} : { signal }) }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refused(NO_ANSWER, {});
  });
  // 202 is how a picture says "not published yet": no success for whoever wants to show it.
  if (!response.ok || response.status === 202) throw new Refused(response.status, await problemIn(response));
  return response;
}

async function problemIn(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
}
