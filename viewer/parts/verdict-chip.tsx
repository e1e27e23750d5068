import type { JSX } from 'preact';
import type { Status } from '../status.ts';
import { say } from '../words.ts';

/** A status as shape, word and colour. */
export function VerdictChip({ status }: { readonly status: Status }): JSX.Element {
  return <span class={`chip ${status}`}><Shape status={status} />{say(`status.${status}`)}</span>;
}

/** Only the shape in its colour: beside words that say the rest. */
export function Shape({ status }: { readonly status: Status }): JSX.Element {
  return (
    <svg class={`shape ${status}`} viewBox="-8 -8 16 16" aria-hidden="true">
      {status === 'accepted' && <circle r="6" class="full" />}
      {status === 'flagged' && <path d="M0 -6.5 7 6H-7Z" class="full" />}
      {status === 'rejected' && <path d="M-5 -5 5 5M5 -5 -5 5" class="stroke" />}
      {status === 'unverified' && <circle r="5" class="stroke" />}
      {status === 'processing' && <circle r="5" class="stroke dashed" />}
      {status === 'left-out' && <path d="M-5 0H5" class="stroke" />}
      {status === 'withdrawn' && <><circle r="5.500" class="stroke thin" /><path d="M-3.800 3.800 3.800 -3.800" class="stroke thin" /></>}
    </svg>
  );
}
