import { createHash } from 'node:crypto';
import { type Cell, cellHex } from '../shared/model/cell.ts';
import { distanceM, type LatLon } from '../shared/model/geo.ts';
import type { Tier } from '../shared/model/verdict.ts';
import { cellRing } from './cell-ring.ts';
import { clipLine, clipRing, touchesTile } from './clip.ts';
import { LONGEST_SEGMENT_M } from './cover.ts';
import { solarDay } from './day.ts';
import { groupBy } from './group.ts';
import { EXTENT, inTile, type TileCoord, worldXNear, worldY } from './mercator.ts';
import { addPart, encodeLayers, endFeature, type Layer, LINE, newLayer, POINT, POLYGON } from './mvt.ts';
import { FRAMES_FROM_ZOOM, resolutionAt } from './zoom.ts';

/** What a tile shows of a cell. */
export interface TileCell {
  readonly h3: Cell;
  readonly frames: number;
  readonly contributors: number;
  /** Days since 1970-01-01. */
  readonly lastDay: number;
  readonly quality: number | null;
}

/** What a tile shows of an accepted, public frame. */
export interface TileFrame extends LatLon {
  readonly id: string;
  readonly driveId: string;
  readonly demo: boolean;
  readonly sequence: number;
  readonly ordinal: number;
  readonly capturedAt: Date;
  readonly headingDeg: number | null;
  readonly quality: number | null;
  readonly tier: Tier | null;
}

/** All that can be seen in a tile, and possibly more: what lies outside is clipped. The order does not matter. */
export interface TileContent {
  readonly cells: readonly TileCell[];
  readonly frames: readonly TileFrame[];
}

/** The same rows make the same bytes: features are in the order of their cells, drives and ids. */
export function makeTile(tile: TileCoord, { cells, frames }: TileContent): Uint8Array {
  const layers = [cellsLayer(tile, cells), drivesLayer(tile, frames)];
  if (tile.z >= FRAMES_FROM_ZOOM) layers.push(framesLayer(tile, frames));
  return encodeLayers(layers);
}

function cellsLayer(tile: TileCoord, cells: readonly TileCell[]): Layer {
  const layer = newLayer('cells', POLYGON);
  const resolution = resolutionAt(tile.z);
  for (const cell of cells.toSorted((a, b) => (a.h3 < b.h3 ? -1 : 1))) {
    addCell(layer, tile, cell.h3);
    endFeature(layer, {
      h3: cellHex(cell.h3),
      resolution,
      frames: cell.frames,
      contributors: cell.contributors,
      last: cell.lastDay,
      quality: percent(cell.quality),
    });
  }
  return layer;
}

/** A cell over the antimeridian is seen at both edges of the world, so each of its three copies is tried. */
function addCell(layer: Layer, tile: TileCoord, cell: Cell): void {
  const { x, y } = cellRing(cell);
  for (const world of [-1, 0, 1]) {
    const ring: number[] = [];
    for (let n = 0; n < x.length; n += 1) ring.push(...inTile(tile, x[n]! + world, y[n]!));
    if (touchesTile(ring)) addPart(layer, clipRing(ring));
  }
}

/** One feature a drive and sequence; its parts are broken wherever a frame between two is not public or far away. */
function drivesLayer(tile: TileCoord, frames: readonly TileFrame[]): Layer {
  const layer = newLayer('drives', LINE);
  const sequences = [...groupBy(frames, ({ driveId, sequence }) => `${driveId} ${sequence}`).values()]
    .map((members) => ({ members, drive: publicDrive(members[0]!.driveId), sequence: members[0]!.sequence }))
    .toSorted((a, b) => (a.drive === b.drive ? a.sequence - b.sequence : a.drive < b.drive ? -1 : 1));
  for (const { members, drive } of sequences) {
    const inOrder = members.toSorted((a, b) => a.ordinal - b.ordinal);
    for (const run of runs(inOrder)) {
      for (const part of clipLine(thinned(run.flatMap((frame) => placeOf(tile, frame))))) addPart(layer, part);
    }
    const seen = inOrder.filter((frame) => isInTile(tile, frame));
    endFeature(layer, {
      drive,
      frames: seen.length,
      last: inOrder.reduce((last, frame) => Math.max(last, dayOf(frame)), -Infinity),
      demo: inOrder[0]!.demo,
    });
  }
  return layer;
}

function framesLayer(tile: TileCoord, frames: readonly TileFrame[]): Layer {
  const layer = newLayer('frames', POINT);
  for (const frame of frames.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const place = placeOf(tile, frame);
    if (!touchesTile(place)) continue;
    addPart(layer, place);
    endFeature(layer, {
      id: frame.id,
      heading: frame.headingDeg === null ? null : Math.round(frame.headingDeg) % 360,
      last: dayOf(frame),
      quality: percent(frame.quality),
      tier: frame.tier,
    });
  }
  return layer;
}

/** Frames that follow each other without a gap: a line across one would draw a road nobody showed. */
function runs(inOrder: readonly TileFrame[]): readonly (readonly TileFrame[])[] {
  const found: TileFrame[][] = [];
  for (const [n, frame] of inOrder.entries()) {
    const before = inOrder[n - 1];
    const follows = before !== undefined && frame.ordinal === before.ordinal + 1 && distanceM(before, frame) <= LONGEST_SEGMENT_M;
    if (follows) found.at(-1)!.push(frame);
    else found.push([frame]);
  }
  return found;
}

/** Half a pixel of a 512 pixel tile: what is nearer to the vertex before cannot be seen. The last vertex stays. */
const LEAST_STEP = 4;

function thinned(line: readonly number[]): readonly number[] {
  const kept: number[] = [];
  for (let n = 0; n < line.length; n += 2) {
    const far = Math.hypot(line[n]! - (kept.at(-2) ?? Infinity), line[n + 1]! - (kept.at(-1) ?? Infinity)) >= LEAST_STEP;
    if (far || n === line.length - 2) kept.push(line[n]!, line[n + 1]!);
  }
  return kept;
}

function placeOf(tile: TileCoord, frame: LatLon): readonly [number, number] {
  return inTile(tile, worldXNear(tile, frame), worldY(frame.latDeg));
}

/** A drive's public name: its id stays between its owner and the server. */
function publicDrive(driveId: string): string {
  return createHash('sha256').update(driveId).digest('hex').slice(0, 12);
}

function isInTile(tile: TileCoord, frame: TileFrame): boolean {
  return placeOf(tile, frame).every((value) => value >= 0 && value < EXTENT);
}

function dayOf({ capturedAt, lonDeg }: TileFrame): number {
  return solarDay(capturedAt, lonDeg);
}

function percent(share: number | null): number | null {
  return share === null ? null : Math.round(share * 100);
}
