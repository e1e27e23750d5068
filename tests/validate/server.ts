import { createHash } from 'node:crypto';
import type { Account } from '../../shared/io/accounts.ts';
import { systemClock } from '../../shared/io/clock.ts';
import type { Db } from '../../shared/io/db.ts';
import { type Http, openHttp } from '../../shared/io/http.ts';
import { openLog } from '../../shared/io/log.ts';
import type { ByteRange, Objects } from '../../shared/io/objects.ts';
import type { Job, JobHandler, Queue } from '../../shared/io/queue.ts';
import { cellAt, FRAME_RESOLUTION } from '../../shared/model/cell.ts';
import { encodeDrive } from '../../shared/model/drive-document.ts';
import type { Drive } from '../../shared/model/drive.ts';
import type { AccountId, DriveId } from '../../shared/model/ids.ts';
import type { Role } from '../../shared/model/role.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { validateJobs } from '../../validate/jobs.ts';
import type { Net } from '../../validate/net.ts';
import { validateRoutes } from '../../validate/routes.ts';
import { addAccount, uuidOf } from '../tiles/world.ts';

/** A server with Validate's routes; the token `anna` is anna, a contributor, and `vera:validator` vera with that role. */
export async function validateServer(db: Db, documents: ReadonlyMap<string, Uint8Array> = new Map(), queue: Pick<Queue, 'send'> = { send: async () => {} }): Promise<Http> {
  const http = await openHttp({
    log: openLog({ level: 'silent' }),
    version: 'test',
    bodyLimitBytes: 1000,
    authenticate: async (token): Promise<Account> => {
      const [name, role] = token.split(':');
      return { id: uuidOf(name!) as AccountId, name: name!, roles: [(role ?? 'contributor') as Role] };
    },
  });
  validateRoutes(http, { db, objects: objectsOf(documents), queue: queue as Queue, clock: systemClock, recipe: RECIPE });
  await http.ready();
  return http;
}

/** What Ingest leaves behind: the drive's row, its document, and every frame ready. */
export async function ingested(db: Db, documents: Map<string, Uint8Array>, { drive, owner }: { readonly drive: Drive; readonly owner: string }): Promise<DriveId> {
  const id = uuidOf(drive.name) as DriveId;
  const bytes = encodeDrive(drive);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  documents.set(sha256, bytes);
  await addAccount(db, owner);
  await db.query(
    `insert into drives (id, account_id, manifest_sha256, name, licence, state, document_sha256) values ($1, $2, $3, $4, 'CC-BY-SA-4.0', 'processing', $5)`,
    [id, uuidOf(owner), createHash('sha256').update(drive.name).digest(), drive.name, Buffer.from(sha256, 'hex')],
  );
  for (const frame of drive.frames) {
    await db.query(
      `insert into frames (drive_id, account_id, path, id, size, captured_at, time_source, lat_deg, lon_deg, position_source, h3_r12, h3_r5, sequence, ordinal)
       values ($1, $2, $3, $4, 1, $5, 'gps', $6, $7, 'track', $8, 0, 0, 0)`,
      [id, uuidOf(owner), frame.path, createHash('sha256').update(drive.name + frame.path).digest(), new Date(frame.capturedAt * 1000), frame.latDeg, frame.lonDeg, cellAt(frame, FRAME_RESOLUTION)],
    );
  }
  await db.query(`update frames set state = 'ready' where drive_id = $1`, [id]);
  return id;
}

function objectsOf(documents: ReadonlyMap<string, Uint8Array>): Objects {
  return { get: async ({ sha256 }: { sha256: string }, range?: ByteRange) => documents.get(sha256)?.slice(range?.from ?? 0, range === undefined ? undefined : range.to + 1) ?? null } as unknown as Objects;
}

/** Validate's job handler by itself: no worker polls, a test runs the job when it wants. */
export async function judgeHandler({ db, net }: { readonly db: Db; readonly net: Net }, documents: ReadonlyMap<string, Uint8Array>, queue: Pick<Queue, 'finish' | 'send'>): Promise<(driveId: DriveId) => Promise<void>> {
  let handler: JobHandler<'drive.ready'> | null = null;
  await validateJobs({
    db,
    objects: objectsOf(documents),
    queue: { ...queue, work: async (name: string, _concurrency: number, given: JobHandler<'drive.ready'>) => void (name === 'drive.ready' && (handler = given)) } as unknown as Queue,
    clock: systemClock,
    log: openLog({ level: 'silent' }),
    recipe: RECIPE,
    leaveMap: async () => {},
    net,
  });
  return (driveId) => handler!({ id: uuidOf('job'), name: 'drive.ready', attempt: 0, data: { driveId } } satisfies Job<'drive.ready'>);
}
