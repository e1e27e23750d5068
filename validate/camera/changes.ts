import { GREY_HEIGHT, GREY_WIDTH } from '../../shared/model/drive.ts';

/** The picture is compared in blocks, so that traffic before a standing camera changes some of them and not the rest. */
const BLOCK = { width: 8, height: 6 };
const BLOCKS = { across: GREY_WIDTH / BLOCK.width, down: GREY_HEIGHT / BLOCK.height };
/** A block with less spread, in grey levels, is sky, fog or darkness: nothing could be seen to change. */
const LEAST_SPREAD = 4;
/**
 * Less alike than this, normalised cross-correlation, a block shows something else. Noise of two grey levels on a
 * spread of four leaves 0.8.
 */
const ALIKE = 0.75;
/** Of 48; with fewer that show anything a picture says nothing. */
const LEAST_BLOCKS = 8;

/** Share of what can be seen that is different in the other picture, 0 to 1; NaN where too little can be seen. Brightness and contrast may differ. */
export function changedShare(one: Uint8Array, other: Uint8Array): number {
  let [seen, changed] = [0, 0];
  for (let block = 0; block < BLOCKS.across * BLOCKS.down; block += 1) {
    const from = Math.floor(block / BLOCKS.across) * BLOCK.height * GREY_WIDTH + (block % BLOCKS.across) * BLOCK.width;
    const likeness = blockLikeness(one, other, from);
    if (Number.isNaN(likeness)) continue;
    seen += 1;
    if (likeness < ALIKE) changed += 1;
  }
  return seen < LEAST_BLOCKS ? NaN : changed / seen;
}

/** Normalised cross-correlation of one block; 0 where only one of the two shows anything, NaN where neither does. */
function blockLikeness(one: Uint8Array, other: Uint8Array, from: number): number {
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let y = 0; y < BLOCK.height; y += 1) {
    for (let x = 0; x < BLOCK.width; x += 1) {
      const a = one[from + y * GREY_WIDTH + x]!;
      const b = other[from + y * GREY_WIDTH + x]!;
      sumA += a;
      sumB += b;
      sumAA += a * a;
      sumBB += b * b;
      sumAB += a * b;
    }
  }
  const count = BLOCK.width * BLOCK.height;
  const spread = (sum: number, squares: number): number => Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  const [a, b] = [spread(sumA, sumAA), spread(sumB, sumBB)];
  if (a < LEAST_SPREAD && b < LEAST_SPREAD) return NaN;
  if (a < LEAST_SPREAD || b < LEAST_SPREAD) return 0;
  return (sumAB / count - (sumA / count) * (sumB / count)) / (a * b);
}
