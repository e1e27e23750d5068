import { parseDictionary } from 'structured-headers';
import type { Sha256 } from '../shared/model/ids.ts';

/**
 * The SHA-256 in a Content-Digest header (RFC 9530: a dictionary of byte sequences), or null where the header has none
 * that can be read.
 */
export function contentSha256(header: string | undefined): Sha256 | null {
  if (header === undefined) return null;
  try {
    const value = parseDictionary(header).get('sha-256')?.[0];
    if (!(value instanceof ArrayBuffer) || value.byteLength !== 32) return null;
    return Buffer.from(value).toString('hex') as Sha256;
  } catch {
    return null;
  }
}
