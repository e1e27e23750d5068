import { createHash } from 'node:crypto';
import { demoNetwork } from '../../fixtures/demo.ts';
import { makeRandom } from '../../fixtures/random.ts';
import { type Cell, cellAt, cellHex, resolutionOf } from '../../shared/model/cell.ts';
import type { LatLon } from '../../shared/model/geo.ts';
import type { TileCell, TileFrame } from '../../tiles/tile.ts';
import { wanderingRoute } from '../../fixtures/route.ts';

/** A made-up network for looking at the app: the same every day, seen from today. */
export interface MockFrame extends TileFrame {
  readonly contributor: string;
  readonly lastDay: number;
}

export interface MockWorld {
  readonly frames: readonly MockFrame[];
  readonly cells: (resolution: number) => ReadonlyMap<string, TileCell>;
  readonly inCell: (cell: Cell) => readonly MockFrame[];
}

const DAY_MS = 86_400_000;
const CENTRE = { latDeg: 48.2125, lonDeg: 11.606 };

/** Made once: it is the same for every server of a test file, and nobody writes to it. */
const worlds = new Map<number, MockWorld>();

/** Drives on the demo's streets, around Munich, and here and there in Europe. */
export function worldOf(today: number): MockWorld {
  const known = worlds.get(today) ?? makeWorld(today);
  worlds.set(today, known);
  return known;
}

function makeWorld(today: number): MockWorld {
  const frames = [...demoFrames(today), ...regionFrames(today)];
  const levels = new Map<number, Map<string, TileCell>>();
  const cells = (resolution: number): ReadonlyMap<string, TileCell> => {
    const known = levels.get(resolution);
    if (known !== undefined) return known;
    const level = cellsOf(frames, resolution);
    levels.set(resolution, level);
    return level;
  };
  return { frames, cells, inCell: (cell) => frames.filter((frame) => cellAt(frame, resolutionOf(cell)) === cell) };
}

/** The name of a frame: any 64 digits that stay the same. */
export function frameId(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

function demoFrames(today: number): MockFrame[] {
  const network = demoNetwork();
  return [0, 1, 2].flatMap((drive) => {
    const points = wanderingRoute(network, { seed: 40 + drive, lengthM: 1500 });
    return alongRoute(points, 20).map(({ at, headingDeg }, ordinal): MockFrame => ({
      ...at, id: frameId(`demo ${drive} ${ordinal}`), driveId: `demo-${drive}`, demo: true, sequence: 0, ordinal,
      capturedAt: new Date((today - drive * 20) * DAY_MS + 10 * 3_600_000 + ordinal * 1500), headingDeg,
      quality: 0.4 + ((ordinal * 7 + drive * 13) % 60) / 100, tier: 'A', contributor: `c${drive}`, lastDay: today - drive * 20,
    }));
  });
}

function alongRoute(points: readonly LatLon[], everyM: number): { at: LatLon; headingDeg: number }[] {
  const found: { at: LatLon; headingDeg: number }[] = [];
  let since = everyM;
  for (let n = 1; n < points.length; n += 1) {
    const [a, b] = [points[n - 1]!, points[n]!];
    const eastM = (b.lonDeg - a.lonDeg) * 111_320 * Math.cos((a.latDeg * Math.PI) / 180);
    const northM = (b.latDeg - a.latDeg) * 111_320;
    since += Math.hypot(eastM, northM);
    if (since < everyM) continue;
    since = 0;
    found.push({ at: { latDeg: b.latDeg, lonDeg: b.lonDeg }, headingDeg: ((Math.atan2(eastM, northM) * 180) / Math.PI + 360) % 360 });
  }
  return found;
}

// Walks that start at made-up towns; the further a town is from Munich, the older its pictures.
function regionFrames(today: number): MockFrame[] {
  const random = makeRandom(7, 'mock');
  return Array.from({ length: 90 }, (_, walk) => walk).flatMap((walk) => {
    const spread = walk < 45 ? 0.22 : walk < 70 ? 1.6 : 9;
    let at: LatLon = { latDeg: CENTRE.latDeg + spread * (random.uniform(-1, 1)), lonDeg: CENTRE.lonDeg + 1.5 * spread * random.uniform(-1, 1) };
    let headingDeg = random.uniform(0, 360);
    const age = Math.floor(random.uniform(0, 1) ** 2 * 700);
    const quality = random.uniform(0.1, 1);
    return Array.from({ length: 70 }, (_, ordinal): MockFrame => {
      headingDeg = (headingDeg + random.uniform(-25, 25) + 360) % 360;
      const stepDeg = spread < 1 ? 0.0012 : spread < 5 ? 0.008 : 0.03;
      at = { latDeg: at.latDeg + stepDeg * Math.cos((headingDeg * Math.PI) / 180), lonDeg: at.lonDeg + 1.5 * stepDeg * Math.sin((headingDeg * Math.PI) / 180) };
      return {
        ...at, id: frameId(`walk ${walk} ${ordinal}`), driveId: `walk-${walk}`, demo: false, sequence: 0, ordinal,
        capturedAt: new Date((today - age) * DAY_MS), headingDeg, quality: walk % 6 === 0 ? null : quality, tier: 'B', contributor: `w${walk % 17}`, lastDay: today - age,
      };
    });
  });
}

function cellsOf(frames: readonly MockFrame[], resolution: number): Map<string, TileCell> {
  const found = new Map<string, { cell: TileCell; people: Set<string> }>();
  for (const frame of frames) {
    const h3 = cellAt(frame, resolution);
    const before = found.get(cellHex(h3));
    const people = before?.people ?? new Set();
    people.add(frame.contributor);
    const qualities = [before?.cell.quality, frame.quality].filter((quality) => typeof quality === 'number');
    found.set(cellHex(h3), {
      people,
      cell: {
        h3, frames: (before?.cell.frames ?? 0) + 1, contributors: people.size, lastDay: Math.max(before?.cell.lastDay ?? 0, frame.lastDay),
        quality: qualities.length === 0 ? null : Math.max(...qualities),
      },
    });
  }
  return new Map([...found].map(([hex, { cell }]) => [hex, cell]));
}
