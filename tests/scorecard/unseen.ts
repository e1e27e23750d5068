import type { Drive } from '../../shared/model/drive.ts';
import type { FoldEntry } from './folds-file.ts';

/** What a judge has learned from, by the hash of the files. */
export interface Learned {
  readonly name: string;
  readonly seen: ReadonlySet<string>;
}

/** All drives that weights of any fold have seen. */
export function known(folds: readonly FoldEntry[]): ReadonlySet<string> {
  return new Set(folds.flatMap(({ unseen }) => unseen));
}

/** What the weights and the calibration of an entry have seen: everything known but its own drives. */
export function learnedBy(entry: FoldEntry, folds: readonly FoldEntry[]): Learned {
  const unseen = new Set(entry.unseen);
  return { name: entry.weights, seen: new Set([...[...known(folds)].filter((hash) => !unseen.has(hash)), ...entry.calibration.drives]) };
}

/** Throws where a judge would score a drive that it has learned from. */
export function assertUnseen({ name, seen }: Learned, { name: drive, inputSha256 }: Pick<Drive, 'name' | 'inputSha256'>): void {
  if (seen.has(inputSha256)) throw new Error(`${name} has learned from ${drive} and must not score it`);
}

/** The number of the fold that has not seen a drive; null where none has seen it, so that the shipped weights may score it. */
export function foldOf(folds: readonly FoldEntry[], { inputSha256 }: Pick<Drive, 'inputSha256'>): number | null {
  const found = folds.findIndex(({ unseen }) => unseen.includes(inputSha256));
  return found < 0 ? null : found;
}
