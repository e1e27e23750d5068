import { createHash } from 'node:crypto';
import type { Sha256 } from '../shared/model/ids.ts';

/** One file that a contributor announces. */
export interface ManifestFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: Sha256;
}

/** What makes two uploads the same one: the files, and what the contributor asserts about them. */
export interface Manifest {
  readonly files: readonly ManifestFile[];
  readonly assert: { readonly startS: number; readonly intervalS: number } | null;
  readonly cameraOffsetS: number | null;
}

const LONGEST_PATH = 512;
/** No text of UTF-8 holds one; the database would store another path. */
const HALF_A_PAIR = /[\ud800-\udfff]/u;
/** Endings that people give to pictures; whether it is one is seen from the bytes. */
const PICTURE_ENDING = /\.(jpe?g|png|gif|bmp|tiff?|webp|heic|heif|avif|dng|jp2)$/i;

/** Why this manifest cannot be taken, as sentences, or none. */
export function manifestProblems(files: readonly ManifestFile[], limits: { readonly files: number; readonly fileBytes: number }): readonly string[] {
  const problems: string[] = [];
  if (files.length === 0) problems.push('it names no file');
  if (files.length > limits.files) problems.push(`it names ${files.length} files; this server takes ${limits.files} in one drive`);
  const seen = new Set<string>();
  for (const { path, size } of files.slice(0, limits.files)) {
    const wrong = pathProblem(path);
    if (wrong !== null) problems.push(`"${path.slice(0, 80)}" ${wrong}`);
    if (seen.has(path)) problems.push(`"${path}" is named twice`);
    if (size > limits.fileBytes) problems.push(`"${path}" has ${size} bytes; this server takes files of ${limits.fileBytes}`);
    seen.add(path);
  }
  return problems;
}

/** What is wrong with a path as one of a drive, or null. */
export function pathProblem(path: string): string | null {
  if (path === '' || path.length > LONGEST_PATH) return `must have 1 to ${LONGEST_PATH} characters`;
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return 'has a control character or a backslash';
  if (HALF_A_PAIR.test(path)) return 'has half of a surrogate pair';
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) return 'must be a path inside the folder, without . or ..';
  return path.normalize('NFC') === path ? null : 'must be in Unicode normal form C';
}

/** The identity of an upload: the same folder sent again, with its files in any order, is the same. */
export function manifestSha256({ files, assert, cameraOffsetS }: Manifest): Buffer {
  const hash = createHash('sha256');
  for (const { path, size, sha256 } of files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) hash.update(`${sha256} ${size} ${path}\n`);
  hash.update(JSON.stringify([assert, cameraOffsetS]));
  return hash.digest();
}

/** Files in the order that a person sees them: `2.jpg` before `10.jpg`. Asserted times follow it. */
export function inFolderOrder<File extends { readonly path: string }>(files: readonly File[]): readonly File[] {
  const collator = new Intl.Collator('en', { numeric: true });
  return files.toSorted((a, b) => collator.compare(a.path, b.path) || (a.path < b.path ? -1 : 1));
}

export function isPicturePath(path: string): boolean {
  return PICTURE_ENDING.test(path);
}
