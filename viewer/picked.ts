/** A file that the reader chose, and its path within what they chose. */
export interface Picked {
  readonly path: string;
  readonly file: File;
}

/** Files of an `<input>`, of a folder or one by one; what systems hide there is left out. */
export function pickedFrom(files: Iterable<File>): readonly Picked[] {
  return [...files].map((file) => ({ path: pathWithin(file.webkitRelativePath === '' ? file.name : file.webkitRelativePath), file })).filter(({ path }) => isMeant(path));
}

/** Files that were dropped, folders with all that is in them. */
export async function dropped({ items }: DataTransfer): Promise<readonly Picked[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found = (await Promise.all(entries.map((entry) => filesIn(entry)))).flat();
  const isOneFolder = entries.length === 1 && entries[0]!.isDirectory;
  return found.map(({ path, file }) => ({ path: isOneFolder ? pathWithin(path) : path.normalize('NFC'), file })).filter(({ path }) => isMeant(path));
}

/** What the drive is called unless the reader says otherwise: the folder. */
export function nameOf(files: Iterable<File>): string {
  const [first] = files;
  return first?.webkitRelativePath.split('/')[0] ?? '';
}

async function filesIn(entry: FileSystemEntry): Promise<readonly Picked[]> {
  if (entry.isFile) return [{ path: entry.fullPath.replace(/^\//, ''), file: await new Promise((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)) }];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Picked[] = [];
  // A browser gives a folder in portions, and an empty one at its end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return found;
    for (const one of entries) found.push(...(await filesIn(one)));
  }
}

// The folder's own name is no part of the path: the same folder, moved, is the same drive.
function pathWithin(path: string): string {
  const parts = path.normalize('NFC').split('/');
  return (parts.length > 1 ? parts.slice(1) : parts).join('/');
}

function isMeant(path: string): boolean {
  return !path.split('/').some((part) => part.startsWith('.')) && !/(^|\/)(Thumbs\.db|desktop\.ini)$/i.test(path);
}
