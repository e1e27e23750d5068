import { useEffect, useState } from 'preact/hooks';
import type { DriveFrame, DriveFramesAnswer } from './answers.ts';
import { ask, Refused } from './api.ts';

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

// Frames without a time stand at the end, by name.
function inOrder(frames: readonly DriveFrame[]): readonly DriveFrame[] {
  return frames.map((frame) => ({ frame, key: `${frame.capturedAt ?? '9999'} ${frame.path}` })).toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ frame }) => frame);
}
