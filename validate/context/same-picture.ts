import { type Crop, fieldsOf, WHOLE } from '../../shared/model/grey-area.ts';

/** Coarse fields to find the crop by, fine ones to tell a copy from another picture of the same street. */
const COARSE = [24, 13] as const;
const FINE = [48, 27] as const;
/** How much of a side may have been cut off. */
const CUTS = [0, 0.02, 0.04, 0.06, 0.08, 0.1];
const PARTS = [0, 0.5, 1];
const STEP = 0.01;

/**
 * How far a picture shares its details with another one, at the best of that one's crops: the correlation of the
 * Laplacians of their grey fields, in [-1, 1]. Light and contrast cancel out, so does what all street scenes share
 * (sky above road); what remains is where each edge lies. Crops are not sought where the whole pictures share `enough`.
 */
export function sameness(copy: Uint8Array, original: Uint8Array, enough = 1): number {
  const fine = details(copy, FINE, WHOLE);
  const whole = correlation(fine, details(original, FINE, WHOLE));
  if (whole >= enough) return whole;
  const coarse = details(copy, COARSE, WHOLE);
  let crop = WHOLE;
  // Across and down one after the other, twice since either shifts the other: 68 crops instead of 256.
  for (let round = 0; round < 2; round += 1) {
    for (const [low, high] of SIDES) crop = best(coarse, original, COARSE, cuts().map(([from, to]): Crop => ({ ...crop, [low]: from, [high]: to })));
  }
  for (const side of ['left', 'right', 'top', 'bottom'] as const) {
    crop = best(fine, original, FINE, [0, -STEP, STEP].map((step): Crop => ({ ...crop, [side]: Math.max(0, Math.min(1, crop[side] + step)) })));
  }
  return Math.max(whole, correlation(fine, details(original, FINE, crop)));
}

const SIDES = [['left', 'right'], ['top', 'bottom']] as const;

function cuts(): readonly (readonly [number, number])[] {
  return CUTS.flatMap((cut) => (cut === 0 ? [[0, 1] as const] : PARTS.map((part) => [cut * part, 1 - cut * (1 - part)] as const)));
}

type Fields = readonly [columns: number, rows: number];

function best(wanted: Float64Array, picture: Uint8Array, fields: Fields, crops: readonly Crop[]): Crop {
  const values = crops.map((crop) => correlation(wanted, details(picture, fields, crop)));
  return crops[values.reduce((most, value, n) => (value > values[most]! ? n : most), 0)]!;
}

function details(grey: Uint8Array, [columns, rows]: Fields, crop: Crop): Float64Array {
  const fields = fieldsOf(grey, columns, rows, crop);
  const inner = new Float64Array((columns - 2) * (rows - 2));
  let n = 0;
  for (let y = 1; y < rows - 1; y += 1) {
    for (let x = 1; x < columns - 1; x += 1) {
      const at = y * columns + x;
      inner[n] = 4 * fields[at]! - fields[at - 1]! - fields[at + 1]! - fields[at - columns]! - fields[at + columns]!;
      n += 1;
    }
  }
  return inner;
}

/** Pearson's; 0 where either has no detail at all. */
function correlation(a: Float64Array, b: Float64Array): number {
  let [sumA, sumB] = [0, 0];
  for (let n = 0; n < a.length; n += 1) {
    sumA += a[n]!;
    sumB += b[n]!;
  }
  const [meanA, meanB] = [sumA / a.length, sumB / b.length];
  let [ab, aa, bb] = [0, 0, 0];
  for (let n = 0; n < a.length; n += 1) {
    const [x, y] = [a[n]! - meanA, b[n]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}
