import type { Sql } from '../shared/io/db.ts';
import type { Objects } from '../shared/io/objects.ts';
import type { DriveId, Sha256 } from '../shared/model/ids.ts';

/** Asked of the store at once. */
const AT_ONCE = 32;

/** Grey levels by path of the drive's frames, as Ingest derived them; a frame that was taken back has none any more. Throws where the store lost one. */
export async function readGreys({ db, objects }: { readonly db: Sql; readonly objects: Pick<Objects, 'get'> }, drive: DriveId): Promise<ReadonlyMap<string, Uint8Array>> {
  const rows = await db.query<{ path: string; sha256: Sha256 }>(
    `select path, encode(grey_sha256, 'hex') as sha256 from frames where drive_id = $1 and grey_sha256 is not null order by key`,
    [drive],
  );
  const greys = new Map<string, Uint8Array>();
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const found = await Promise.all(rows.slice(from, from + AT_ONCE).map(async ({ path, sha256 }) => [path, await objects.get({ prefix: 'derived', sha256 })] as const));
    for (const [path, grey] of found) {
      if (grey === null) throw new Error(`the grey levels of ${path} of drive ${drive} are not in the store`);
      greys.set(path, new Uint8Array(grey));
    }
  }
  return greys;
}
