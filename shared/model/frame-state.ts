/** Where a frame stands; design.md, "States of a frame". `private` is an attribute, not a state. */
export const FRAME_STATES = [
  'received', 'refused', 'dropped', 'ready',
  'accepted', 'unverified', 'flagged', 'rejected',
  'withdrawn', 'taken_down',
] as const;

export type FrameState = (typeof FRAME_STATES)[number];

const LEAVING = ['withdrawn', 'taken_down'] as const;

/** The whole state machine. The database holds the same table (`frame_transitions`); a test compares the two. */
export const FRAME_TRANSITIONS: Readonly<Record<FrameState, readonly FrameState[]>> = {
  received: ['refused', 'dropped', 'ready', ...LEAVING],
  ready: ['accepted', 'unverified', 'flagged', 'rejected', ...LEAVING],
  flagged: ['accepted', 'rejected', ...LEAVING],
  rejected: ['flagged', ...LEAVING],
  unverified: ['flagged', ...LEAVING],
  accepted: [...LEAVING],
  refused: [...LEAVING],
  dropped: [...LEAVING],
  withdrawn: ['taken_down'],
  taken_down: [],
};

export function mayMove(from: FrameState, to: FrameState): boolean {
  return FRAME_TRANSITIONS[from].includes(to);
}
