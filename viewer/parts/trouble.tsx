import type { JSX } from 'preact';
import { NO_ANSWER, type Refused } from '../api.ts';
import { say } from '../words.ts';
import { CopyButton } from './copy-button.tsx';

/** Says why something could not be shown, and tries again. */
export function Trouble({ refused, again }: { readonly refused: Refused; readonly again: () => void }): JSX.Element {
  return (
    <div class="trouble" role="alert">
      <p><strong>{refused.status === NO_ANSWER ? say('trouble.offline') : refused.title}</strong></p>
      {refused.status !== NO_ANSWER && refused.message !== refused.title && <p>{refused.message}</p>}
      {refused.request !== null && <p class="muted">{say('trouble.request')} <code>{refused.request}</code> <CopyButton text={refused.request} /></p>}
      <button onClick={again}>{say('trouble.again')}</button>
    </div>
  );
}
