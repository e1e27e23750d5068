import type { Cell } from '../model/cell.ts';
import type { FrameState } from '../model/frame-state.ts';
import type { ReasonCode } from '../model/reason.ts';
import type { Tx } from './db.ts';

/** Frames to move at once, from whatever state they are in to the same next one. */
export interface FrameMove {
  readonly keys: readonly bigint[];
  readonly to: FrameState;
  readonly reasons: readonly ReasonCode[];
  /** The job (`drive.ready`) or account that moves them; it stands in the history. */
  readonly movedBy: string;
}

/** Takes the frames out of the map and of unsettled pay; Tiles gives it, `main.ts` hands it in. */
export type LeaveMap = (tx: Tx, cells: readonly Cell[]) => Promise<void>;

/**
 * Moves frames to a state. The database checks the move against `frame_transitions` and writes the history.
 * Frames that leave `accepted` leave their cells, tiles and unsettled points in the same transaction.
 */
export async function moveFrames(tx: Tx, leaveMap: LeaveMap, move: FrameMove): Promise<void> {
  const before = await tx.query<{ h3_r12: Cell | null; state: FrameState }>(
    // Not `for update`: a refresh of the map that holds these cells may be adding points that refer to these frames.
    'select h3_r12, state from frames where key = any($1) order by key for no key update',
    [move.keys],
  );
  await tx.query(
    'update frames set state = $2, reasons = $3, moved_by = $4 where key = any($1)',
    [move.keys, move.to, move.reasons, move.movedBy],
  );
  const left = before.filter(({ state }) => state === 'accepted').flatMap(({ h3_r12 }) => (h3_r12 === null ? [] : [h3_r12]));
  if (left.length > 0) await leaveMap(tx, [...new Set(left)]);
}
