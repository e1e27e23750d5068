import type { Account } from '../shared/io/accounts.ts';
import type { Db } from '../shared/io/db.ts';
import { Problem } from '../shared/io/problem.ts';
import { type DriveId, parseDriveId } from '../shared/model/ids.ts';
import { caseOf, type DriveCase } from './store.ts';

/** A drive for somebody who may read why it was judged so; the same 404 for a stranger as for a drive that is not there. */
export async function readableDrive(db: Db, id: string, account: Account | null): Promise<DriveCase & { readonly id: DriveId }> {
  const drive = parseDriveId(id);
  const found = drive === null ? null : await caseOf(db, drive);
  // A demo drive is simulated and nobody's: everybody may read why it was judged so.
  const mayRead = found !== null && (found.demo || found.owner === account?.id || account?.roles.some((role) => role === 'validator' || role === 'operator') === true);
  if (drive === null || !mayRead) throw new Problem({ status: 404, type: 'drive_unknown', title: 'There is no such drive', detail: `No drive ${id} is yours.` });
  return { ...found, id: drive };
}
