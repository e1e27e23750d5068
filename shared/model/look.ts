import type { Brand } from './brand.ts';
import { fieldsOf } from './grey-area.ts';

/** 64 bits that nearly equal pictures share nearly all of, as a signed integer so that it fits a BIGINT. */
export type Look = Brand<bigint, 'Look'>;

const COLUMNS = 9;
const ROWS = 8;
export const LOOK_BITS = 64;
/** Grey levels: fields of one brightness differ by less, and rounding must not give a black night a look of its own. */
const ROUNDING = 1e-6;
/** Of pictures without content (a black night, a wall) nearly all fields compare alike: they look like one another. */
const FEWEST_SET = 12;

/** The difference hash (Krawetz, "Kind of Like That", 2013): whether each of 9 × 8 fields is darker than its right neighbour. */
export function lookOf(grey: Uint8Array): Look {
  const fields = fieldsOf(grey, COLUMNS, ROWS);
  let bits = 0n;
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column + 1 < COLUMNS; column += 1) {
      const at = row * COLUMNS + column;
      bits = (bits << 1n) | (fields[at + 1]! - fields[at]! > ROUNDING ? 1n : 0n);
    }
  }
  return BigInt.asIntN(LOOK_BITS, bits) as Look;
}

/** How many of the 64 bits differ. */
export function lookDistance(a: Look, b: Look): number {
  const differing = BigInt.asUintN(LOOK_BITS, a ^ b);
  return bitsIn(Number(differing >> 32n)) + bitsIn(Number(differing & 0xffff_ffffn));
}

/** Whether the picture has content enough to be known again by its look alone. */
export function isTelling(look: Look): boolean {
  const set = lookDistance(look, 0n as Look);
  return set >= FEWEST_SET && set <= LOOK_BITS - FEWEST_SET;
}

/** Set bits of a 32-bit number (Warren, Hacker's Delight, figure 5-2). */
function bitsIn(value: number): number {
  let v = value - ((value >>> 1) & 0x5555_5555);
  v = (v & 0x3333_3333) + ((v >>> 2) & 0x3333_3333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
