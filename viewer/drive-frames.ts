import { useEffect, useState } from 'preact/hooks';
import type { DriveFrame, DriveFramesAnswer } from './answers.ts';
import { ask, Refused } from './api.ts';
import type { FrameFilter } from './route.ts';
import { statusOf } from './status.ts';

const PAGE = 1000;

/** All frames of a drive in the order of their time, page by page as they arrive; `version` asks anew when it changes. */
export function useDriveFrames(id: string, version: string | null): { readonly frames: readonly DriveFrame[]; readonly refused: Refused | null } {
  const [state, setState] = useState<{ frames: readonly DriveFrame[]; refused: Refused | null }>({ frames: [], refused: null });
  useEffect(() => {
    if (version === null) return undefined;
    const leaving = new AbortController();
    const load = async (): Promise<void> => {
      const found: DriveFrame[] = [];
      try {
        for (let after: string | null = '0'; after !== null; ) {
          const page: DriveFramesAnswer = await ask(`/api/drives/${id}/frames?after=${after}&limit=${PAGE}`, { signal: leaving.signal });
          found.push(...page.frames);
          after = page.next;
          // A first page is shown at once; later ones only when all are there, lest a list on screen shrink and grow again.
          setState((before) => (after === null || before.frames.length <= found.length ? { frames: inOrder(found), refused: null } : before));
        }
      } catch (error) {
        if (error instanceof Refused) setState((before) => ({ ...before, refused: error }));
        else if (!leaving.signal.aborted) throw error;
      }
    };
    void load();
    return () => leaving.abort();
  }, [id, version]);
  return state;
}

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
  readonly status: ReturnType<typeof statusOf>;
}

/** The runs of a list of frames, `to` excluded. */
export function runsOf(frames: readonly DriveFrame[]): readonly Run[] {
  const runs: Run[] = [];
  frames.forEach((frame, index) => {
    const status = statusOf(frame.state);
    const last = runs.at(-1);
    if (last?.status === status) runs[runs.length - 1] = { ...last, to: index + 1 };
    else runs.push({ from: index, to: index + 1, status });
  });
  return runs;
}

// Frames without a time stand at the end, by name.
function inOrder(frames: readonly DriveFrame[]): readonly DriveFrame[] {
  return frames.map((frame) => ({ frame, key: `${frame.capturedAt ?? '9999'} ${frame.path}` })).toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ frame }) => frame);
}
