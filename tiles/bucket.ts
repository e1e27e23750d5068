import { createHash } from 'node:crypto';
import type { Cell } from '../shared/model/cell.ts';
import type { Tier } from '../shared/model/verdict.ts';
import { solarDay } from './day.ts';
import { groupBy } from './group.ts';
import { EMPTY_SKETCH, mergeSketches, type Sketch, sketchOf } from './sketch.ts';

/** An accepted, public frame as a cell sees it. */
export interface CellFrame {
  readonly h3: Cell;
  /** 64 hex digits. */
  readonly id: string;
  readonly accountId: string;
  readonly driveId: string;
  readonly sequence: number | null;
  readonly ordinal: number | null;
  readonly demo: boolean;
  readonly licence: string;
  readonly capturedAt: Date;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly headingDeg: number | null;
  readonly quality: number | null;
  readonly tier: Tier | null;
}

/** What is known of a cell, at any resolution; every member merges, in any order and grouping, to the same. */
export interface CellRow {
  readonly h3: Cell;
  readonly digest: Buffer;
  readonly frames: number;
  readonly contributors: Sketch;
  /** Days since 1970-01-01 by local solar time; null where there are no frames. */
  readonly firstDay: number | null;
  readonly lastDay: number | null;
  readonly lastCapturedAt: Date | null;
  /** Of the best frame, 0 to 1; null where none was measured. */
  readonly quality: number | null;
  /** Frames that look N, NE, E, SE, S, SW, W, NW. */
  readonly headings: readonly number[];
  readonly unheaded: number;
  /** Of the drives these frames are from, sorted. */
  readonly licences: readonly string[];
}

export const OCTANTS = 8;
const OCTANT_DEG = 360 / OCTANTS;
const DIGEST_BYTES = 16;

/** Which of the eight directions is nearest, 0 = N clockwise to 7 = NW. */
export function octantOf(headingDeg: number): number {
  return Math.round(headingDeg / OCTANT_DEG) % OCTANTS;
}

/** The row of each of `cells` from its frames; a cell without frames has a row that says so. */
export function bucket(cells: readonly Cell[], frames: readonly CellFrame[]): readonly CellRow[] {
  const byCell = groupBy(frames, ({ h3 }) => h3);
  return cells.map((h3) => rowOf(h3, byCell.get(h3) ?? []));
}

/** The row of a coarser cell from the rows of the cells directly below it, and nothing else. */
export function merge(h3: Cell, children: readonly CellRow[]): CellRow {
  const full = children.filter(({ frames }) => frames > 0).toSorted((a, b) => (a.h3 < b.h3 ? -1 : 1));
  return {
    h3,
    digest: digestOf(full.map((child) => `${child.h3}:${child.digest.toString('hex')}`)),
    frames: sum(full.map(({ frames }) => frames)),
    contributors: mergeSketches(full.map(({ contributors }) => contributors)),
    firstDay: least(full.map(({ firstDay }) => firstDay)),
    lastDay: most(full.map(({ lastDay }) => lastDay)),
    lastCapturedAt: latest(full.map(({ lastCapturedAt }) => lastCapturedAt)),
    quality: most(full.map(({ quality }) => quality)),
    headings: Array.from({ length: OCTANTS }, (_, octant) => sum(full.map(({ headings }) => headings[octant]!))),
    unheaded: sum(full.map(({ unheaded }) => unheaded)),
    licences: sorted(full.flatMap(({ licences }) => licences)),
  };
}

function rowOf(h3: Cell, frames: readonly CellFrame[]): CellRow {
  const days = frames.map(({ capturedAt, lonDeg }) => solarDay(capturedAt, lonDeg));
  const headed = frames.flatMap(({ headingDeg }) => (headingDeg === null ? [] : [octantOf(headingDeg)]));
  return {
    h3,
    digest: digestOf(frames.map(shownOf).toSorted()),
    frames: frames.length,
    contributors: frames.length === 0 ? EMPTY_SKETCH : sketchOf(frames.map(({ accountId }) => accountId)),
    firstDay: least(days),
    lastDay: most(days),
    lastCapturedAt: latest(frames.map(({ capturedAt }) => capturedAt)),
    quality: most(frames.map(({ quality }) => quality)),
    headings: Array.from({ length: OCTANTS }, (_, octant) => headed.filter((one) => one === octant).length),
    unheaded: frames.length - headed.length,
    licences: sorted(frames.map(({ licence }) => licence)),
  };
}

/** All of a frame that a tile can show, and no more: an exact second would make the digest a way to find it. */
function shownOf(frame: CellFrame): string {
  const { id, driveId, sequence, ordinal, demo, latDeg, lonDeg, headingDeg, quality, tier } = frame;
  const day = solarDay(frame.capturedAt, lonDeg);
  return JSON.stringify([id, driveId, sequence, ordinal, demo, latDeg, lonDeg, headingDeg, quality, tier, day]);
}

/** Of nothing: no bytes. */
function digestOf(parts: readonly string[]): Buffer {
  if (parts.length === 0) return Buffer.alloc(0);
  return createHash('sha256').update(parts.join('\n')).digest().subarray(0, DIGEST_BYTES);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((sofar, count) => sofar + count, 0);
}

function least(values: readonly (number | null)[]): number | null {
  return values.reduce((sofar, value) => (sofar === null || (value !== null && value < sofar) ? value : sofar), null);
}

function most(values: readonly (number | null)[]): number | null {
  return values.reduce((sofar, value) => (sofar === null || (value !== null && value > sofar) ? value : sofar), null);
}

function latest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((sofar, date) => (sofar === null || (date !== null && date > sofar) ? date : sofar), null);
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
