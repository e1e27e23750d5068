import { createHash } from 'node:crypto';

/**
 * A mergeable count of distinct things: the K smallest 64-bit hashes of their names, 8 bytes big-endian each,
 * ascending, without doubles. The sketch of a union is the union of the sketches, so no order and no repetition changes it.
 */
export type Sketch = Buffer;

/** Counts up to this are exact; above, the standard error is 1/√(K-2), about 13 %. */
export const EXACT_TO = 64;
const KEPT = EXACT_TO + 1;
const HASH_BYTES = 8;
const HASH_SPAN = 2 ** 64;

export const EMPTY_SKETCH: Sketch = Buffer.alloc(0);

/** The sketch of these names; the same name twice counts once. */
export function sketchOf(names: Iterable<string>): Sketch {
  return smallest([...new Set(names)].map((name) => createHash('sha256').update(name).digest().subarray(0, HASH_BYTES)));
}

/** The sketch of everything that any of these has seen. */
export function mergeSketches(sketches: readonly Sketch[]): Sketch {
  return smallest(sketches.flatMap(hashesOf));
}

/** How many distinct names were seen; estimated as (K-1)/U(K) above EXACT_TO (Beyer et al., SIGMOD 2007, section 3). */
export function countDistinct(sketch: Sketch): { readonly count: number; readonly exact: boolean } {
  const held = sketch.length / HASH_BYTES;
  if (held <= EXACT_TO) return { count: held, exact: true };
  const largest = Number(sketch.readBigUInt64BE((KEPT - 1) * HASH_BYTES)) / HASH_SPAN;
  return { count: Math.round((KEPT - 1) / largest), exact: false };
}

function smallest(hashes: readonly Buffer[]): Sketch {
  const kept: Buffer[] = [];
  for (const hash of hashes.toSorted(Buffer.compare)) {
    if (kept.length === KEPT) break;
    if (kept.at(-1)?.equals(hash) !== true) kept.push(hash);
  }
  return Buffer.concat(kept);
}

function hashesOf(sketch: Sketch): readonly Buffer[] {
  return Array.from({ length: sketch.length / HASH_BYTES }, (_, n) => sketch.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES));
}
