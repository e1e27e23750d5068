import { type ArchiveEntry, ArchiveError, type ArchiveMeter, entryPath, shown } from './archive.ts';

const BLOCK = 512;
/** Long names and the like; a real one has a few hundred bytes. */
const MOST_EXTENSION_BYTES = 64 * 1024;
const IGNORED = 'g';
const PAX = 'x';
const GNU_LONG_NAME = 'L';
const FOLDER = '5';

/**
 * The files of a tar archive, in its order: POSIX ustar with pax extended headers (path, size), and GNU's long names,
 * which is what `tar` writes. Links, devices and sparse files are refused, with the whole archive (pax: POSIX.1-2017).
 * Throws {@link ArchiveError}.
 */
export async function* tarEntries(pieces: AsyncIterable<Uint8Array>, meter: ArchiveMeter): AsyncGenerator<ArchiveEntry, undefined> {
  const source = sourceOf(pieces);
  let told: { path?: string; size?: number } = {};
  for (let header = await source.exactly(BLOCK); !isEmpty(header); header = await source.exactly(BLOCK)) {
    meter.entry();
    checkHeader(header);
    const type = header[156] === 0 ? '0' : String.fromCharCode(header[156]!);
    if (type === PAX || type === IGNORED || type === GNU_LONG_NAME) {
      const text = await extension(header, source);
      if (type === GNU_LONG_NAME) told = { ...told, path: text.replace(/\0[\s\S]*$/, '') };
      if (type === PAX) told = { ...told, ...paxRecords(text) };
      continue;
    }
    const raw = told.path ?? ownName(header);
    const size = told.size ?? octal(header, 124, 12);
    told = {};
    if (type !== '0' && type !== '7' && type !== FOLDER) throw new ArchiveError(`${shown(raw)} is a link or no plain file`);
    const path = entryPath(raw);
    const content = contentOf(size, source);
    // A folder's entry has no content; where it claims some, it is stepped over like any other.
    if (path !== null && type !== FOLDER && !raw.endsWith('/')) yield { path, content };
    for await (const _ of content);
  }
  if (!isEmpty(await source.exactly(BLOCK))) throw new ArchiveError('it is damaged: its end is no end');
  // What fills it up behind the end is read too: a gzip's checksum comes last.
  await source.rest();
  return undefined;
}

async function* contentOf(size: number, source: Source): AsyncGenerator<Uint8Array, undefined> {
  for (let left = size; left > 0;) {
    const piece = await source.upTo(left);
    left -= piece.length;
    yield piece;
  }
  await source.exactly(padding(size));
  return undefined;
}

async function extension(header: Buffer, source: Source): Promise<string> {
  const size = octal(header, 124, 12);
  if (size > MOST_EXTENSION_BYTES) throw new ArchiveError('an extended header is too large');
  return (await source.exactly(size + padding(size))).toString('utf8', 0, size);
}

/** Every content is filled up to whole blocks. */
function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

interface Source {
  /** The next so many bytes. */
  exactly(count: number): Promise<Buffer>;
  /** Some of the next bytes, one at least. */
  upTo(count: number): Promise<Buffer>;
  rest(): Promise<void>;
}

function sourceOf(pieces: AsyncIterable<Uint8Array>): Source {
  const coming = pieces[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  const upTo = async (count: number): Promise<Buffer> => {
    while (held.length === 0) {
      const { value, done } = await coming.next();
      if (done === true) throw new ArchiveError('it is cut off');
      held = value as Uint8Array;
    }
    const taken = Buffer.from(held.buffer, held.byteOffset, Math.min(count, held.length));
    held = held.subarray(taken.length);
    return taken;
  };
  return {
    upTo,
    rest: async () => {
      while ((await coming.next()).done !== true);
    },
    exactly: async (count) => {
      const parts: Buffer[] = [];
      for (let left = count; left > 0;) {
        const part = await upTo(left);
        parts.push(part);
        left -= part.length;
      }
      return Buffer.concat(parts);
    },
  };
}

/** Records `length key=value\n`, the length in bytes and counting itself. */
function paxRecords(text: string): { path?: string; size?: number } {
  const bytes = Buffer.from(text, 'utf8');
  const told: { path?: string; size?: number } = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? NaN : Number(bytes.toString('latin1', at, space));
    if (!Number.isSafeInteger(length) || length <= space - at + 1 || at + length > bytes.length || bytes[at + length - 1] !== 0x0a) throw new ArchiveError('it is damaged: an extended header cannot be read');
    const record = bytes.toString('utf8', space + 1, at + length - 1);
    const [key, value] = [record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1)];
    if (key.startsWith('GNU.sparse.')) throw new ArchiveError('it holds a sparse file');
    if (key === 'path') told.path = value;
    if (key === 'size') told.size = sizeOf(/^\d{1,16}$/.test(value) ? Number(value) : NaN);
    at += length;
  }
  return told;
}

function checkHeader(header: Buffer): void {
  // ustar of POSIX ends in a zero, GNU's in a space; what is older has no such mark and no longer occurs.
  if (header.toString('latin1', 257, 262) !== 'ustar') throw new ArchiveError('it is damaged, or no tar archive');
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  if (sum !== octal(header, 148, 8)) throw new ArchiveError('it is damaged: a checksum is wrong');
}

function ownName(header: Buffer): string {
  const name = textAt(header, 0, 100);
  const prefix = header[262] === 0 ? textAt(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textAt(header: Buffer, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/** A number in octal digits; GNU writes sizes from 8 GiB on in base 256 instead. */
function octal(header: Buffer, from: number, length: number): number {
  const field = header.subarray(from, from + length);
  if (field[0] === 0x80) return sizeOf(field.subarray(1).reduce((value, byte) => value * 256 + byte, 0));
  const digits = field.toString('latin1').replace(/[\0 ]+$/, '').trimStart();
  return sizeOf(/^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : NaN);
}

function sizeOf(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new ArchiveError('it is damaged: a size is no number');
}

function isEmpty(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}
