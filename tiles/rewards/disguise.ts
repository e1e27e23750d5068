import { createHash, createHmac } from 'node:crypto';
import type { Cell } from '../../shared/model/cell.ts';
import type { Epoch } from '../../shared/model/epoch.ts';

/** How an epoch's accounts look to others: nobody without the instance's secret can tell that two epochs name the same one. */
export function pseudonymOf(secret: Buffer, epoch: Epoch, accountId: string): Buffer {
  return createHmac('sha256', secret).update(`wayproof-epoch/1 ${epoch} ${accountId}`).digest();
}

/** What a line of an export hides. */
export interface Place {
  readonly h3: Cell;
  readonly octant: number;
  /** Public amounts of one cell would name it: its area is a factor of them, and areas differ. */
  readonly microPoints: bigint;
}

/**
 * SHA-256("wayproof-line/1" ‖ salt (32 bytes) ‖ cell (8, big-endian) ‖ octant (1, signed) ‖ micro-points (8, big-endian)).
 * Whoever has the salt can show the place; without it, 256 random bits, nobody can ever try places out.
 */
export function commitmentOf(salt: Buffer, { h3, octant, microPoints }: Place): Buffer {
  const hidden = Buffer.alloc(17);
  hidden.writeBigUInt64BE(h3, 0);
  hidden.writeInt8(octant, 8);
  hidden.writeBigUInt64BE(microPoints, 9);
  return createHash('sha256').update('wayproof-line/1').update(salt).update(hidden).digest();
}
