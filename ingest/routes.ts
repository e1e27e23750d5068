import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Type } from 'typebox';
import type { Account } from '../shared/io/accounts.ts';
import type { Clock } from '../shared/io/clock.ts';
import type { Db } from '../shared/io/db.ts';
import type { LeaveMap } from '../shared/io/frame-moves.ts';
import type { Http } from '../shared/io/http.ts';
import { HashMismatch, type Objects } from '../shared/io/objects.ts';
import { Problem } from '../shared/io/problem.ts';
import type { Queue } from '../shared/io/queue.ts';
import { parseDriveId, type Sha256 } from '../shared/model/ids.ts';
import { DEFAULT_LICENCE, type Licence, LICENCES } from '../shared/model/licence.ts';
import { closeDrive } from './close-drive.ts';
import { contentSha256 } from './digest.ts';
import { driveFrames, FramePage } from './drive-frames.ts';
import { demoSummaries, driveSummaries, DriveSummary, driveSummary } from './drive-summary.ts';
import { manifestProblems } from './manifest.ts';
import { ownDrive } from './own-drive.ts';
import { announceDrive, type DriveFile, type DriveRow, findDrive, findFile, markStored, missingPaths } from './store.ts';
import { withdrawRoutes } from './withdraw-routes.ts';

export interface IngestRouteDoors {
  readonly db: Db;
  readonly objects: Objects;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly leaveMap: LeaveMap;
}

const Announcement = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 120, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })),
  files: Type.Array(Type.Object({
    path: Type.String(),
    size: Type.Integer({ minimum: 0 }),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  }, { additionalProperties: false })),
  licence: Type.Optional(Type.Union(Object.keys(LICENCES).map((code) => Type.Literal(code as Licence)))),
  trim: Type.Optional(Type.Union([Type.Null(), Type.Integer({ minimum: 0, maximum: 5000 })], { description: 'Metres kept private around ends and long stops; null leaves it to the network, 0 is none.' })),
  assert: Type.Optional(Type.Object({ start: Type.String({ format: 'date-time' }), intervalS: Type.Number({ exclusiveMinimum: 0, maximum: 86_400 }) })),
  cameraOffsetS: Type.Optional(Type.Number({ minimum: -1e9, maximum: 1e9 })),
}, { additionalProperties: false });

const Announced = Type.Object({ id: Type.String(), state: Type.String(), missing: Type.Array(Type.String()) });
const Stored = Type.Object({ path: Type.String(), stored: Type.Literal(true) });
const CONTRIBUTOR = { access: ['contributor'] } as const;
const PUBLIC = { access: 'public' } as const;
const DriveParams = Type.Object({ id: Type.String() });

/** Uploading a drive and asking what became of it. Another account's drive is as unknown as one that never was. */
export function ingestRoutes(http: Http, doors: IngestRouteDoors): void {
  http.post('/api/drives', { config: CONTRIBUTOR, bodyLimit: MANIFEST_BYTES, schema: { summary: 'Announce a drive', body: Announcement, response: { 200: Announced } } }, async (request) =>
    await announce(doors, request.account!, request.body),
  );
  http.post('/api/drives/:id/close', { config: CONTRIBUTOR, schema: { summary: 'All files are sent: check the drive', params: DriveParams, response: { 202: DriveSummary } } }, async (request, reply) => {
    const summary = await close(doors, request.account!, request.params.id);
    return await reply.code(202).send(summary);
  });
  http.get('/api/demo/drives', { config: PUBLIC, schema: { summary: 'The simulated drives of a first start', response: { 200: Type.Object({ drives: Type.Array(DriveSummary) }) } } }, async () => ({
    drives: [...(await demoSummaries(doors.db))],
  }));
  http.get('/api/drives/:id', { config: PUBLIC, schema: { summary: 'State and counts of a drive, for its owner; demo drives for everybody', params: DriveParams, response: { 200: DriveSummary } } }, async (request) => {
    const drive = await visibleDrive(doors.db, request.account, request.params.id);
    return (await driveSummary(doors.db, drive.id))!;
  });
  http.get('/api/drives/:id/frames', {
    config: PUBLIC,
    schema: {
      summary: 'Every frame with its state and reasons',
      params: DriveParams,
      querystring: Type.Object({ after: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$' })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }),
      response: { 200: FramePage },
    },
  }, async (request) => {
    const drive = await visibleDrive(doors.db, request.account, request.params.id);
    return await driveFrames(doors.db, drive.id, { after: BigInt(request.query.after ?? '0'), limit: request.query.limit ?? 200 });
  });
  http.get('/api/me/drives', {
    config: CONTRIBUTOR,
    schema: { summary: 'My drives', querystring: Type.Object({ before: Type.Optional(Type.String()) }), response: { 200: Type.Object({ drives: Type.Array(DriveSummary), next: Type.Union([Type.String(), Type.Null()]) }) } },
  }, async (request) => {
    const drives = await driveSummaries(doors.db, request.account!.id, { before: parseDriveId(request.query.before ?? ''), limit: PAGE });
    return { drives: [...drives], next: drives.length < PAGE ? null : drives.at(-1)!.id };
  });
  withdrawRoutes(http, doors);
  void http.register(async (raw) => fileRoutes(raw as Http, doors));
}

const PAGE = 50;
/** A manifest of 20,000 files is 4 MB. */
const MANIFEST_BYTES = 16 * 1024 * 1024;

/** Bodies here are files, whatever their type says: they go to the store as they come, without being held in memory. */
function fileRoutes(http: Http, doors: IngestRouteDoors): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  http.put('/api/drives/:id/files/*', {
    config: CONTRIBUTOR,
    bodyLimit: doors.maxFileBytes,
    schema: { summary: 'Send one announced file', params: DriveParams, response: { 200: Stored, 201: Stored } },
  }, async (request, reply) => {
    const isNew = await receive(doors, request.account!, {
      drive: request.params.id,
      path: pathOf(request.params),
      digest: request.headers['content-digest'] as string | undefined,
      length: request.headers['content-length'],
      body: bytesOf(request.raw),
    });
    return await reply.code(isNew ? 201 : 200).send({ path: pathOf(request.params), stored: true });
  });
}

/** The rest of the address; TypeBox cannot describe a parameter that is called `*`. */
function pathOf(params: object): string {
  return '*' in params && typeof params['*'] === 'string' ? params['*'] : '';
}

async function announce(doors: IngestRouteDoors, account: Account, body: Type.Static<typeof Announcement>): Promise<Type.Static<typeof Announced>> {
  const files = body.files.map((file) => ({ ...file, sha256: file.sha256 as Sha256 }));
  const problems = manifestProblems(files, { files: doors.maxFiles, fileBytes: doors.maxFileBytes });
  const isTooLarge = files.length > doors.maxFiles || files.some(({ size }) => size > doors.maxFileBytes);
  if (problems.length > 0) {
    throw new Problem({ status: isTooLarge ? 413 : 400, type: isTooLarge ? 'too_large' : 'manifest_invalid', title: 'The manifest cannot be taken', detail: problems.slice(0, 20).join('; ') });
  }
  const startS = body.assert === undefined ? null : Date.parse(body.assert.start) / 1000;
  // RFC 3339 has a second 60, and JavaScript has none.
  if (startS !== null && !Number.isFinite(startS)) throw new Problem({ status: 400, type: 'request_invalid', title: 'The request does not fit', detail: `body/assert/start ${body.assert!.start} is no time` });
  return await doors.db.transaction(async (tx) => {
    const drive = await announceDrive(tx, doors.clock, {
      account: account.id,
      name: body.name ?? `drive of ${new Date(doors.clock.nowMs()).toISOString().slice(0, 10)}`,
      licence: body.licence ?? DEFAULT_LICENCE,
      trimM: body.trim ?? null,
      demo: false,
      manifest: { files, assert: startS === null ? null : { startS, intervalS: body.assert!.intervalS }, cameraOffsetS: body.cameraOffsetS ?? null },
    });
    return { id: drive.id, state: drive.state, missing: [...(await missingPaths(tx, drive.id))] };
  });
}

interface Incoming {
  readonly drive: string;
  readonly path: string;
  readonly digest: string | undefined;
  readonly length: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Guards in the order in which a client can mend them, then the bytes. True where they were new. */
async function receive(doors: IngestRouteDoors, account: Account, incoming: Incoming): Promise<boolean> {
  const drive = await ownDrive(doors.db, account, incoming.drive);
  // No path of a manifest has a NUL, and the database could not even be asked for one.
  const file = incoming.path.includes('\0') ? null : await findFile(doors.db, drive.id, incoming.path);
  if (file === null) throw new Problem({ status: 404, type: 'not_in_manifest', title: 'This file was not announced', detail: `"${incoming.path}" is not in the manifest of the drive.` });
  const digest = contentSha256(incoming.digest);
  if (incoming.digest !== undefined && digest === null) throw new Problem({ status: 400, type: 'digest_malformed', title: 'The Content-Digest cannot be read', detail: 'It must be sha-256=:<base64>: (RFC 9530).' });
  if (digest !== null && digest !== file.sha256) throw otherContent(file, digest);
  if (Number(incoming.length ?? 0) > file.size) throw new Problem({ status: 413, type: 'too_large', title: 'Larger than announced', detail: `"${file.path}" was announced with ${file.size} bytes.` });
  if (file.isStored) {
    if (digest === null) await compare(incoming.body, file);
    return false;
  }
  if (drive.state !== 'open') throw closed(drive);
  try {
    await doors.objects.putIfAbsent({ prefix: 'original', sha256: file.sha256 }, exactly(incoming.body, file.size));
  } catch (error) {
    if (!(error instanceof HashMismatch)) throw error;
    throw new Problem({ status: 422, type: 'digest_mismatch', title: 'The bytes are not those of the digest', detail: `"${file.path}": ${error.message}. Send it again.` });
  }
  if (!(await markStored(doors.db, drive.id, file.ordinal))) throw closed(drive);
  return true;
}

/** The bytes of a request. Stopping in the middle leaves the connection open, so that the answer still arrives. */
async function* bytesOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!request.destroyed) throw error;
    throw new Problem({ status: 400, type: 'upload_cut_off', title: 'The upload broke off', detail: 'Send the file again.' });
  }
}

/** The body, if it has the size that was announced. */
async function* exactly(body: AsyncIterable<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    if (received > size) throw new Problem({ status: 413, type: 'too_large', title: 'Larger than announced', detail: `More than the ${size} bytes that were announced.` });
    yield chunk;
  }
  if (received < size) throw new Problem({ status: 422, type: 'size_differs', title: 'Smaller than announced', detail: `${received} bytes arrived; ${size} were announced. Send it again.` });
}

/** A body for a path that is stored already, sent without saying what it is: the same bytes are a repeated request. */
async function compare(body: AsyncIterable<Uint8Array>, file: DriveFile): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of exactly(body, file.size)) hash.update(chunk);
  if (hash.digest('hex') !== file.sha256) throw otherContent(file, 'other bytes');
}

function otherContent(file: DriveFile, sent: string): Problem {
  return new Problem({ status: 409, type: 'other_content', title: 'Another file was announced for this path', detail: `"${file.path}" was announced with SHA-256 ${file.sha256}; this body has ${sent}.` });
}

async function close(doors: IngestRouteDoors, account: Account, id: string): Promise<DriveSummary> {
  const drive = await ownDrive(doors.db, account, id);
  const missing = await closeDrive(doors, drive.id);
  if (missing.length > 0) {
    throw new Problem({ status: 409, type: 'files_missing', title: `${missing.length} files have not arrived`, detail: missing.slice(0, 10).join(', '), extra: { missing: missing.slice(0, 1000) } });
  }
  return (await driveSummary(doors.db, drive.id))!;
}

function closed(drive: DriveRow): Problem {
  return new Problem({ status: 409, type: 'drive_closed', title: 'This drive is closed', detail: `Drive ${drive.id} takes no more files; announce a new one.` });
}

/** A drive to look at: one's own, or a demo drive, which is simulated and nobody's. */
async function visibleDrive(db: Db, account: Account | null, id: string): Promise<DriveRow> {
  const parsed = parseDriveId(id);
  const drive = parsed === null ? null : await findDrive(db, parsed);
  if (drive?.demo === true) return drive;
  if (account === null) throw new Problem({ status: 401, type: 'sign_in', title: 'Sign in first', detail: 'Send a token: Authorization: Bearer wp_…' });
  return await ownDrive(db, account, id);
}
