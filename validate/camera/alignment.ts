import { GREY_HEIGHT, GREY_WIDTH } from '../../shared/model/drive.ts';

/** How the second picture lies on the first: found by search, no calibration needed. */
export interface Alignment {
  /** The scene's shift as a share of the picture's width; positive where the camera turned clockwise. */
  readonly turn: number;
  /** Log of the zoom about the middle: positive where the camera went ahead. */
  readonly zoom: number;
  /** Normalised cross-correlation of what both show, in [-1, 1]. */
  readonly likeness: number;
}

/** Half and full size of the grey levels; a coarse search first, since turns may leave half of the view. */
const COARSE = { width: GREY_WIDTH / 2, height: GREY_HEIGHT / 2 };
const FINE = { width: GREY_WIDTH, height: GREY_HEIGHT };
/** Pixels of the coarse picture and steps of log zoom that are tried. */
const SHIFTS = 18;
const ZOOMS = [-0.48, -0.36, -0.24, -0.12, 0, 0.12, 0.24, 0.36, 0.48];
/** Both pictures must share this much of their pixels. */
const LEAST_OVERLAP = 0.4;
const CANDIDATES = 3;

interface Size {
  readonly width: number;
  readonly height: number;
}
interface Level extends Size {
  readonly values: Float64Array;
}

/** The best similarity transform of one picture onto the next: shift, zoom about the horizon, and a nod of a pixel or two. */
export function align(first: Uint8Array, second: Uint8Array): Alignment {
  const fine = [levelOf(first, FINE), levelOf(second, FINE)] as const;
  const coarse = [halved(fine[0]), halved(fine[1])] as const;
  const found = ZOOMS.flatMap((zoom) => Array.from({ length: 2 * SHIFTS + 1 }, (_, n) => ({ zoom, shift: n - SHIFTS, lift: 0 })))
    .map((way) => ({ way, likeness: likeness(coarse[0], coarse[1], way) }))
    .toSorted((a, b) => b.likeness - a.likeness);
  let best: { way: Way; likeness: number } | null = null;
  for (const { way } of found.slice(0, CANDIDATES)) {
    for (const lift of [-2, -1, 0, 1, 2]) {
      for (const zoom of [way.zoom - 0.06, way.zoom, way.zoom + 0.06]) {
        for (const shift of [-1, 0, 1]) {
          const finer = { zoom, shift: 2 * way.shift + shift, lift };
          const value = likeness(fine[0], fine[1], finer);
          if (best === null || value > best.likeness) best = { way: finer, likeness: value };
        }
      }
    }
  }
  return { turn: -best!.way.shift / GREY_WIDTH, zoom: best!.way.zoom, likeness: best!.likeness };
}

interface Way {
  readonly zoom: number;
  readonly shift: number;
  readonly lift: number;
}

/** Correlation of the second picture with the first as it would look after the move; nearest pixels will do. */
function likeness(first: Level, second: Level, { zoom, shift, lift }: Way): number {
  const { width, height } = first;
  const scale = Math.exp(-zoom);
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const columns = new Int32Array(width).map((_, x) => Math.round(middleX + (x - middleX - shift) * scale));
  let [count, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    const fromY = Math.round(middleY + (y - middleY - lift) * scale);
    if (fromY < 0 || fromY >= height) continue;
    for (let x = 0; x < width; x += 1) {
      const fromX = columns[x]!;
      if (fromX < 0 || fromX >= width) continue;
      const a = first.values[fromY * width + fromX]!;
      const b = second.values[y * width + x]!;
      count += 1;
      sumA += a;
      sumB += b;
      sumAA += a * a;
      sumBB += b * b;
      sumAB += a * b;
    }
  }
  if (count < LEAST_OVERLAP * width * height) return -1;
  const [varA, varB] = [sumAA - (sumA * sumA) / count, sumBB - (sumB * sumB) / count];
  return varA <= 0 || varB <= 0 ? 0 : (sumAB - (sumA * sumB) / count) / Math.sqrt(varA * varB);
}

/** Without its own brightness: each pixel against the mean of its surroundings. */
function levelOf(grey: Uint8Array, { width, height }: Size): Level {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) sums[(y + 1) * (width + 1) + x + 1] = grey[y * width + x]! + sums[y * (width + 1) + x + 1]! + sums[(y + 1) * (width + 1) + x]! - sums[y * (width + 1) + x]!;
  }
  const reach = 7;
  const values = new Float64Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
      const around = sums[bottom * (width + 1) + right]! - sums[top * (width + 1) + right]! - sums[bottom * (width + 1) + left]! + sums[top * (width + 1) + left]!;
      values[y * width + x] = grey[y * width + x]! - around / ((bottom - top) * (right - left));
    }
  }
  return { values, width, height };
}

function halved({ values, width }: Level): Level {
  const half = new Float64Array(COARSE.width * COARSE.height);
  for (let y = 0; y < COARSE.height; y += 1) {
    for (let x = 0; x < COARSE.width; x += 1) {
      const at = 2 * y * width + 2 * x;
      half[y * COARSE.width + x] = (values[at]! + values[at + 1]! + values[at + width]! + values[at + width + 1]!) / 4;
    }
  }
  return { values: half, ...COARSE };
}
