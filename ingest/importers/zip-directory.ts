import type { FileHandle } from 'node:fs/promises';
import { ArchiveError, type ArchiveMeter } from './archive.ts';

/** A member as the central directory has it. */
export interface ZipMember {
  readonly name: string;
  readonly isFolder: boolean;
  /** Neither link nor device, as far as the system that packed it says. */
  readonly isPlain: boolean;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerAt: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const MEMBER = 0x02014b50;
const MEMBER_BYTES = 46;
/** A hundred bytes a member are usual. */
const MOST_DIRECTORY_BYTES = 64 * 1024 * 1024;
const MOST_COMMENT_BYTES = 0xffff;
const IN_ZIP64 = 0xffffffff;
const UNIX = 3;

/** Reads the central directory at the end of a zip archive, and where it begins (APPNOTE.TXT 4.3.12-16). Throws {@link ArchiveError}. */
export async function zipDirectory(handle: FileHandle, meter: ArchiveMeter): Promise<{ readonly members: readonly ZipMember[]; readonly directoryAt: number }> {
  const { count, bytes, at, endAt } = await findDirectory(handle);
  if (bytes > MOST_DIRECTORY_BYTES) throw new ArchiveError('its directory is too large');
  if (at + bytes > endAt) throw new ArchiveError('it is damaged: its directory is not where its end says');
  const directory = await readAt(handle, at, bytes);
  const members: ZipMember[] = [];
  for (let from = 0; members.length < count;) {
    meter.entry();
    if (from + MEMBER_BYTES > directory.length || directory.readUInt32LE(from) !== MEMBER) throw new ArchiveError('it is damaged: its directory cannot be read');
    const [nameBytes, extraBytes, commentBytes] = [directory.readUInt16LE(from + 28), directory.readUInt16LE(from + 30), directory.readUInt16LE(from + 32)];
    const end = from + MEMBER_BYTES + nameBytes + extraBytes + commentBytes;
    if (end > directory.length) throw new ArchiveError('it is damaged: its directory cannot be read');
    members.push(memberAt(directory.subarray(from, end), nameBytes, extraBytes));
    from = end;
  }
  return { members, directoryAt: at };
}

function memberAt(record: Buffer, nameBytes: number, extraBytes: number): ZipMember {
  const raw = record.subarray(MEMBER_BYTES, MEMBER_BYTES + nameBytes);
  const wide = wideFields(record.subarray(MEMBER_BYTES + nameBytes, MEMBER_BYTES + nameBytes + extraBytes));
  const field = (at: number): number => (record.readUInt32LE(at) === IN_ZIP64 ? wide() : record.readUInt32LE(at));
  // The order in which zip64 holds those that are too large for their own place.
  const bytes = field(24);
  const packedBytes = field(20);
  const headerAt = field(42);
  const mode = record[5] === UNIX ? (record.readUInt32LE(38) >>> 16) & 0xf000 : 0;
  const name = nameOf(raw);
  return {
    name,
    isFolder: name.endsWith('/') || mode === 0x4000,
    isPlain: mode === 0 || mode === 0x8000 || mode === 0x4000,
    isEncrypted: (record.readUInt16LE(8) & 1) !== 0,
    method: record.readUInt16LE(10),
    crc32: record.readUInt32LE(16),
    packedBytes, bytes, headerAt,
  };
}

/** Packers of Windows write backslashes; a name that is no UTF-8 is from before it was usual. */
function nameOf(raw: Buffer): string {
  const utf8 = raw.toString('utf8');
  return (utf8.includes('\ufffd') ? raw.toString('latin1') : utf8).replaceAll('\\', '/');
}

/** The 64-bit fields of the extra field 0x0001, one after the other. */
function wideFields(extra: Buffer): () => number {
  let fields = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) fields = Buffer.from(extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2)));
  }
  return () => {
    if (fields.length < 8) throw new ArchiveError('it is damaged: a size is missing');
    const value = whole(fields.readBigUInt64LE(0));
    fields = fields.subarray(8);
    return value;
  };
}

interface DirectoryPlace {
  readonly count: number;
  readonly bytes: number;
  readonly at: number;
  readonly endAt: number;
}

async function findDirectory(handle: FileHandle): Promise<DirectoryPlace> {
  const { size } = await handle.stat();
  const tailAt = Math.max(0, size - END_BYTES - MOST_COMMENT_BYTES);
  const tail = await readAt(handle, tailAt, size - tailAt);
  let from = tail.length - END_BYTES;
  // The last mark whose comment reaches exactly to the end of the file.
  while (from >= 0 && !(tail.readUInt32LE(from) === END && from + END_BYTES + tail.readUInt16LE(from + 20) === tail.length)) from -= 1;
  if (from < 0) throw new ArchiveError('it is cut off: it has no directory at its end');
  const end = tail.subarray(from);
  if (end.readUInt16LE(4) !== 0 && end.readUInt16LE(4) !== 0xffff) throw new ArchiveError('it is one part of several');
  const place = { count: end.readUInt16LE(10), bytes: end.readUInt32LE(12), at: end.readUInt32LE(16), endAt: tailAt + from };
  if (place.count < 0xffff && place.bytes !== IN_ZIP64 && place.at !== IN_ZIP64) return place;
  return (await findDirectory64(handle, place.endAt)) ?? place;
}

async function findDirectory64(handle: FileHandle, endAt: number): Promise<DirectoryPlace | null> {
  if (endAt < LOCATOR_BYTES) return null;
  const locator = await readAt(handle, endAt - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.readUInt32LE(0) !== LOCATOR) return null;
  const at = whole(locator.readBigUInt64LE(8));
  if (at + END_64_BYTES > endAt) throw new ArchiveError('it is damaged: its directory is not where its end says');
  const end = await readAt(handle, at, END_64_BYTES);
  if (end.readUInt32LE(0) !== END_64) throw new ArchiveError('it is damaged: its directory is not where its end says');
  return { count: whole(end.readBigUInt64LE(32)), bytes: whole(end.readBigUInt64LE(40)), at: whole(end.readBigUInt64LE(48)), endAt: at };
}

async function readAt(handle: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const into = Buffer.alloc(bytes);
  const { bytesRead } = await handle.read(into, 0, bytes, at);
  if (bytesRead < bytes) throw new ArchiveError('it is cut off');
  return into;
}

function whole(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ArchiveError('it is damaged: a size is no number');
  return Number(value);
}
