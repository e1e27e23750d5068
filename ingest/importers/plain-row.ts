const [MINUS, POINT, COMMA, ZERO, NINE] = [0x2d, 0x2e, 0x2c, 0x30, 0x39] as const;
/** Up to here whole numbers and powers of ten are exact, and so is the one division: the value is what `Number` reads. */
const MOST_MANTISSA = 2 ** 53;
const POWERS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));

/** A line of a text, without its end. */
export interface Line {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Reads a line of plain decimal numbers without making a string of any cell: days of a motion sensor are millions of
 * lines. `slots[n]` says where the n-th cell goes, -1 nowhere; an empty or absent cell is NaN. False where a wanted cell
 * is anything but digits with a sign and a point (`into` is spoilt then): a slower reader decides what it means.
 */
export function readPlainRow({ text, from, to }: Line, slots: Int32Array, into: Float64Array): boolean {
  into.fill(NaN);
  let cell = 0;
  for (let at = from; at <= to; cell += 1) {
    if (cell >= slots.length) return true;
    const slot = slots[cell]!;
    if (slot === -1) {
      while (at < to && text.charCodeAt(at) !== COMMA) at += 1;
      at += 1;
      continue;
    }
    const begin = at;
    const isNegative = at < to && text.charCodeAt(at) === MINUS;
    if (isNegative) at += 1;
    let mantissa = 0;
    let digits = 0;
    let decimals = 0;
    let point = 0;
    for (; at < to; at += 1) {
      const letter = text.charCodeAt(at);
      if (letter >= ZERO && letter <= NINE) {
        mantissa = mantissa * 10 + (letter - ZERO);
        digits += 1;
        decimals += point;
      } else if (letter === POINT && point === 0) point = 1;
      else break;
    }
    if (at < to && text.charCodeAt(at) !== COMMA) return false;
    if (at > begin) {
      if (digits === 0 || mantissa > MOST_MANTISSA || decimals >= POWERS.length) return false;
      const value = mantissa / POWERS[decimals]!;
      into[slot] = isNegative ? -value : value;
    }
    at += 1;
  }
  return true;
}
