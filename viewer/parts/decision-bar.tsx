import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Decision, RejectReason } from '../../shared/model/review.ts';
import type { CaseAnswer } from '../answers.ts';
import { announce } from '../announce.ts';
import { decide, rejectReasons } from '../desk.ts';
import { useKeys } from '../keys.ts';
import { say } from '../words.ts';
import { RejectReasons } from './reject-reasons.tsx';

const MOST_LETTERS = 1000;

/** What a reviewer can say of a case, each with what follows from it; rejecting asks why first. */
export function DecisionBar({ found }: { readonly found: CaseAnswer }): JSX.Element {
  // Signals, since keys may be typed faster than the page is drawn.
  const rejecting = useSignal(false);
  const noting = useSignal(false);
  const reasons = useSignal<readonly RejectReason[]>([]);
  const note = useSignal('');
  const panel = useRef<HTMLFieldSetElement>(null);
  const known = rejectReasons.value;
  const give = (decision: Decision): void => void decide(found, { decision, reasons: decision === 'reject' ? reasons.peek() : [], note: note.peek() });
  const open = (): void => {
    rejecting.value = true;
    noting.value = true;
  };
  const close = (): void => {
    rejecting.value = false;
  };
  const confirm = (): void => {
    if (!rejecting.peek()) open();
    else if (reasons.peek().length === 0) announce(say('desk.why'));
    else give('reject');
  };
  const toggle = (reason: RejectReason): void => {
    open();
    const before = reasons.peek();
    reasons.value = known.filter((one) => (one === reason) !== before.includes(one));
  };
  useEffect(() => {
    if (rejecting.value) panel.current?.focus();
  }, [rejecting.value]);
  useKeys([
    { keys: ['a'], words: 'keys.accept', run: () => give('accept') },
    { keys: ['r'], words: 'keys.reject', run: open },
    { keys: ['u'], words: 'keys.unsure', run: () => give('unsure') },
    { keys: known.map((_, index) => String(index + 1)), words: 'keys.why', run: (typed) => toggle(known[Number(typed) - 1]!) },
    { keys: ['Enter'], words: 'keys.confirm', run: () => { if (rejecting.peek()) confirm(); } },
    { keys: ['Escape'], words: 'keys.close', run: close },
  ], [found, known]);
  if (found.mine !== null) return <p class="note card">{say(`desk.mine.${found.mine.decision}`)}{found.settled !== null && <> {say(`desk.settled.${found.settled.outcome}`)}</>}</p>;
  return (
    <section class="decide card" aria-label={say('desk.decide')}>
      {rejecting.value && <RejectReasons panel={panel} known={known} chosen={reasons.value} toggle={toggle} />}
      {noting.value && (
        <label class="choice decide-note"><span>{say('desk.note')}</span>
          <input type="text" maxLength={MOST_LETTERS} value={note.value} onInput={({ currentTarget }) => { note.value = currentTarget.value; }} />
        </label>
      )}
      <div class="decide-buttons">
        <button onClick={() => give('accept')}><b><kbd>a</kbd>{say('desk.accept')}</b><small>{say('desk.accept.then')}</small></button>
        <button onClick={confirm} class={rejecting.value ? 'primary' : ''} disabled={rejecting.value && reasons.value.length === 0}>
          <b><kbd>{rejecting.value ? '⏎' : 'r'}</kbd>{say(rejecting.value ? 'desk.reject.confirm' : 'desk.reject')}</b><small>{say(rejecting.value ? 'desk.reject.then' : 'desk.reject.first')}</small>
        </button>
        <button onClick={() => give('unsure')}><b><kbd>u</kbd>{say('desk.unsure')}</b><small>{say('desk.unsure.then')}</small></button>
        {rejecting.value
          ? <button class="quiet" onClick={close}>{say('desk.back')}</button>
          : <button class="quiet" aria-expanded={noting.value} onClick={() => { noting.value = !noting.peek(); }}>{say('desk.note.add')}</button>}
      </div>
    </section>
  );
}
