import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A file on this machine and the path it has in the drive. */
export interface LocalFile {
  readonly path: string;
  readonly file: string;
  readonly size: number;
}

/** Every file of a folder that belongs to the drive, hidden ones left out: what is uploaded is what is judged. */
export async function filesUnder(folder: string): Promise<readonly LocalFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => join(entry.parentPath, entry.name));
  return await Promise.all(files.toSorted().map(async (file) => ({ file, path: relative(folder, file).replaceAll('\\', '/').normalize('NFC'), size: (await stat(file)).size })));
}
