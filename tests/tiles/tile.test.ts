import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile';
import fc from 'fast-check';
import { PbfReader } from 'pbf';
import { describe, expect, test } from 'vitest';
import { BASE_CELLS, baseCell, type Cell, cellAt, cellCentre, cellHex, cellsAround, descendantRange, meanCellAreaM2, parentOf } from '../../shared/model/cell.ts';
import { moved } from '../../shared/model/geo.ts';
import { addPart, encodeLayers, endFeature, LINE, newLayer, POINT, POLYGON } from '../../tiles/mvt.ts';
import { coverOf } from '../../tiles/cover.ts';
import { makeTile, type TileCell, type TileFrame } from '../../tiles/tile.ts';
import { resolutionAt } from '../../tiles/zoom.ts';
import { mvtProblems } from './mvt-validator.ts';
import { sha256Of, uuidOf } from './world.ts';

const HERE = { latDeg: 48.137, lonDeg: 11.575 };

function tileAt({ latDeg, lonDeg }: { latDeg: number; lonDeg: number }, z: number) {
  const clamp = (n: number) => Math.max(0, Math.min(2 ** z - 1, Math.floor(n * 2 ** z)));
  return { z, x: clamp(lonDeg / 360 + 0.5), y: clamp(0.5 - Math.asinh(Math.tan((latDeg * Math.PI) / 180)) / (2 * Math.PI)) };
}

function cellOf(h3: Cell): TileCell {
  return { h3, frames: 3, contributors: 2, lastDay: 20_585, quality: 0.876 };
}

function frameAt(n: number, place: { latDeg: number; lonDeg: number }, rest: Partial<TileFrame> = {}): TileFrame {
  return {
    ...place, id: sha256Of(`frame ${n}`), driveId: uuidOf('drive'), demo: false, sequence: 0, ordinal: n,
    capturedAt: new Date('2026-05-12T10:00:00Z'), headingDeg: 359.7, quality: null, tier: 'B', ...rest,
  };
}

function decode(bytes: Uint8Array): VectorTile {
  return new VectorTile(new PbfReader(bytes));
}

function featuresOf(bytes: Uint8Array, layer: string): readonly VectorTileFeature[] {
  const found = decode(bytes).layers[layer];
  return found === undefined ? [] : Array.from({ length: found.length }, (_, n) => found.feature(n));
}

/** Every cell of the world at a resolution, through all children of the base cells. */
function allCells(resolution: number): readonly Cell[] {
  let level: Cell[] = Array.from({ length: BASE_CELLS }, (_, number) => baseCell(number));
  for (let finer = 1; finer <= resolution; finer += 1) {
    level = level.flatMap((cell) => [...new Set(cellsAround(cellAt(cellCentre(cell), finer), 1))].filter((child) => parentOf(child, finer - 1) === cell));
  }
  return level;
}

describe('the encoder', () => {
  test('writes what the reference decoder reads, each key and value once', () => {
    const layer = newLayer('things', POINT);
    addPart(layer, [5, 7]);
    endFeature(layer, { text: 'ä', whole: 7, below: -7, part: 0.5, yes: true, none: null });
    addPart(layer, [10, 10, -3, 4100]);
    endFeature(layer, { text: 'ä', whole: 7, one: '7' });
    const bytes = encodeLayers([layer, newLayer('empty', LINE)]);
    expect(mvtProblems(bytes)).toEqual([]);
    expect(Object.keys(decode(bytes).layers)).toEqual(['things']);
    const [first, second] = featuresOf(bytes, 'things');
    expect(first!.properties).toEqual({ text: 'ä', whole: 7, below: -7, part: 0.5, yes: true });
    expect(second!.properties).toEqual({ text: 'ä', whole: 7, one: '7' });
    expect(second!.loadGeometry().map((points) => points.map(({ x, y }) => [x, y]))).toEqual([[[10, 10]], [[-3, 4100]]]);
  });

  test('turns rings clockwise, leaves out what has no length or area, and features without geometry', () => {
    const layer = newLayer('areas', POLYGON);
    addPart(layer, [0, 0, 0, 10, 10, 10, 10, 0]);
    addPart(layer, [0, 0, 5, 5, 10, 10]);
    addPart(layer, [1, 1, 1.2, 1.2, 0.9, 1]);
    endFeature(layer, {});
    addPart(layer, [3, 3, 3, 3, 3, 3]);
    endFeature(layer, { lost: true });
    const bytes = encodeLayers([layer]);
    expect(mvtProblems(bytes)).toEqual([]);
    expect(featuresOf(bytes, 'areas').map((one) => one.loadGeometry().map((ring) => ring.map(({ x, y }) => [x, y])))).toEqual([
      [[[10, 0], [10, 10], [0, 10], [0, 0], [10, 0]]],
    ]);
  });
});

describe('a tile', () => {
  test('names its cells as strings, with what is known of them', () => {
    const cell = cellAt(HERE, 11);
    const tile = tileAt(HERE, 14);
    const [feature] = featuresOf(makeTile(tile, { cells: [cellOf(cell)], frames: [] }), 'cells');
    expect(feature!.properties).toEqual({ h3: cellHex(cell), resolution: 11, frames: 3, contributors: 2, last: 20_585, quality: 88 });
    expect(feature!.id).toBeUndefined();
    const ring = (feature!.toGeoJSON(tile.x, tile.y, tile.z).geometry as GeoJSON.Polygon).coordinates[0]!;
    expect(ring).toHaveLength(7);
    const { latDeg, lonDeg } = cellCentre(cell);
    expect(ring.reduce((sum, [lon]) => sum + lon!, 0) / 7).toBeCloseTo(lonDeg, 3);
    expect(ring.reduce((sum, [, lat]) => sum + lat!, 0) / 7).toBeCloseTo(latDeg, 3);
  });

  test('draws a drive between neighbours, never over a gap, and thins what cannot be seen', () => {
    const places = Array.from({ length: 9 }, (_, n) => moved(HERE, 15 * n, 90));
    const frames = [...[0, 1, 2, 3, 5, 6, 7, 8].map((n) => frameAt(n, places[n]!)), frameAt(20, HERE, { sequence: 1 })];
    const tile = tileAt(HERE, 16);
    const bytes = makeTile(tile, { cells: [], frames });
    expect(mvtProblems(bytes)).toEqual([]);
    const [drive, ...others] = featuresOf(bytes, 'drives');
    expect(others).toEqual([]);
    expect(drive!.properties).toMatchObject({ drive: sha256Of(uuidOf('drive')).slice(0, 12), last: 20_585, demo: false });
    expect(drive!.loadGeometry().map((line) => line.length)).toEqual([4, 4]);
    const coarse = makeTile(tileAt(HERE, 12), { cells: [], frames: Array.from({ length: 90 }, (_, n) => frameAt(n, moved(HERE, n, 90))) });
    const [line] = featuresOf(coarse, 'drives')[0]!.loadGeometry();
    expect(line!.length).toBeLessThan(15);
  });

  test('shows single frames from zoom 16, unknown things absent', () => {
    const frames = [frameAt(0, HERE), frameAt(1, moved(HERE, 20, 0), { headingDeg: null, quality: 0.5 })];
    expect(featuresOf(makeTile(tileAt(HERE, 15), { cells: [], frames }), 'frames')).toEqual([]);
    const found = featuresOf(makeTile(tileAt(HERE, 16), { cells: [], frames }), 'frames').map(({ properties }) => properties);
    expect(found).toContainEqual({ id: sha256Of('frame 0'), heading: 0, last: 20_585, tier: 'B' });
    expect(found).toContainEqual({ id: sha256Of('frame 1'), quality: 50, last: 20_585, tier: 'B' });
  });

  test('does not depend on the order of its rows', () => {
    const cells = cellsAround(cellAt(HERE, 12), 6).map(cellOf);
    const frames = Array.from({ length: 40 }, (_, n) => frameAt(n, moved(HERE, 9 * n, 70), { sequence: n % 3, driveId: uuidOf(`d${n % 2}`) }));
    const content = fc.tuple(fc.shuffledSubarray(cells, { minLength: cells.length }), fc.shuffledSubarray(frames, { minLength: 40 }));
    const bytes = makeTile(tileAt(HERE, 17), { cells, frames });
    fc.assert(fc.property(content, ([cells, frames]) => {
      expect(Buffer.from(makeTile(tileAt(HERE, 17), { cells, frames })).equals(bytes)).toBe(true);
    }), { numRuns: 20 });
  });

  test('anywhere is valid and stays within its buffer', () => {
    const anywhere = fc.record({ latDeg: fc.double({ min: -85, max: 85, noNaN: true }), lonDeg: fc.double({ min: -180, max: 180, noNaN: true }) });
    fc.assert(fc.property(anywhere, fc.integer({ min: 0, max: 18 }), (place, z) => {
      const tile = tileAt(place, z);
      const frames = Array.from({ length: 30 }, (_, n) => frameAt(n, moved(place, 11 * n, 60)));
      const bytes = makeTile(tile, { cells: cellsAround(cellAt(place, resolutionAt(z)), 4).map(cellOf), frames });
      expect(mvtProblems(bytes)).toEqual([]);
      const points = ['cells', 'drives', 'frames'].flatMap((layer) => featuresOf(bytes, layer).flatMap((one) => one.loadGeometry().flat()));
      expect(points.length).toBeGreaterThan(0);
      expect(points.every(({ x, y }) => x >= -64 && x <= 4160 && y >= -64 && y <= 4160)).toBe(true);
    }), { numRuns: 150 });
  });
});

/** Area of all rings of a tile, within it and without its buffer, over that of the tile. */
function shareCovered(bytes: Uint8Array): number {
  const area = featuresOf(bytes, 'cells').flatMap((one) => one.loadGeometry()).reduce((sum, ring) => {
    const inner = clipped(ring.map(({ x, y }) => [x, y] as const));
    return sum + inner.reduce((ringSum, [x, y], n) => ringSum + x * inner[(n + 1) % inner.length]![1] - inner[(n + 1) % inner.length]![0] * y, 0) / 2;
  }, 0);
  return area / 4096 ** 2;
}

function clipped(ring: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  let kept = ring;
  for (const [axis, edge, sign] of [[0, 0, 1], [0, 4096, -1], [1, 0, 1], [1, 4096, -1]] as const) {
    kept = kept.flatMap((here, n) => {
      const before = kept[(n + kept.length - 1) % kept.length]!;
      const [a, b] = [(before[axis] - edge) * sign, (here[axis] - edge) * sign];
      const cut = [before[0] + ((here[0] - before[0]) * a) / (a - b), before[1] + ((here[1] - before[1]) * a) / (a - b)] as const;
      return [...(a >= 0 !== b >= 0 ? [cut] : []), ...(b >= 0 ? [here] : [])];
    });
  }
  return kept;
}

describe('the whole world at low zooms', () => {
  test.each([[0, 1], [1, 1], [2, 2]])('zoom %i: cells over the antimeridian and the poles tile every tile exactly once', (z, resolution) => {
    const cells = allCells(resolution).map(cellOf);
    expect(cells).toHaveLength(2 + 120 * 7 ** resolution);
    for (let x = 0; x < 2 ** z; x += 1) {
      for (let y = 0; y < 2 ** z; y += 1) {
        const bytes = makeTile({ z, x, y }, { cells, frames: [] });
        expect(mvtProblems(bytes)).toEqual([]);
        // Each cell once and nothing twice: garbage over half the world would count double. Rounding costs some parts in 10,000.
        expect([x, y, Math.round(shareCovered(bytes) * 1000)]).toEqual([x, y, 1000]);
      }
    }
  });

  test.each([[2, 2], [3, 3]])('zoom %i: a cover names the ancestors of everything that is seen', (z, resolution) => {
    const cells = allCells(resolution);
    const tiles = [[0, 0], [0, 2 ** z - 1], [2 ** z - 1, 0], [2 ** (z - 1), 1], [1, 2 ** (z - 1)], [2 ** z - 1, 2 ** z - 1]] as const;
    for (const [x, y] of tiles) {
      const covered = coverOf({ z, x, y }).map((cell) => descendantRange(cell, resolution));
      const within = cells.filter((cell) => covered.some(([low, high]) => cell >= low && cell <= high));
      const all = makeTile({ z, x, y }, { cells: cells.map(cellOf), frames: [] });
      expect(Buffer.from(makeTile({ z, x, y }, { cells: within.map(cellOf), frames: [] })).equals(all)).toBe(true);
      expect(within.length).toBeLessThan(cells.length);
    }
  });

  test('at any zoom and place, a cover names the ancestors of what is near', () => {
    const anywhere = fc.record({ latDeg: fc.double({ min: -84, max: 84, noNaN: true }), lonDeg: fc.double({ min: -180, max: 180, noNaN: true }) });
    fc.assert(fc.property(anywhere, fc.integer({ min: 5, max: 18 }), fc.integer({ min: 0, max: 11 }), (place, z, turn) => {
      const tile = tileAt(place, z);
      const resolution = resolutionAt(z);
      const cover = new Set(coverOf(tile));
      expect(cover.size).toBeLessThan(400);
      const reach = Math.sqrt(meanCellAreaM2(resolution));
      for (const metres of [0, 1, 2, 4, 8].map((steps) => steps * reach)) {
        const cell = cellAt(moved(place, metres, turn * 30), resolution);
        const seen = makeTile(tile, { cells: [cellOf(cell)], frames: [] }).length > 0;
        expect(!seen || cover.has(parentOf(cell, Math.max(0, resolution - 2)))).toBe(true);
      }
    }), { numRuns: 100 });
  });
});
