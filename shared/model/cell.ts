import { cellArea, cellToBoundary, cellToLatLng, gridDisk, isValidCell, latLngToCell, polygonToCellsExperimental } from 'h3-js';
import type { Brand } from './brand.ts';
import type { LatLon } from './geo.ts';

/**
 * An H3 index as an unsigned 64-bit integer; bit 63 is 0 in cell mode, so it fits a signed BIGINT.
 * Indexes exceed 2^53: never a Number. Layout: https://h3geo.org/docs/core-library/h3Indexing
 */
export type Cell = Brand<bigint, 'Cell'>;

/** Accepted frames are bucketed here; 55-75 of these cells a road kilometre (design.md, Tiles). */
export const FRAME_RESOLUTION = 12;

const RESOLUTION_SHIFT = 52n;
const RESOLUTION_MASK = 0xfn << RESOLUTION_SHIFT;
const BITS_PER_DIGIT = 3n;
const FINEST = 15n;
const BASE_CELL_SHIFT = 45n;
const BASE_CELL_MASK = 0x7fn;
const CELL_MODE = 1n << 59n;
const HEX_INDEX = /^8[0-9a-f]{14}$/;

/** Resolution 0 has this many cells; every other cell descends from one of them. */
export const BASE_CELLS = 122;
/** Authalic radius of the Earth that H3 uses (h3api, EARTH_RADIUS_KM). */
const H3_EARTH_RADIUS_M = 6_371_007.180918475;
/** Mean edge at resolution 0, metres; each finer one is shorter by √7 (h3geo.org, "Average edge lengths"). */
const BASE_EDGE_M = 1_281_256;

export function cellAt(position: LatLon, resolution: number): Cell {
  return fromHex(latLngToCell(position.latDeg, position.lonDeg, resolution));
}

export function cellHex(cell: Cell): string {
  return cell.toString(16);
}

/** The cell named by 15 hex digits, or null where the text is no cell index. */
export function parseCell(text: string): Cell | null {
  return HEX_INDEX.test(text) && isValidCell(text) ? (BigInt(`0x${text}`) as Cell) : null;
}

export function resolutionOf(cell: Cell): number {
  return Number((cell & RESOLUTION_MASK) >> RESOLUTION_SHIFT);
}

/** The ancestor at a coarser (or the same) resolution: unused digits become 7. RangeError where it would be finer. */
export function parentOf(cell: Cell, resolution: number): Cell {
  if (resolution > resolutionOf(cell) || resolution < 0) {
    throw new RangeError(`cell ${cellHex(cell)} has no ancestor at resolution ${resolution}`);
  }
  const unused = (1n << (BITS_PER_DIGIT * (FINEST - BigInt(resolution)))) - 1n;
  return ((cell & ~RESOLUTION_MASK) | (BigInt(resolution) << RESOLUTION_SHIFT) | unused) as Cell;
}

/**
 * Lowest and highest index that a descendant of `cell` at `resolution` can have; no other cell of that
 * resolution lies between (design.md, verified on 5.2 M cells), so a B-tree range is the spatial query.
 */
export function descendantRange(cell: Cell, resolution: number): readonly [Cell, Cell] {
  const own = BigInt(resolutionOf(cell));
  const wanted = BigInt(resolution);
  if (wanted < own) throw new RangeError(`cell ${cellHex(cell)} has no descendants at resolution ${resolution}`);
  const finer = (1n << (BITS_PER_DIGIT * (FINEST - own))) - 1n;
  const unused = (1n << (BITS_PER_DIGIT * (FINEST - wanted))) - 1n;
  const base = (cell & ~RESOLUTION_MASK & ~finer) | (wanted << RESOLUTION_SHIFT);
  const sixes = (finer / 7n) * 6n & ~unused;
  return [(base | unused) as Cell, (base | sixes | unused) as Cell];
}

/** Number of the base cell that `cell` descends from, 0 to 121. */
export function baseCellOf(cell: Cell): number {
  return Number((cell >> BASE_CELL_SHIFT) & BASE_CELL_MASK);
}

/** The resolution 0 cell of that number, 0 to 121. */
export function baseCell(number: number): Cell {
  if (!Number.isInteger(number) || number < 0 || number >= BASE_CELLS) throw new RangeError(`there is no base cell ${number}`);
  return (CELL_MODE | (BigInt(number) << BASE_CELL_SHIFT) | ((1n << BASE_CELL_SHIFT) - 1n)) as Cell;
}

/** Spherical area in m² (h3-js cellArea). */
export function cellAreaM2(cell: Cell): number {
  return cellArea(cellHex(cell), 'm2');
}

/** The sphere over the number of cells, 2 + 120·7^resolution, in m²: 307.09 at resolution 12. */
export function meanCellAreaM2(resolution: number): number {
  return (4 * Math.PI * H3_EARTH_RADIUS_M ** 2) / (2 + 120 * 7 ** resolution);
}

/** Mean edge of a cell in metres; single ones differ by up to a third. */
export function meanEdgeM(resolution: number): number {
  return BASE_EDGE_M / Math.sqrt(7) ** resolution;
}

export function cellCentre(cell: Cell): LatLon {
  const [latDeg, lonDeg] = cellToLatLng(cellHex(cell));
  return { latDeg, lonDeg };
}

/** Corners in order, open ring (5 to 10 of them: pentagons and icosahedron edges). */
export function cellBoundary(cell: Cell): readonly LatLon[] {
  return cellToBoundary(cellHex(cell)).map(([latDeg, lonDeg]) => ({ latDeg, lonDeg }));
}

/** All cells within `rings` steps of `cell`, itself included. */
export function cellsAround(cell: Cell, rings: number): readonly Cell[] {
  return gridDisk(cellHex(cell), rings).map(fromHex);
}

/** Every cell of `resolution` that touches the box, in degrees; the box must be narrower than 180° of longitude. */
export function cellsTouchingBox(box: Box, resolution: number): readonly Cell[] {
  const { westDeg, southDeg, eastDeg, northDeg } = box;
  const ring: [number, number][] = [
    [westDeg, southDeg], [eastDeg, southDeg], [eastDeg, northDeg], [westDeg, northDeg], [westDeg, southDeg],
  ];
  return polygonToCellsExperimental([ring], resolution, 'containmentOverlapping', true).map(fromHex);
}

/** A box in degrees that does not cross the antimeridian. */
export interface Box {
  readonly westDeg: number;
  readonly southDeg: number;
  readonly eastDeg: number;
  readonly northDeg: number;
}

function fromHex(hex: string): Cell {
  return BigInt(`0x${hex}`) as Cell;
}
