import { createHash } from 'node:crypto';

/**
 * The tree of RFC 6962, section 2.1 (Certificate Transparency), with SHA-256: leaf = H(0x00 ‖ data), node =
 * H(0x01 ‖ left ‖ right), the left part of n leaves being the largest power of two below n; no leaves: H().
 * A leaf's data is a pseudonym (32 bytes) and the units that it gets in this epoch (8 bytes, big-endian).
 *
 * The amount is this epoch's and not a lifetime's: growing totals would join the pseudonyms of one account.
 */
export interface Leaf {
  readonly pseudonym: Buffer;
  readonly amount: bigint;
}

export function leafHash({ pseudonym, amount }: Leaf): Buffer {
  const units = Buffer.alloc(8);
  units.writeBigUInt64BE(amount);
  return sha256(Buffer.of(0), pseudonym, units);
}

/** Leaves in ascending order of their pseudonym, each once. */
export function inLeafOrder(leaves: readonly Leaf[]): readonly Leaf[] {
  return leaves.toSorted((a, b) => Buffer.compare(a.pseudonym, b.pseudonym));
}

export function merkleRoot(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return sha256();
  if (hashes.length === 1) return hashes[0]!;
  const left = leftPart(hashes.length);
  return sha256(Buffer.of(1), merkleRoot(hashes.slice(0, left)), merkleRoot(hashes.slice(left)));
}

/** What must be hashed with the leaf at `index`, from the bottom up, to come to the root (RFC 6962, section 2.1.1). */
export function auditPath(hashes: readonly Buffer[], index: number): readonly Buffer[] {
  if (hashes.length <= 1) return [];
  const left = leftPart(hashes.length);
  return index < left
    ? [...auditPath(hashes.slice(0, left), index), merkleRoot(hashes.slice(left))]
    : [...auditPath(hashes.slice(left), index - left), merkleRoot(hashes.slice(0, left))];
}

/** The root that the path leads to from a leaf at `index` of `count`. */
export function rootFrom(leaf: Buffer, place: { readonly index: number; readonly count: number }, path: readonly Buffer[]): Buffer {
  const beside = path.at(-1);
  if (place.count <= 1 || beside === undefined) return leaf;
  const left = leftPart(place.count);
  const rest = path.slice(0, -1);
  return place.index < left
    ? sha256(Buffer.of(1), rootFrom(leaf, { index: place.index, count: left }, rest), beside)
    : sha256(Buffer.of(1), beside, rootFrom(leaf, { index: place.index - left, count: place.count - left }, rest));
}

function leftPart(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
