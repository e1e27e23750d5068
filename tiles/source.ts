import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Db, Tx } from '../shared/io/db.ts';
import { type Cell, descendantRange, FRAME_RESOLUTION } from '../shared/model/cell.ts';
import { openCache } from './cache.ts';
import { coverOf } from './cover.ts';
import type { TileCoord } from './mercator.ts';
import { countDistinct } from './sketch.ts';
import { digestsOf, holdSnapshot, rowsWithin, tileFrames } from './store.ts';
import { makeTile, type TileCell, type TileContent } from './tile.ts';
import { DRIVES_FROM_ZOOM, resolutionAt } from './zoom.ts';

/** Live tiles, kept by the digests of the cells under them. */
export interface TileSource {
  /** The tile as it is now, without its bytes where it still has the tag that the caller knows. */
  read(tile: TileCoord, knownTag: string | null): Promise<TileAnswer>;
}

export interface TileAnswer {
  /**
   * Names the bytes: equal tags, equal bytes, on every process and after every rebuild. Null while the cells lag
   * behind the frames (accepted, but their job has not run): such bytes must not be kept by anybody.
   */
  readonly tag: string | null;
  /** Gzipped; none at all for an empty tile; null where the caller's tag still holds. */
  readonly gzipped: Buffer | null;
}

/** Part of every tag: raise it when the same rows make other bytes than before. */
const TILE_FORMAT = 1;
const CELL_BYTES = 64;

type Kept = TileAnswer & { readonly gzipped: Buffer };

export function openTiles(db: Db, cacheBytes: number): TileSource {
  const kept = openCache<Kept>(cacheBytes);
  const covers = openCache<readonly Cell[]>(cacheBytes / 8);
  return {
    read: async (tile, knownTag) => {
      const name = nameOf(tile);
      const cover = covers.get(name) ?? coverOf(tile);
      // A cover depends on the tile alone, and takes longer to find than its rows to read.
      covers.put(name, cover, cover.length * CELL_BYTES);
      const tag = tagOf(await digestsOf(db, cover));
      if (tag === knownTag) return { tag, gzipped: null };
      const known = kept.get(name);
      if (known?.tag === tag) return known;
      const { content, contentTag } = await db.transaction(async (tx) => ({
        content: await readContent(tx, tile, cover),
        contentTag: tagOf(await digestsOf(tx, cover)),
      }));
      const made = await makeAnswer(tile, content, contentTag);
      if (made.tag !== null) kept.put(name, made, made.gzipped.length + CELL_BYTES);
      return made;
    },
  };
}

/** The bytes of a tile as the rows make them now. */
export async function readTile(db: Db, tile: TileCoord): Promise<Uint8Array> {
  return makeTile(tile, await db.transaction((tx) => readContent(tx, tile, coverOf(tile))));
}

async function makeAnswer(tile: TileCoord, content: TileContent, tag: string): Promise<Kept> {
  const bytes = makeTile(tile, content);
  const lags = tile.z >= DRIVES_FROM_ZOOM && content.frames.length !== content.cells.reduce((sum, { frames }) => sum + frames, 0);
  return { tag: lags ? null : tag, gzipped: bytes.length === 0 ? Buffer.alloc(0) : await promisify(gzip)(bytes) };
}

/** One snapshot: tag, cells and frames that were read at different moments would be kept under each other's name. */
async function readContent(tx: Tx, tile: TileCoord, cover: readonly Cell[]): Promise<TileContent> {
  await holdSnapshot(tx);
  const resolution = resolutionAt(tile.z);
  const rows = await rowsWithin(tx, cover.map((cell) => descendantRange(cell, resolution)));
  const cells = rows.flatMap(({ h3, frames, contributors, lastDay, quality }): TileCell[] =>
    lastDay === null ? [] : [{ h3, frames, contributors: countDistinct(contributors).count, lastDay, quality }],
  );
  const ranges = tile.z < DRIVES_FROM_ZOOM ? [] : cover.map((cell) => descendantRange(cell, FRAME_RESOLUTION));
  return { cells, frames: await tileFrames(tx, ranges) };
}

function tagOf(digests: readonly { readonly h3: Cell; readonly digest: Buffer }[]): string {
  const hash = createHash('sha256').update(`tile format ${TILE_FORMAT}`);
  for (const { h3, digest } of digests) hash.update(`\n${h3} `).update(digest);
  return hash.digest('base64url').slice(0, 22);
}

function nameOf({ z, x, y }: TileCoord): string {
  return `${z}/${x}/${y}`;
}
