import type { FrameState } from '../shared/model/frame-state.ts';

/** What the app calls the ten states: seven words, everywhere the same. */
export const STATUSES = ['accepted', 'flagged', 'rejected', 'unverified', 'left-out', 'processing', 'withdrawn'] as const;
export type Status = (typeof STATUSES)[number];

const STATUS_OF: Readonly<Record<FrameState, Status>> = {
  received: 'processing', ready: 'processing', accepted: 'accepted', flagged: 'flagged', rejected: 'rejected',
  unverified: 'unverified', refused: 'left-out', dropped: 'left-out', withdrawn: 'withdrawn', taken_down: 'withdrawn',
};

/** The status of a frame's state. */
export function statusOf(state: FrameState): Status {
  return STATUS_OF[state];
}
