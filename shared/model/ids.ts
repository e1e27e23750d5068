import type { Brand } from './brand.ts';

/** UUIDv7 of a person or organisation. */
export type AccountId = Brand<string, 'AccountId'>;
/** UUIDv7 of one uploaded drive. */
export type DriveId = Brand<string, 'DriveId'>;
/** UUIDv7 of a stretch that people decide on. */
export type CaseId = Brand<string, 'CaseId'>;
/** 64 lower-case hex digits. */
export type Sha256 = Brand<string, 'Sha256'>;
/** A frame is named by the SHA-256 of the bytes its contributor sent. */
export type FrameId = Sha256;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEX_256 = /^[0-9a-f]{64}$/;

export function parseDriveId(text: string): DriveId | null {
  return UUID.test(text) ? (text as DriveId) : null;
}

export function parseAccountId(text: string): AccountId | null {
  return UUID.test(text) ? (text as AccountId) : null;
}

export function parseCaseId(text: string): CaseId | null {
  return UUID.test(text) ? (text as CaseId) : null;
}

export function parseSha256(text: string): Sha256 | null {
  return HEX_256.test(text) ? (text as Sha256) : null;
}
