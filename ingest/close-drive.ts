import type { Db } from '../shared/io/db.ts';
import type { Queue } from '../shared/io/queue.ts';
import type { DriveId } from '../shared/model/ids.ts';
import { driveFiles, lockDrive, markClosed, missingPaths } from './store.ts';

/** Files of one `ingest.read` job: metadata alone, some milliseconds each. */
const READ_SHARD = 200;

/**
 * Closes a drive for further files and sends its first jobs, in one transaction. Returns the paths that have not
 * arrived, and closes nothing while there are any; closing twice is a repeated request, not a mistake.
 */
export async function closeDrive({ db, queue }: { readonly db: Db; readonly queue: Queue }, driveId: DriveId): Promise<readonly string[]> {
  return await db.transaction(async (tx) => {
    const drive = await lockDrive(tx, driveId);
    if (drive?.state !== 'open') return [];
    const missing = await missingPaths(tx, driveId);
    if (missing.length > 0) return missing;
    const shards = Math.ceil((await driveFiles(tx, driveId)).length / READ_SHARD);
    await markClosed(tx, driveId, shards);
    for (let shard = 0; shard < shards; shard += 1) {
      await queue.send(tx, 'ingest.read', { driveId, from: shard * READ_SHARD, to: (shard + 1) * READ_SHARD });
    }
    return [];
  });
}
