import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Account } from '../shared/io/accounts.ts';
import { systemClock } from '../shared/io/clock.ts';
import { readConfig } from '../shared/io/config.ts';
import type { Db } from '../shared/io/db.ts';
import { type Access, type Http, openHttp } from '../shared/io/http.ts';
import { openLog } from '../shared/io/log.ts';
import type { Objects } from '../shared/io/objects.ts';
import type { Queue } from '../shared/io/queue.ts';
import { encodeDrive } from '../shared/model/drive-document.ts';
import type { AccountId, DriveId } from '../shared/model/ids.ts';
import { RECIPE } from '../shared/model/recipe.ts';
import type { Role } from '../shared/model/role.ts';
import { routes } from '../routes.ts';
import { openCases } from '../validate/review/case-store.ts';
import { printJudgement } from '../validate/receipt.ts';
import { addAccount, addDrive, addFrame, sha256Of, uuidOf } from './tiles/world.ts';
import { madeDrive } from './validate/made-drive.ts';
import { judged } from './validate/measured.ts';

/** Every kind of caller, in the order of the access table; `owner` sent the drive that is asked for. */
export const CALLERS = ['nobody', 'owner', 'contributor', 'consumer', 'validator', 'operator'] as const;
export type Caller = (typeof CALLERS)[number];

export interface RouteEntry {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
}

const DRIVEN = madeDrive({ seconds: 100 });

/** The whole server as it starts, with a list of its routes. */
export async function wholeServer(db: Db): Promise<{ readonly http: Http; readonly entries: readonly RouteEntry[] }> {
  const http = await openHttp({ log: openLog({ level: 'silent' }), version: 'test', bodyLimitBytes: 100_000, authenticate: async (name) => accountOf(name) });
  const entries: RouteEntry[] = [];
  http.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') entries.push({ method: one, url, access: config!.access! });
  });
  const objects = { get: async ({ prefix }: { prefix: string }) => Buffer.from(prefix === 'documents' ? encodeDrive(DRIVEN) : 'bytes'), putIfAbsent: async () => true } as unknown as Objects;
  const queue = { send: async () => {}, counts: async () => [] } as unknown as Queue;
  const config = readConfig({ WAYPROOF_HOME: '.' });
  routes(http, { config, instance: { db, objects, clock: systemClock, objectSecret: Buffer.alloc(32) }, queue, version: 'test', viewerDir: join(import.meta.dirname, '..', 'viewer') });
  await http.ready();
  for (const caller of CALLERS) if (caller !== 'nobody') await addAccount(db, caller, [roleOf(caller)]);
  return { http, entries };
}

function accountOf(name: string): Account {
  return { id: uuidOf(name) as AccountId, name, roles: [roleOf(name)] };
}

function roleOf(caller: string): Role {
  return caller === 'owner' ? 'contributor' : (caller as Role);
}

/** A drive of the owner's, judged, with one frame in review, and the ids by which all of it is asked for. */
export async function freshThings(db: Db): Promise<Readonly<Record<string, string>>> {
  const name = randomUUID();
  const drive = (await addDrive(db, name, 'owner')) as DriveId;
  await addFrame(db, { latDeg: 48.137, lonDeg: 11.575, name, drive: name, account: 'owner', state: 'flagged', pictureSha256: sha256Of(name), thumbSha256: sha256Of(name) });
  await db.query(`insert into verdicts (id, drive_id, recipe, verdict, tier, score, judgement) values ($1, $2, 1, 'flagged', 'B', 0.5, $3)`, [uuidOf(`verdict ${name}`), drive, printJudgement({ ...judged(DRIVEN), frames: [] })]);
  await db.query(`update drives set document_sha256 = decode($2, 'hex') where id = $1`, [drive, sha256Of('document')]);
  await db.transaction((tx) => openCases(tx, systemClock, RECIPE, drive));
  const [found] = await db.query<{ id: string }>('select id from review_cases where drive_id = $1', [drive]);
  return { drive, frame: sha256Of(name), case: found!.id };
}
