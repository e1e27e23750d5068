import type { Account } from '../shared/io/accounts.ts';
import type { Db } from '../shared/io/db.ts';
import { Problem } from '../shared/io/problem.ts';
import { parseDriveId } from '../shared/model/ids.ts';
import { type DriveRow, findDrive } from './store.ts';

/** The account's own drive; another's is as unknown as one that never was. */
export async function ownDrive(db: Db, account: Account, id: string): Promise<DriveRow> {
  const parsed = parseDriveId(id);
  const drive = parsed === null ? null : await findDrive(db, parsed);
  if (drive === null || drive.accountId !== account.id) throw new Problem({ status: 404, type: 'drive_unknown', title: 'No such drive', detail: `There is no drive ${id.slice(0, 40)} of yours.` });
  return drive;
}
