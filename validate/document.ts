import type { Db } from '../shared/io/db.ts';
import type { Objects } from '../shared/io/objects.ts';
import { decodeDrive } from '../shared/model/drive-document.ts';
import type { Drive } from '../shared/model/drive.ts';
import type { DriveId } from '../shared/model/ids.ts';
import { documentOf } from './store.ts';

/** The drive as Ingest assembled it; throws where it is not in the store, since then a machine is broken. */
export async function readDocument({ db, objects }: { readonly db: Db; readonly objects: Pick<Objects, 'get'> }, drive: DriveId): Promise<Drive> {
  const sha256 = await documentOf(db, drive);
  const bytes = sha256 === null ? null : await objects.get({ prefix: 'documents', sha256 });
  if (bytes === null) throw new Error(`drive ${drive} has no document in the store (${sha256 ?? 'none named'})`);
  return decodeDrive(bytes);
}
