import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Refusal } from '../shared/model/reason.ts';
import { type ArchiveEntry, ArchiveError, type ArchiveLimits, archiveMeter, type ArchiveMeter, ARCHIVE_LIMITS, shown } from './importers/archive.ts';
import { tarEntries } from './importers/tar.ts';
import { zipEntries } from './importers/zip.ts';
import type { LocalFile } from './local-files.ts';

/** A drive folder that came in one file. */
export interface OpenArchive {
  /** As the folder would be called. */
  readonly name: string;
  readonly files: readonly LocalFile[];
  /** Takes the unpacked files away. */
  close(): Promise<void>;
}

type Format = 'zip' | 'tar' | 'tar.gz';

/** What an archive is by its first bytes, or null where it is none. */
export async function archiveFormat(file: string): Promise<Format | null> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(262);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    if (bytesRead >= 4 && ['PK\u0003\u0004', 'PK\u0005\u0006'].includes(head.toString('latin1', 0, 4))) return 'zip';
    if (bytesRead >= 2 && head.readUInt16BE(0) === 0x1f8b) return 'tar.gz';
    return bytesRead >= 262 && head.toString('latin1', 257, 262) === 'ustar' ? 'tar' : null;
  } finally {
    await handle.close();
  }
}

/**
 * Unpacks a .zip, .tar or .tar.gz of a drive folder into a folder of its own, so that it is judged as the folder would be:
 * the same paths, the same bytes, hidden files left out, one folder around everything taken off. The files get names of
 * ours: no path of the archive is ever written to. A refusal where anything in it is hostile or damaged.
 */
export async function openArchive(file: string, format: Format, limits: ArchiveLimits = ARCHIVE_LIMITS): Promise<OpenArchive | Refusal> {
  const folder = await mkdtemp(join(tmpdir(), 'wayproof-archive-'));
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  const handle = await open(file);
  try {
    const meter = archiveMeter(limits, (await handle.stat()).size);
    const entries = format === 'zip' ? zipEntries(file, handle, meter) : tarEntries(bytesOf(file, format, meter), meter);
    return { ...asFolder(basename(file), await unpack(entries, folder)), close };
  } catch (error) {
    await close();
    if (error instanceof ArchiveError) return error.refusal;
    throw error;
  } finally {
    await handle.close();
  }
}

async function unpack(entries: AsyncIterable<ArchiveEntry>, folder: string): Promise<readonly LocalFile[]> {
  const files = new Map<string, LocalFile>();
  for await (const { path, content } of entries) {
    if (files.has(path)) throw new ArchiveError(`${shown(path)} is in it twice`);
    if (isHidden(path)) continue;
    const to = join(folder, String(files.size));
    const written = createWriteStream(to, { flags: 'wx' });
    await pipeline(content, written);
    files.set(path, { path, file: to, size: written.bytesWritten });
  }
  const [folderToo] = [...files.keys()].filter((path) => parentsOf(path).some((parent) => files.has(parent)));
  if (folderToo !== undefined) throw new ArchiveError(`${shown(folderToo)} lies in a file, not in a folder`);
  return [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** As `filesUnder`. */
function isHidden(path: string): boolean {
  return basename(path).startsWith('.');
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, n) => parts.slice(0, n + 1).join('/'));
}

/** `tar czf monday.tgz monday/` holds the folder, `zip -r ../monday.zip .` what is in it: both are the folder `monday`. */
function asFolder(archive: string, files: readonly LocalFile[]): { readonly name: string; readonly files: readonly LocalFile[] } {
  const [top = ''] = files[0]?.path.split('/') ?? [];
  // A drive of pictures alone may have nothing but its own folder `frames`.
  const isWrapped = top !== 'frames' && files.length > 0 && files.every(({ path }) => path.startsWith(`${top}/`));
  if (isWrapped) return { name: top, files: files.map((one) => ({ ...one, path: one.path.slice(top.length + 1) })) };
  return { name: archive.replace(/\.(zip|tar|tgz|tar\.gz)$/i, ''), files };
}

async function* bytesOf(file: string, format: Format, meter: ArchiveMeter): AsyncGenerator<Uint8Array, undefined> {
  const packed = createReadStream(file);
  const pieces = format === 'tar.gz' ? packed.pipe(createGunzip()) : packed;
  if (packed !== pieces) packed.on('error', (error) => pieces.destroy(error));
  try {
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      meter.bytes(piece.length);
      yield piece;
    }
  } catch (error) {
    // What zlib says of bytes that are no gzip, or end too early.
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) throw new ArchiveError('it is cut off or damaged');
    throw error;
  } finally {
    packed.destroy();
    pieces.destroy();
  }
  return undefined;
}
