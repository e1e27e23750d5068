import { type Refusal, refusal } from '../../shared/model/reason.ts';
import { pathProblem } from '../manifest.ts';

/** A file of an archive. Its content is to be read to the end before the next entry is asked for. */
export interface ArchiveEntry {
  /** Inside the archive, as `filesUnder` would name it. */
  readonly path: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export interface ArchiveLimits {
  readonly entries: number;
  /** Of all files together, unpacked. */
  readonly bytes: number;
  /** Unpacked bytes for each byte of the archive, beyond a first `freeBytes`. Deflate reaches 1032; sensors and pictures stay far below 100. */
  readonly ratio: number;
  readonly freeBytes: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = { entries: 100_000, bytes: 32e9, ratio: 100, freeBytes: 64e6 };

/** An archive that cannot be used as a drive folder. Inside `ingest` only: whoever opens an archive gets the refusal as a value. */
export class ArchiveError extends Error {
  readonly refusal: Refusal;

  constructor(why: string) {
    super(why);
    this.name = 'ArchiveError';
    this.refusal = refusal('archive_unusable', { why });
  }
}

/** The path of an entry as a path inside the drive; null for what is no file (`./`). Throws where it leads out of the folder. */
export function entryPath(raw: string): string | null {
  if (/^([A-Za-z]:|[\\/])/.test(raw)) throw new ArchiveError(`${shown(raw)} is an absolute path`);
  const parts = raw.normalize('NFC').split('/');
  if (parts.some((part) => part === '..')) throw new ArchiveError(`${shown(raw)} leads out of the folder`);
  const path = parts.filter((part) => part !== '' && part !== '.').join('/');
  if (path === '') return null;
  const wrong = pathProblem(path);
  if (wrong !== null) throw new ArchiveError(`the path ${shown(raw)} ${wrong}`);
  return path;
}

/** A name from an archive, fit to stand in a message. */
export function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

/** Counts what comes out of an archive and stops at its limits: a few kB can hold gigabytes. */
export interface ArchiveMeter {
  /** One more header, whatever it is of. */
  entry(): void;
  bytes(count: number): void;
}

export function archiveMeter(limits: ArchiveLimits, archiveBytes: number): ArchiveMeter {
  const mostBytes = Math.min(limits.bytes, limits.freeBytes + limits.ratio * archiveBytes);
  let [entries, bytes] = [0, 0];
  return {
    entry: () => {
      entries += 1;
      if (entries > limits.entries) throw new ArchiveError(`it has more than ${limits.entries} entries`);
    },
    bytes: (count) => {
      bytes += count;
      if (bytes <= mostBytes) return;
      throw new ArchiveError(mostBytes === limits.bytes ? `it unpacks to more than ${limits.bytes} bytes` : `it unpacks to more than ${limits.ratio} times its ${archiveBytes} bytes`);
    },
  };
}
