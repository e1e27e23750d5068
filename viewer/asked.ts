import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, Refused } from './api.ts';
import { token } from './session.ts';

/** Where a question to the server stands. `again` asks once more and keeps what is on screen meanwhile. */
export interface Asked<Answer> {
  readonly answer: Answer | null;
  readonly refused: Refused | null;
  /** The last answer of this component, also one to another path: what may stay on screen meanwhile. */
  readonly last: Answer | null;
  readonly again: () => void;
}

/** Asks for a document while a component is on screen, anew when the path or the reader changes. Null asks nothing. */
export function useAsked<Answer>(path: string | null): Asked<Answer> {
  const [state, setState] = useState<{ path: string; answer: Answer | null; refused: Refused | null } | null>(null);
  const [round, setRound] = useState(0);
  const reader = token.value;
  useEffect(() => {
    if (path === null) return undefined;
    const leaving = new AbortController();
    ask<Answer>(path, { signal: leaving.signal }).then(
      (answer) => setState({ path, answer, refused: null }),
      (error: unknown) => {
        if (error instanceof Refused) setState((before) => ({ path, answer: before?.path === path ? before.answer : null, refused: error }));
        else if (!leaving.signal.aborted) throw error;
      },
    );
    return () => leaving.abort();
  }, [path, round, reader]);
  const last = useRef<Answer | null>(null);
  if (state !== null && state.answer !== null) last.current = state.answer;
  const current = state !== null && state.path === path ? state : null;
  return { answer: current?.answer ?? null, refused: current?.refused ?? null, last: last.current, again: () => setRound(round + 1) };
}
