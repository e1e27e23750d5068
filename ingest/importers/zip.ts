import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { type ArchiveEntry, ArchiveError, type ArchiveMeter, entryPath, shown } from './archive.ts';
import { type ZipMember, zipDirectory } from './zip-directory.ts';

const LOCAL_HEADER = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/**
 * The files of a zip archive, in the order of its directory (APPNOTE.TXT 6.3.10: stored and deflated members, zip64).
 * Encrypted members, links and other methods are refused, with the whole archive, before anything is unpacked.
 * Throws {@link ArchiveError}.
 */
export async function* zipEntries(file: string, handle: FileHandle, meter: ArchiveMeter): AsyncGenerator<ArchiveEntry, undefined> {
  const { members, directoryAt } = await zipDirectory(handle, meter);
  const wanted = members.flatMap((member) => {
    const path = entryPath(member.name);
    return path === null || member.isFolder ? [] : [{ path, member: checked(member) }];
  });
  for (const { path, member } of wanted) {
    const from = await contentAt(handle, member);
    if (from + member.packedBytes > directoryAt) throw new ArchiveError(`it is damaged: ${shown(path)} reaches into the directory`);
    yield { path, content: unpacked(file, from, member, meter) };
  }
  return undefined;
}

function checked(member: ZipMember): ZipMember {
  if (member.isEncrypted) throw new ArchiveError(`${shown(member.name)} is encrypted`);
  if (!member.isPlain) throw new ArchiveError(`${shown(member.name)} is a link or no plain file`);
  if (member.method !== STORED && member.method !== DEFLATED) throw new ArchiveError(`${shown(member.name)} is packed by method ${member.method}; only stored and deflate are read`);
  return member;
}

/** Where a member's bytes begin: behind its local header, whose lengths are its own; all else is believed of the directory only. */
async function contentAt(handle: FileHandle, { name, headerAt }: ZipMember): Promise<number> {
  const header = Buffer.alloc(LOCAL_BYTES);
  const { bytesRead } = await handle.read(header, 0, LOCAL_BYTES, headerAt);
  if (bytesRead < LOCAL_BYTES || header.readUInt32LE(0) !== LOCAL_HEADER) throw new ArchiveError(`it is damaged: ${shown(name)} is not where its directory says`);
  return headerAt + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function* unpacked(file: string, from: number, member: ZipMember, meter: ArchiveMeter): AsyncGenerator<Uint8Array, undefined> {
  const damaged = (): ArchiveError => new ArchiveError(`it is damaged: ${shown(member.name)} cannot be unpacked`);
  const packed = member.packedBytes === 0 ? null : createReadStream(file, { start: from, end: from + member.packedBytes - 1 });
  const inflated = packed !== null && member.method === DEFLATED ? packed.pipe(createInflateRaw()) : packed;
  if (packed !== inflated) packed?.on('error', (error) => inflated?.destroy(error));
  let [bytes, sum] = [0, 0];
  try {
    for await (const piece of inflated ?? []) {
      const part = piece as Buffer;
      bytes += part.length;
      if (bytes > member.bytes) throw damaged();
      meter.bytes(part.length);
      sum = crc32(part, sum);
      yield part;
    }
  } catch (error) {
    throw isZlibError(error) ? damaged() : error;
  } finally {
    packed?.destroy();
    inflated?.destroy();
  }
  if (bytes !== member.bytes || sum !== member.crc32) throw damaged();
  return undefined;
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
