import { type Cell, cellBoundary } from '../shared/model/cell.ts';
import type { LatLon } from '../shared/model/geo.ts';
import { worldX, worldY } from './mercator.ts';

/** Corners of a ring in the mercator world, open; x may leave [0, 1] where the ring crosses the antimeridian. */
export interface WorldRing {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const POLE_DEG = 90;

/** The cell's outline without a jump of longitude; around a pole it is closed along the pole's edge of the map. */
export function cellRing(cell: Cell): WorldRing {
  return ringOf(cellBoundary(cell));
}

/** A ring of positions, each less than 180° of longitude from the next, in the mercator world. */
export function ringOf(corners: readonly LatLon[]): WorldRing {
  const x = corners.map(({ lonDeg }) => worldX(lonDeg));
  const y = corners.map(({ latDeg }) => worldY(latDeg));
  for (let n = 1; n < x.length; n += 1) x[n] = nearest(x[n]!, x[n - 1]!);
  // Round a pole the last corner's neighbour is the first one a whole world away.
  const again = nearest(x[0]!, x.at(-1)!);
  if (again !== x[0]) {
    const pole = worldY(POLE_DEG * Math.sign(corners[0]!.latDeg));
    x.push(again, again, x[0]!);
    y.push(y[0]!, pole, pole);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}

function nearest(x: number, to: number): number {
  const worlds = Math.round(to - x);
  return worlds === 0 ? x : x + worlds;
}
