import type { Box } from '../shared/model/cell.ts';
import type { LatLon } from '../shared/model/geo.ts';

/** A tile of the web mercator square: column x from the west, row y from the north, 2^z of each. */
export interface TileCoord {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Units across a tile, and how far geometry reaches beyond it so that outlines do not show at the seams. */
export const EXTENT = 4096;
export const BUFFER = 64;

/** Where mercator's y is still finite and far outside the square, whose edge is 85.0511°. */
const MAX_LAT_DEG = 89.9;

/** 0 at 180° west, 1 at 180° east; beyond for longitudes that were unwrapped. */
export function worldX(lonDeg: number): number {
  return lonDeg / 360 + 0.5;
}

/** 0 at 85.0511° north, 1 at 85.0511° south (EPSG:3857 over its own width). */
export function worldY(latDeg: number): number {
  const clamped = Math.max(-MAX_LAT_DEG, Math.min(MAX_LAT_DEG, latDeg));
  return 0.5 - Math.asinh(Math.tan((clamped * Math.PI) / 180)) / (2 * Math.PI);
}

/** The tile with its buffer and `marginM` metres more, in degrees; west may be under -180 and east over 180. */
export function tileBox({ z, x, y }: TileCoord, marginM: number): Box {
  const span = 2 ** -z;
  const buffer = (BUFFER / EXTENT) * span;
  const northDeg = latOf(y * span - buffer);
  const southDeg = latOf((y + 1) * span + buffer);
  const marginDeg = marginM / M_PER_DEGREE;
  const polewardDeg = Math.min(MAX_LAT_DEG, Math.max(Math.abs(northDeg), Math.abs(southDeg)) + marginDeg);
  const lonMarginDeg = marginDeg / Math.cos((polewardDeg * Math.PI) / 180);
  return {
    westDeg: (x * span - buffer - 0.5) * 360 - lonMarginDeg,
    eastDeg: ((x + 1) * span + buffer - 0.5) * 360 + lonMarginDeg,
    southDeg: Math.max(-90, southDeg - marginDeg),
    northDeg: Math.min(90, northDeg + marginDeg),
  };
}

const M_PER_DEGREE = 111_195;

function latOf(y: number): number {
  return (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI;
}

/** Coordinates within the tile: 0 to EXTENT inside it, x to the right, y down. `worldsEast` moves by whole worlds. */
export function inTile({ z, x, y }: TileCoord, wx: number, wy: number): readonly [number, number] {
  const tiles = 2 ** z;
  return [(wx * tiles - x) * EXTENT, (wy * tiles - y) * EXTENT];
}

/** The longitude's world x in the copy of the world that lies nearest to the tile's middle. */
export function worldXNear({ z, x }: TileCoord, { lonDeg }: LatLon): number {
  const middle = (x + 0.5) / 2 ** z;
  const own = worldX(lonDeg);
  return own - Math.round(own - middle);
}
