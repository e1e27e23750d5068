import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { summaryOf } from './mock-drives.ts';

/** What an upload told the mock server, and a switch. */
export interface UploadLog {
  /** Each body that arrived, by its path. */
  readonly arrived: string[];
  readonly announced: Record<string, unknown>[];
  /** Refuses this path once, as a server in trouble does. */
  failOnce: string | null;
}

export const UPLOADED = '019362f0-0000-7000-8000-0000000000aa';

/** One drive that can be announced, sent file by file, and closed. */
export function uploadRoutes(http: FastifyInstance): UploadLog {
  const log: UploadLog = { arrived: [], announced: [], failOnce: null };
  let files: readonly { readonly path: string; readonly sha256: string }[] = [];
  http.post('/api/drives', (request) => {
    const body = request.body as { files: typeof files };
    log.announced.push(body as unknown as Record<string, unknown>);
    files = body.files;
    return { id: UPLOADED, state: 'open', missing: files.map(({ path }) => path).filter((path) => !log.arrived.includes(path)) };
  });
  http.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  http.put(`/api/drives/${UPLOADED}/files/*`, async (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    if (log.failOnce === path) {
      log.failOnce = null;
      return await reply.code(503).send({ title: 'The store does not answer' });
    }
    const digest = createHash('sha256').update(request.body as Buffer).digest();
    const isMeant = digest.toString('hex') === files.find((file) => file.path === path)?.sha256 && request.headers['content-digest'] === `sha-256=:${digest.toString('base64')}:`;
    if (isMeant) log.arrived.push(path);
    return await reply.code(isMeant ? 201 : 422).send({ path, stored: isMeant });
  });
  const closed = () => summaryOf(UPLOADED, files.map((_, n) => ({ state: n === 0 ? 'flagged' : 'accepted', points: '0', private: null })), { name: 'monday' });
  http.post(`/api/drives/${UPLOADED}/close`, async (_request, reply) => await reply.code(202).send(closed()));
  http.get(`/api/drives/${UPLOADED}`, closed);
  return log;
}
