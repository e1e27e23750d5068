import type { DriveCounts } from './answers.ts';
import type { Status } from './status.ts';

/** One part of "received = …". */
export interface Addend {
  readonly status: Status;
  readonly frames: number;
}

/** What became of everything that arrived; the parts sum to what was received, whatever the server counts beyond them. */
export function addendsOf(counts: DriveCounts): readonly Addend[] {
  return [
    { status: 'accepted', frames: counts.accepted },
    { status: 'flagged', frames: counts.flagged },
    { status: 'rejected', frames: counts.rejected },
    { status: 'unverified', frames: counts.unverified },
    { status: 'left-out', frames: counts.refused + counts.dropped },
    { status: 'processing', frames: counts.processing },
    { status: 'withdrawn', frames: counts.withdrawn + (counts.taken_down ?? 0) },
  ];
}

/** Several drives as one. */
export function totalOf(all: readonly DriveCounts[]): DriveCounts {
  const sum = (name: keyof DriveCounts): number => all.reduce((total, counts) => total + (counts[name] ?? 0), 0);
  return {
    received: sum('received'), processing: sum('processing'), accepted: sum('accepted'), flagged: sum('flagged'), rejected: sum('rejected'),
    unverified: sum('unverified'), refused: sum('refused'), dropped: sum('dropped'), withdrawn: sum('withdrawn'), taken_down: sum('taken_down'), private: sum('private'),
  };
}
