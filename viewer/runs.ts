import type { DriveFrame } from './answers.ts';
import type { FrameFilter } from './route.ts';
import { statusOf, type Status } from './status.ts';

/** Whether a frame belongs into a filtered list. */
export function isShown(frame: DriveFrame, show: FrameFilter): boolean {
  if (show === 'all') return true;
  if (show === 'unpaid') return frame.points === '0';
  return statusOf(frame.state) === show;
}

/** Frames that follow one another with the same status, as one stretch of the ribbon and of the track. */
export interface Run {
  readonly from: number;
  readonly to: number;
  readonly status: Status;
}

/** The runs of a list of frames, `to` excluded. */
export function runsOf(frames: readonly Pick<DriveFrame, 'state'>[]): readonly Run[] {
  const runs: Run[] = [];
  frames.forEach((frame, index) => {
    const status = statusOf(frame.state);
    const last = runs.at(-1);
    if (last?.status === status) runs[runs.length - 1] = { ...last, to: index + 1 };
    else runs.push({ from: index, to: index + 1, status });
  });
  return runs;
}
