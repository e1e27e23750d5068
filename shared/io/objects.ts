import type { Sha256 } from '../model/ids.ts';

/**
 * Which rooms of the store there are. Originals are what contributors sent: no public route reads them.
 * `derived` holds pictures made from them, `documents` assembled drives, `public` sealed map archives.
 */
export const OBJECT_PREFIXES = ['original', 'derived', 'documents', 'public'] as const;
export type ObjectPrefix = (typeof OBJECT_PREFIXES)[number];

/** A content address: the bytes under it have this SHA-256. */
export interface ObjectKey {
  readonly prefix: ObjectPrefix;
  readonly sha256: Sha256;
}

export interface ObjectHead {
  readonly size: number;
}

export interface ByteRange {
  /** First byte, from 0. */
  readonly from: number;
  /** Last byte, included. */
  readonly to: number;
}

/** A content-addressed store; one contract suite (`tests/contracts/objects.ts`) holds for every kind. */
export interface Objects {
  /** Stores the bytes unless they are there; true where they were new. Throws HashMismatch where they are not the key's. */
  putIfAbsent(key: ObjectKey, bytes: Uint8Array | AsyncIterable<Uint8Array>): Promise<boolean>;
  /** All bytes or a range of them, or null where there is no such object. RangeError where the range is not inside it. */
  get(key: ObjectKey, range?: ByteRange): Promise<Buffer | null>;
  head(key: ObjectKey): Promise<ObjectHead | null>;
  /** Every object under the prefix, in order of its hash. */
  list(prefix: ObjectPrefix): AsyncIterable<ObjectKey & ObjectHead>;
  /** Removes it; no error where it is gone already. */
  delete(key: ObjectKey): Promise<void>;
  /** An address from which the object can be read without a token until it expires. */
  signedUrl(key: ObjectKey, expiresInS: number): Promise<string>;
  close(): Promise<void>;
}

/** The bytes given are not those that the key names. */
export class HashMismatch extends Error {
  readonly expected: Sha256;
  readonly actual: Sha256;

  constructor(expected: Sha256, actual: Sha256) {
    super(`the bytes have SHA-256 ${actual}, not ${expected}`);
    this.name = 'HashMismatch';
    this.expected = expected;
    this.actual = actual;
  }
}

/** The store does not answer: waiting is the right thing to do. */
export class ObjectStoreAway extends Error {
  override readonly name = 'ObjectStoreAway';
}

/** Where an object lies below the root of a store: two levels of two hex digits keep folders small. */
export function objectPath({ prefix, sha256 }: ObjectKey): string {
  return `${prefix}/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
}
