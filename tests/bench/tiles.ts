import { PbfWriter } from 'pbf';
import { cellAt, type Cell, cellsAround } from '../../shared/model/cell.ts';
import { cellRing } from '../../tiles/cell-ring.ts';
import { inTile, type TileCoord } from '../../tiles/mercator.ts';
import { addPart, encodeLayers, endFeature, newLayer, POLYGON } from '../../tiles/mvt.ts';
import { makeTile } from '../../tiles/tile.ts';
import { type Bench, rounded } from './bench.ts';

const TILE: TileCoord = { z: 13, x: 4359, y: 2842 };
/** In the middle of it, so that all rings of cells around lie inside. */
const MIDDLE = { latDeg: 48.1514, lonDeg: 11.5796 };
const RINGS = 26;
const ROUNDS = 25;
/** Varints of six properties. */
const TAGS = 12;

/** Hexagons a second of one tile of 2,107 cells: made from rows, encoded from rings, and the bytes alone. */
export async function benchTiles(): Promise<Bench> {
  const cells = cellsAround(cellAt(MIDDLE, 11), RINGS);
  const rows = cells.map((h3) => ({ h3, frames: 3, contributors: 2, lastDay: 20_585, quality: 0.8 }));
  const rings = cells.map(ringIn);
  const names = cells.map(String);
  const whole = perSecond(cells.length, () => makeTile(TILE, { cells: rows, frames: [] }));
  const encoder = perSecond(cells.length, () => encodeRings(names, rings));
  const floor = perSecond(cells.length, () => writeBare(rings, names));
  return {
    figures: { 'hexagons/s, tile from rows': whole, 'hexagons/s, encoder': encoder, 'hexagons/s, bare pbf loop': floor },
    ratio: rounded(encoder / floor),
  };
}

function ringIn(cell: Cell): readonly number[] {
  const { x, y } = cellRing(cell);
  return Array.from(x).flatMap((wx, n) => [...inTile(TILE, wx, y[n]!)]);
}

function encodeRings(names: readonly string[], rings: readonly (readonly number[])[]): Uint8Array {
  const layer = newLayer('cells', POLYGON);
  for (const [n, ring] of rings.entries()) {
    addPart(layer, ring);
    endFeature(layer, { h3: names[n]!, resolution: 11, frames: 3, contributors: 2, last: 20_585, quality: 80 });
  }
  return encodeLayers([layer]);
}

/** The same numbers and names, without messages, checks or tables: what no encoder on pbf can beat. */
function writeBare(rings: readonly (readonly number[])[], names: readonly string[]): Uint8Array {
  const pbf = new PbfWriter();
  for (const [at, ring] of rings.entries()) {
    pbf.writeString(names[at]!);
    for (let tag = 0; tag < TAGS; tag += 1) pbf.writeVarint(tag);
    let [x, y] = [0, 0];
    for (let n = 0; n < ring.length; n += 2) {
      const [nx, ny] = [Math.round(ring[n]!), Math.round(ring[n + 1]!)];
      pbf.writeSVarint(nx - x);
      pbf.writeSVarint(ny - y);
      [x, y] = [nx, ny];
    }
  }
  return pbf.finish();
}

/** The median of the rounds, after two to warm up. */
function perSecond(items: number, work: () => Uint8Array): number {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS + 2; round += 1) {
    const begun = performance.now();
    if (work().length === 0) throw new Error('nothing was written');
    if (round >= 2) times.push(performance.now() - begun);
  }
  return Math.round((items / times.toSorted((a, b) => a - b)[ROUNDS >> 1]!) * 1000);
}
