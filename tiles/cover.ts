import { type Box, BASE_CELLS, baseCell, type Cell, cellsTouchingBox, meanEdgeM } from '../shared/model/cell.ts';
import { type TileCoord, tileBox } from './mercator.ts';
import { DRIVES_FROM_ZOOM, resolutionAt } from './zoom.ts';

/** Neighbouring frames further apart are not joined by a line, so a line into a tile begins at most this far outside. */
export const LONGEST_SEGMENT_M = 120;
/** Few enough cells to name in one query (at most about 200), fine enough that little beyond the tile is read. */
const LEVELS_ABOVE = 2;
/** Wider boxes are more than half a world, for which H3 has no polygon: they are cut. */
const WIDEST_DEG = 90;

/**
 * Cells, coarser than the tile shows, whose descendants are all that can be seen in the tile, and some around it.
 * A child reaches over its parent's edge, less than an edge's length, so the tile is widened by that.
 */
export function coverOf(tile: TileCoord): readonly Cell[] {
  const resolution = resolutionAt(tile.z) - LEVELS_ABOVE;
  if (tile.z < 2 || resolution < 0) return Array.from({ length: BASE_CELLS }, (_, number) => baseCell(number));
  const reachM = tile.z >= DRIVES_FROM_ZOOM ? LONGEST_SEGMENT_M : 0;
  const boxes = pieces(tileBox(tile, meanEdgeM(resolution) + reachM));
  return [...new Set(boxes.flatMap((box) => cellsTouchingBox(box, resolution)))].toSorted((a, b) => (a < b ? -1 : 1));
}

/** The box cut where longitude jumps and where it is too wide, each piece within -180° to 180°. */
function pieces(box: Box): readonly Box[] {
  const count = Math.ceil((box.eastDeg - box.westDeg) / WIDEST_DEG);
  const stepDeg = (box.eastDeg - box.westDeg) / count;
  return Array.from({ length: count }, (_, n) => box.westDeg + n * stepDeg).flatMap((westDeg) =>
    [-360, 0, 360].flatMap((worldDeg) => {
      const west = Math.max(-180, westDeg + worldDeg);
      const east = Math.min(180, westDeg + stepDeg + worldDeg);
      return west < east ? [{ ...box, westDeg: west, eastDeg: east }] : [];
    }),
  );
}
