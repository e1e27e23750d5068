import type { Command } from 'commander';
import { demoDriveIds } from './demo.ts';
import { forgetDemoTokens } from './demo-people.ts';
import { type Instance, openInstance } from './instance.ts';
import { readConfig } from './shared/io/config.ts';
import type { Tx } from './shared/io/db.ts';
import type { Cell } from './shared/model/cell.ts';
import type { AccountId, DriveId, Sha256 } from './shared/model/ids.ts';
import { leaveMap } from './tiles/jobs.ts';
import { takeBack } from './tiles/rewards/correction.ts';

/** `wayproof demo remove`: the demo drives leave the map, the tables and the object store. */
export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('the demo drives of an embedded instance')
    .command('remove')
    .description('take the demo drives off the map and out of the database and the store (set DEMO=no to keep them away)')
    .action(async () => {
      const config = readConfig(process.env);
      const instance = await openInstance(config, () => {}, { join: true });
      try {
        console.log(await removeDemo(instance));
        await forgetDemoTokens(config.home);
      } finally {
        await instance.close();
      }
    });
}

async function removeDemo({ db, objects }: Instance): Promise<string> {
  const drives = await demoDriveIds(db);
  if (drives.length === 0) return 'There are no demo drives here.';
  const { objects: gone, frames } = await db.transaction((tx) => removeRows(tx, drives));
  for (const key of gone) await objects.delete(key);
  return `Removed ${drives.length} demo drives with ${frames} frames and ${gone.length} objects. Set DEMO=no, or the next start makes them again.`;
}

interface Removed {
  readonly frames: number;
  readonly objects: readonly { readonly prefix: 'original' | 'derived' | 'documents'; readonly sha256: Sha256 }[];
}

async function removeRows(tx: Tx, drives: readonly DriveId[]): Promise<Removed> {
  const cells = await tx.query<{ h3: Cell }>('select distinct h3_r12 as h3 from frames where drive_id = any($1) and h3_r12 is not null', [drives]);
  const objects = await tx.query<Removed['objects'][number]>(
    `with gone as (
       select 'original' as prefix, sha256 from drive_files where drive_id = any($1)
       union select 'documents', document_sha256 from drives where id = any($1)
       union select 'derived', s from frames f, unnest(array[f.picture_sha256, f.thumb_sha256, f.grey_sha256]) s where f.drive_id = any($1))
     select prefix, encode(sha256, 'hex') as sha256 from gone g where sha256 is not null
       and not exists (select from drive_files o where g.prefix = 'original' and o.sha256 = g.sha256 and o.drive_id <> all($1))
       and not exists (select from frames o where g.prefix = 'derived' and g.sha256 in (o.picture_sha256, o.thumb_sha256, o.grey_sha256) and o.drive_id <> all($1))`,
    [drives],
  );
  const own = '(select key from frames where drive_id = any($1))';
  await tx.query(`delete from frame_points where frame_key in ${own}`, [drives]);
  await tx.query(`delete from frame_history where frame_key in ${own}`, [drives]);
  await tx.query('delete from review_cases where drive_id = any($1)', [drives]);
  const frames = await tx.query(`delete from frames where drive_id = any($1) returning 1`, [drives]);
  for (const table of ['verdicts', 'frame_claims', 'drive_files']) await tx.query(`delete from ${table} where drive_id = any($1)`, [drives]);
  await tx.query('delete from drives where id = any($1)', [drives]);
  await takeBackDemoPay(tx);
  await tx.query('delete from tokens where account_id in (select id from accounts where demo)');
  // One who decided on somebody's real drive, or invited somebody real, stays in the books, without a token.
  await tx.query(
    `delete from accounts a where demo and not exists (select from drives where account_id = a.id) and not exists (select from review_decisions where account_id = a.id)
       and not exists (select from invites where made_by = a.id) and not exists (select from invite_uses where account_id = a.id)`,
  );
  await leaveMap(tx, cells.map(({ h3 }) => h3));
  return { frames: frames.length, objects };
}

/** The ledger forgets nothing: what demo accounts were paid is carried again, by postings of its own. */
async function takeBackDemoPay(tx: Tx): Promise<void> {
  const accounts = await tx.query<{ id: AccountId }>('select id from accounts where demo');
  for (const { id } of accounts) await takeBack(tx, id, 'demo-removed');
}
