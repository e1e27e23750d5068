import { GREY_HEIGHT, GREY_WIDTH } from '../../shared/model/drive.ts';

/** How the second picture follows from the first: found by search, no calibration needed. */
export interface Alignment {
  /** How far the camera turned, as a share of the picture's width: the field of view is unknown. Clockwise is positive. */
  readonly turn: number;
  /** How much better the pictures fit a camera that went ahead than one that went back, in correlation: in [-2, 2]. */
  readonly ahead: number;
  /** Normalised cross-correlation of what both show under the best motion, in [-1, 1]: the same place or another. */
  readonly likeness: number;
  /** Standard deviation of the flatter picture, in grey levels: at night noise is more of it than the street. */
  readonly contrast: number;
}

interface Level {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Metres gone for metres to the side at which a street's walls stand, times the half angle's tangent. A street is walls
 * to both sides and ground below, so a point's nearness grows with its distance from the middle: what is far stays, and
 * the edges of the picture fly apart.
 */
const ADVANCES = [0.07, 0.14, 0.28, 0.46, 0.7, 1.05];
/** The ground is nearer than the walls by so much, */
const GROUND = 1.5;
/** and what stands at the end of the street is as near as walls at this share of the half width. */
const FARTHEST = 0.3;
/** Turns that are tried, in pixels of the coarse picture: 0.56 of the width to either side. */
const COARSE_SHIFTS = 18;
/** Both pictures must share so much of their columns. */
const LEAST_OVERLAP = 0.42;
/** Surroundings that a pixel is held against, in pixels to either side. */
const REACH = 7;
/** Grey levels against the surroundings at which an edge counts half: strong ones must not outvote the rest. */
const EDGE = 20;
/** Finer steps about the best of them, as factors. */
const FINER = [0.7, 1, 1.35];
/** A nod, in pixels of the fine picture. */
const LIFTS = [-2, -1, 0, 1, 2];

/** Ahead, back, and standing, each under the best turn; a nod of two pixels is allowed for. */
export function align(first: Uint8Array, second: Uint8Array): Alignment {
  const fine = [levelOf(first), levelOf(second)] as const;
  const coarse = [halved(fine[0]), halved(fine[1])] as const;
  const ahead = bestWay(coarse, fine);
  const back = bestWay([coarse[1], coarse[0]], [fine[1], fine[0]]);
  const best = ahead.likeness >= back.likeness ? { likeness: ahead.likeness, shift: ahead.shift } : { likeness: back.likeness, shift: -back.shift };
  return { turn: -best.shift / GREY_WIDTH, ahead: ahead.likeness - back.likeness, likeness: best.likeness, contrast: Math.min(contrastOf(first), contrastOf(second)) };
}

/** Standard deviation of the grey levels. */
export function contrastOf(grey: Uint8Array): number {
  let [sum, squares] = [0, 0];
  for (const value of grey) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / grey.length - (sum / grey.length) ** 2));
}

interface Way {
  readonly shift: number;
  readonly likeness: number;
}

/** The best turn and advance from one picture to the other: searched coarsely, then refined. */
function bestWay([from, to]: readonly [Level, Level], [fineFrom, fineTo]: readonly [Level, Level]): Way {
  let [best, shiftAt, advanceAt] = [-Infinity, 0, 0];
  for (const advance of ADVANCES) {
    const table = tableOf(from, advance);
    for (let shift = -COARSE_SHIFTS; shift <= COARSE_SHIFTS; shift += 1) {
      const value = likeness(from, to, { table, shift, lift: 0 });
      if (value > best) [best, shiftAt, advanceAt] = [value, shift, advance];
    }
  }
  let refined: Way = { shift: 2 * shiftAt, likeness: -Infinity };
  for (const finer of FINER) {
    const table = tableOf(fineFrom, advanceAt * finer);
    for (const lift of LIFTS) {
      for (const shift of [2 * shiftAt - 1, 2 * shiftAt, 2 * shiftAt + 1]) {
        const value = likeness(fineFrom, fineTo, { table, shift, lift });
        if (value > refined.likeness) refined = { shift, likeness: value };
      }
    }
  }
  return refined;
}

interface Motion {
  /** For each pixel of the later picture, had the camera not turned, where it was in the earlier one. */
  readonly table: Int32Array;
  readonly shift: number;
  readonly lift: number;
}

function likeness(from: Level, to: Level, { table, shift, lift }: Motion): number {
  const { width, height } = from;
  const [left, right] = [Math.max(0, shift), Math.min(width, width + shift)];
  if (right - left < LEAST_OVERLAP * width) return -1;
  let [count, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let y = Math.max(0, lift); y < Math.min(height, height + lift); y += 1) {
    for (let x = left; x < right; x += 1) {
      const a = from.values[table[(y - lift) * width + x - shift]!]!;
      const b = to.values[y * width + x]!;
      count += 1;
      sumA += a;
      sumB += b;
      sumAA += a * a;
      sumBB += b * b;
      sumAB += a * b;
    }
  }
  const [varA, varB] = [sumAA - (sumA * sumA) / count, sumBB - (sumB * sumB) / count];
  return varA <= 0 || varB <= 0 ? 0 : (sumAB - (sumA * sumB) / count) / Math.sqrt(varA * varB);
}

const TABLES = new Map<string, Int32Array>();

function tableOf({ width, height }: Level, advance: number): Int32Array {
  const name = `${width} ${advance}`;
  const known = TABLES.get(name);
  if (known !== undefined) return known;
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const table = new Int32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [across, down] = [(x - middleX) / middleX, (y - middleY) / middleX];
      const shrunk = 1 / (1 + advance * Math.max(FARTHEST, Math.abs(across), GROUND * Math.max(0, down)));
      table[y * width + x] = Math.round(middleY + (y - middleY) * shrunk) * width + Math.round(middleX + (x - middleX) * shrunk);
    }
  }
  TABLES.set(name, table);
  return table;
}

/** Without its own brightness: each pixel against the mean of its surroundings, strong edges held down. */
function levelOf(grey: Uint8Array): Level {
  const [width, height] = [GREY_WIDTH, GREY_HEIGHT];
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) sums[(y + 1) * (width + 1) + x + 1] = grey[y * width + x]! + sums[y * (width + 1) + x + 1]! + sums[(y + 1) * (width + 1) + x]! - sums[y * (width + 1) + x]!;
  }
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - REACH), Math.min(height, y + REACH + 1)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - REACH), Math.min(width, x + REACH + 1)];
      const around = sums[bottom * (width + 1) + right]! - sums[top * (width + 1) + right]! - sums[bottom * (width + 1) + left]! + sums[top * (width + 1) + left]!;
      const edge = grey[y * width + x]! - around / ((bottom - top) * (right - left));
      values[y * width + x] = edge / (Math.abs(edge) + EDGE);
    }
  }
  return { values, width, height };
}

function halved({ values, width, height }: Level): Level {
  const half = new Float32Array((width * height) / 4);
  for (let y = 0; y < height / 2; y += 1) {
    for (let x = 0; x < width / 2; x += 1) {
      const at = 2 * y * width + 2 * x;
      half[(y * width) / 2 + x] = (values[at]! + values[at + 1]! + values[at + width]! + values[at + width + 1]!) / 4;
    }
  }
  return { values: half, width: width / 2, height: height / 2 };
}
