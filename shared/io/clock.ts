import { randomBytes } from 'node:crypto';

/** Where time and chance come in, so that tests can hold both still. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  random(bytes: number): Buffer;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  random: (bytes) => randomBytes(bytes),
};

/** A UUID of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits. */
export function uuid7(clock: Clock): string {
  const bytes = clock.random(16);
  bytes.writeUIntBE(clock.nowMs(), 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
