import { BUFFER, EXTENT } from './mercator.ts';

/** x and y by turns, in tile units. */
export type Path = readonly number[];

const LEAST = -BUFFER;
const MOST = EXTENT + BUFFER;

/** Whether any of it can lie within the tile and its buffer. */
export function touchesTile(path: Path): boolean {
  let west = Infinity;
  let east = -Infinity;
  let north = Infinity;
  let south = -Infinity;
  for (let n = 0; n < path.length; n += 2) {
    west = Math.min(west, path[n]!);
    east = Math.max(east, path[n]!);
    north = Math.min(north, path[n + 1]!);
    south = Math.max(south, path[n + 1]!);
  }
  return east >= LEAST && west <= MOST && south >= LEAST && north <= MOST;
}

/** The part of a ring inside the tile and its buffer (Sutherland-Hodgman: one side of the square after the other). */
export function clipRing(ring: Path): Path {
  if (isInside(ring)) return ring;
  let clipped = ring;
  for (const axis of [0, 1] as const) {
    clipped = clipHalf(clipped, axis, (value) => value - LEAST);
    clipped = clipHalf(clipped, axis, (value) => MOST - value);
  }
  return clipped;
}

function isInside(path: Path): boolean {
  return path.every((value) => value >= LEAST && value <= MOST);
}

/** Keeps what has a depth of 0 or more. */
function clipHalf(ring: Path, axis: 0 | 1, depth: (value: number) => number): Path {
  const kept: number[] = [];
  for (let n = 0; n < ring.length; n += 2) {
    const before = n === 0 ? ring.length - 2 : n - 2;
    const here = depth(ring[n + axis]!);
    const there = depth(ring[before + axis]!);
    if (here >= 0 !== there >= 0) {
      const share = there / (there - here);
      kept.push(between(ring[before]!, ring[n]!, share), between(ring[before + 1]!, ring[n + 1]!, share));
    }
    if (here >= 0) kept.push(ring[n]!, ring[n + 1]!);
  }
  return kept;
}

/** The parts of a line inside the tile and its buffer, each of two or more vertices (Liang-Barsky, segment by segment). */
export function clipLine(line: Path): readonly Path[] {
  const parts: number[][] = [];
  let part: number[] = [];
  for (let n = 2; n < line.length; n += 2) {
    const [x0, y0, x1, y1] = [line[n - 2]!, line[n - 1]!, line[n]!, line[n + 1]!];
    const span = visibleSpan([x0, y0], [x1, y1]);
    if (span === null) continue;
    const [enter, leave] = span;
    if (enter > 0 || part.length === 0) {
      part = [between(x0, x1, enter), between(y0, y1, enter)];
      parts.push(part);
    }
    part.push(between(x0, x1, leave), between(y0, y1, leave));
    if (leave < 1) part = [];
  }
  return parts;
}

/** Where the segment enters and leaves, 0 at its beginning and 1 at its end; null where it misses the square. */
function visibleSpan(from: readonly [number, number], to: readonly [number, number]): readonly [number, number] | null {
  let enter = 0;
  let leave = 1;
  for (const axis of [0, 1] as const) {
    const step = to[axis] - from[axis];
    for (const [run, room] of [[-step, from[axis] - LEAST], [step, MOST - from[axis]]] as const) {
      if (run === 0 && room < 0) return null;
      if (run < 0) enter = Math.max(enter, room / run);
      if (run > 0) leave = Math.min(leave, room / run);
    }
  }
  return enter < leave ? [enter, leave] : null;
}

function between(from: number, to: number, share: number): number {
  return share === 0 ? from : share === 1 ? to : from + (to - from) * share;
}
