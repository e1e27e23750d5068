import type { Db } from '../../shared/io/db.ts';
import type { Objects } from '../../shared/io/objects.ts';
import { decodeFixes, jsonRange, LENGTH_BYTES } from '../../shared/model/drive-document.ts';
import type { Drive } from '../../shared/model/drive.ts';
import type { DriveId, Sha256 } from '../../shared/model/ids.ts';
import { lookOf } from '../../shared/model/look.ts';
import type { ContextRules } from '../../shared/model/context-rules.ts';
import { crossedCells, nearbyCells } from './cells.ts';
import type { Context, ContextDrive } from './context-drive.ts';
import { sensorBlocks } from './sensor-blocks.ts';
import { closedAt, type EarlierDrive, earlierDrives, earlierFrames, sharedBlocks, type Traces } from './store.ts';

export interface ContextDoors {
  readonly db: Db;
  readonly objects: Pick<Objects, 'get'>;
}

/** Cells of one question to the database. */
const MOST_CELLS = 600;
/** A drive of so many fixes (a day at 1 Hz is 17 MB) is not read for the sake of another one. */
const LARGEST_JSON = 32 * 2 ** 20;

/** By what this drive may be known again, later. */
export function tracesOf(drive: Drive): Traces {
  return {
    cells: crossedCells(drive),
    blocks: sensorBlocks(drive),
    looks: [...new Set(drive.frames.flatMap(({ grey }) => (grey === undefined ? [] : [lookOf(grey)])))],
    ids: drive.frames.map(({ id }) => id),
  };
}

/** What the drive is held against: drives that were closed before it by the server's clock. */
export async function readContext(doors: ContextDoors, id: DriveId, traces: Traces, rules: ContextRules): Promise<Context> {
  const { db } = doors;
  const earlier = await earlierDrives(db, id, { ...traces, cells: nearbyCells(traces.cells, MOST_CELLS) }, rules.mostDrives);
  const ids = earlier.map(({ id }) => id);
  const [frames, blocks] = [await earlierFrames(db, ids), await sharedBlocks(db, ids, traces.blocks)];
  const drives: ContextDrive[] = [];
  for (const drive of earlier) {
    drives.push({
      inputSha256: drive.inputSha256,
      contributor: drive.isOwn ? null : drive.account,
      gnss: await gnssOf(doors, drive),
      frames: frames.filter(({ driveId }) => driveId === drive.id).map(({ greySha256, ...frame }) => ({ ...frame, grey: () => greyOf(doors, greySha256) })),
      blocks: blocks.filter(({ driveId }) => driveId === drive.id),
    });
  }
  return { drives, closedAtS: await closedAt(db, id) };
}

async function gnssOf({ objects }: ContextDoors, { documentSha256 }: EarlierDrive): Promise<Drive['gnss']> {
  const key = { prefix: 'documents', sha256: documentSha256 } as const;
  const first = await objects.get(key, { from: 0, to: LENGTH_BYTES - 1 });
  if (first === null) throw new Error(`document ${documentSha256} of an earlier drive is not in the object store`);
  const range = jsonRange(first);
  return range.to > LARGEST_JSON ? [] : decodeFixes((await objects.get(key, range))!);
}

async function greyOf({ objects }: ContextDoors, sha256: Sha256): Promise<Uint8Array | null> {
  const grey = await objects.get({ prefix: 'derived', sha256 });
  return grey === null ? null : new Uint8Array(grey);
}
