import type { Db, Tx } from '../shared/io/db.ts';
import { BASE_CELLS, baseCell, baseCellOf, type Cell, descendantRange, FRAME_RESOLUTION, parentOf } from '../shared/model/cell.ts';
import { bucket, merge } from './bucket.ts';
import { groupBy } from './group.ts';
import { childRows, lockTrees, nextVersion, occupiedCells, publicFrames, putRows } from './store.ts';

/** Rows read and written at once. */
const BATCH = 2000;

/**
 * Recomputes these resolution 12 cells from the frames that are accepted and public now, then each coarser level
 * only from the level below. What does not differ is not written. Two refreshes of one base cell take turns until
 * the end of their transactions, so neither overwrites a parent with what it read before the other wrote.
 */
export async function refreshCells(tx: Tx, cells: readonly Cell[]): Promise<void> {
  if (cells.length === 0) return;
  await lockTreesOf(tx, cells);
  const version = await nextVersion(tx);
  let level = ascending(cells);
  await fillCells(tx, version, level);
  for (let resolution = FRAME_RESOLUTION - 1; resolution >= 0; resolution -= 1) {
    level = parentsOf(level, resolution);
    await mergeCells(tx, version, level, resolution);
  }
}

/** Holds the trees these cells stand in until the transaction ends; taking a lock again costs nothing. */
export async function lockTreesOf(tx: Tx, cells: readonly Cell[]): Promise<void> {
  await lockTrees(tx, [...new Set(cells.map(baseCellOf))]);
}

/** Recomputes every cell from all frames, one base cell a transaction; rows that were right keep their version. */
export async function rebuildCells(db: Db): Promise<void> {
  for (let number = 0; number < BASE_CELLS; number += 1) {
    await db.transaction((tx) => rebuildTree(tx, number));
  }
}

async function rebuildTree(tx: Tx, number: number): Promise<void> {
  await lockTrees(tx, [number]);
  const version = await nextVersion(tx);
  let level: readonly Cell[] = [];
  let [low, high] = descendantRange(baseCell(number), FRAME_RESOLUTION);
  for (;;) {
    const cells = await occupiedCells(tx, [low, high], BATCH);
    await fillCells(tx, version, cells);
    // Of the finest level only the parents are kept in memory.
    level = ascending([...level, ...parentsOf(cells, FRAME_RESOLUTION - 1)]);
    if (cells.length < BATCH) break;
    low = (cells.at(-1)! + 1n) as Cell;
  }
  for (let resolution = FRAME_RESOLUTION - 1; resolution >= 0; resolution -= 1) {
    level = parentsOf(level, resolution);
    await mergeCells(tx, version, level, resolution);
  }
}

async function fillCells(tx: Tx, version: bigint, cells: readonly Cell[]): Promise<void> {
  for (const batch of batches(cells)) {
    await putRows(tx, version, bucket(batch, await publicFrames(tx, batch)));
  }
}

async function mergeCells(tx: Tx, version: bigint, cells: readonly Cell[], resolution: number): Promise<void> {
  for (const batch of batches(cells)) {
    const children = groupBy(await childRows(tx, batch, resolution), ({ h3 }) => parentOf(h3, resolution));
    await putRows(tx, version, batch.map((cell) => merge(cell, children.get(cell) ?? [])));
  }
}

function parentsOf(cells: readonly Cell[], resolution: number): readonly Cell[] {
  return ascending(cells.map((cell) => parentOf(cell, resolution)));
}

/** Without doubles and in order, so that every writer touches rows in the same one. */
function ascending(cells: readonly Cell[]): readonly Cell[] {
  return [...new Set(cells)].toSorted((a, b) => (a < b ? -1 : 1));
}

function* batches(cells: readonly Cell[]): Generator<readonly Cell[]> {
  for (let from = 0; from < cells.length; from += BATCH) yield cells.slice(from, from + BATCH);
}
