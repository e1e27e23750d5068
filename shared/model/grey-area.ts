import { GREY_HEIGHT, GREY_WIDTH } from './drive.ts';

/** A part of a picture in shares of its width and height, from the upper left corner. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const WHOLE: Crop = { left: 0, top: 0, right: 1, bottom: 1 };

/** The mean grey of each of `columns` × `rows` equal fields of the crop, row by row; fields may cut through pixels. */
export function fieldsOf(grey: Uint8Array, columns: number, rows: number, crop: Crop = WHOLE): Float64Array {
  const across = spans(crop.left * GREY_WIDTH, crop.right * GREY_WIDTH, columns, GREY_WIDTH);
  const down = spans(crop.top * GREY_HEIGHT, crop.bottom * GREY_HEIGHT, rows, GREY_HEIGHT);
  // First along the rows, then down the columns: a field's mean is the mean of means.
  const narrow = new Float64Array(GREY_HEIGHT * columns);
  for (let y = 0; y < GREY_HEIGHT; y += 1) {
    for (const [column, { first, weights }] of across.entries()) {
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1) sum += weights[k]! * grey[y * GREY_WIDTH + first + k]!;
      narrow[y * columns + column] = sum;
    }
  }
  const fields = new Float64Array(columns * rows);
  for (const [row, { first, weights }] of down.entries()) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1) sum += weights[k]! * narrow[(first + k) * columns + column]!;
      fields[row * columns + column] = sum;
    }
  }
  return fields;
}

/** The pixels under a field with each one's share of it. */
interface FieldSpan {
  readonly first: number;
  readonly weights: readonly number[];
}

function spans(from: number, to: number, count: number, pixels: number): readonly FieldSpan[] {
  const size = (to - from) / count;
  return Array.from({ length: count }, (_, n) => {
    const [start, end] = [from + n * size, from + (n + 1) * size];
    const first = Math.min(pixels - 1, Math.floor(start));
    const last = Math.min(pixels, Math.max(first + 1, Math.ceil(end - 1e-9)));
    const shares = Array.from({ length: last - first }, (_, k) => Math.max(0, Math.min(end, first + k + 1) - Math.max(start, first + k)));
    const sum = shares.reduce((a, b) => a + b, 0);
    return { first, weights: shares.map((share) => share / sum) };
  });
}
