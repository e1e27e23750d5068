import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { now } from '../clock.ts';
import { pending, sweep, transmit, undoLast } from '../desk.ts';
import { useKeys } from '../keys.ts';
import { say } from '../words.ts';
import { caseName } from './case-list.tsx';

const TICK_MS = 250;

/** The last decision, and for how long it can still be taken back; what could not be sent waits here too. */
export function UndoStrip(): JSX.Element | null {
  const [, tick] = useState(0);
  const last = pending.value.at(-1);
  useKeys([{ keys: ['z'], words: 'keys.undo', run: () => void undoLast() }]);
  useEffect(() => {
    if (pending.value.length === 0) return undefined;
    const ticking = setInterval(() => {
      sweep();
      tick((n) => n + 1);
    }, TICK_MS);
    return () => clearInterval(ticking);
  }, [pending.value]);
  if (last === undefined) return null;
  const name = caseName(last.found);
  const leftS = last.untilMs === null ? null : Math.max(0, Math.ceil((last.untilMs - now().getTime()) / 1000));
  return (
    <div class="undo-strip card">
      <span>{say(`desk.last.${last.opinion.decision}`, { name })}</span>
      <span class="spring" />
      {last.isUnsent && <><strong>{say('desk.unsent')}</strong><button onClick={() => void transmit(last)}>{say('trouble.again')}</button></>}
      {(leftS !== null || last.isUnsent) && (
        <button onClick={() => void undoLast()} aria-label={say('desk.undo')}>{say('desk.undo')} <kbd>z</kbd>{leftS !== null && <span class="number seconds" aria-hidden="true">{say('desk.seconds', { seconds: leftS })}</span>}</button>
      )}
    </div>
  );
}
