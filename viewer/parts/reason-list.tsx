import type { JSX } from 'preact';
import type { Fields } from '../../shared/model/message.ts';
import { hrefOf } from '../route.ts';
import { reasonWords } from '../reasons.ts';
import { say } from '../words.ts';

/** Reasons as sentences, each with what can be done and a link to its page. */
export function ReasonList({ codes, detail = {} }: { readonly codes: readonly string[]; readonly detail?: Fields }): JSX.Element {
  return (
    <ul class="reasons">
      {codes.map((code) => {
        const { sentence, remedy } = reasonWords(code, detail);
        return (
          <li key={code}>
            <p>{sentence}</p>
            {remedy !== null && <p class="muted">{remedy} <a href={hrefOf({ page: 'reasons', code })} aria-label={`${code}: ${say('reasons.more')}`}>{say('reasons.more')}</a></p>}
          </li>
        );
      })}
    </ul>
  );
}
