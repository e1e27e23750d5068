import type { CaseId, DriveId, Sha256 } from './ids.ts';

/**
 * The named jobs, and where stages meet. A job is a shard of at most 200 frames or 15 s of work (design.md, Parts);
 * it is sent in the transaction that writes the rows it is about, and every write of its handler is fenced.
 */
export interface JobData {
  /** Ingest: read metadata of files `[from, to)` of the drive's manifest order. The last shard sends `ingest.assemble`. */
  readonly 'ingest.read': { readonly driveId: DriveId; readonly from: number; readonly to: number };
  /** Ingest: times, positions, sequences, duplicates, privacy of the whole drive. */
  readonly 'ingest.assemble': { readonly driveId: DriveId };
  /** Ingest: pictures of frames `[from, to)` in time order. The last shard sends `drive.ready`. */
  readonly 'ingest.derive': { readonly driveId: DriveId; readonly from: number; readonly to: number };
  /** Ingest → Validate: the drive's frames are ready. */
  readonly 'drive.ready': { readonly driveId: DriveId };
  /** Validate → Tiles: every frame of the drive has its verdict. */
  readonly 'frames.judged': { readonly driveId: DriveId };
  /** Validate: a reviewer's decision on the case can no longer be undone. */
  readonly 'review.settle': { readonly caseId: CaseId };
  /** Ingest: copies of withdrawn pictures leave the store, unless another frame shows the same. */
  readonly 'ingest.discard': { readonly derived: readonly Sha256[] };
}

export type JobName = keyof JobData;

export const JOB_NAMES = [
  'ingest.read', 'ingest.assemble', 'ingest.derive', 'drive.ready', 'frames.judged', 'review.settle', 'ingest.discard',
] as const satisfies readonly JobName[];
