import type { JSX } from 'preact';
import type { MeasuredCheck } from '../answers.ts';
import { checkName, checkSentence } from '../checks.ts';
import { hasLeast, nearnessOf, shareOfLimit } from '../nearness.ts';
import { percentText, quantityText } from '../quantities.ts';
import { say } from '../words.ts';

/** Where the limit stands on a bar, so that what lies beyond it can be seen too. */
const LIMIT_AT = 0.75;

/** Each check with its value, its limit and how near the two are: in words, and as a bar. */
export function CheckList({ checks }: { readonly checks: readonly MeasuredCheck[] }): JSX.Element {
  if (checks.length === 0) return <p class="muted">{say('checks.none')}</p>;
  return <ul class="checks">{checks.map((check) => <Check key={check.name} check={check} />)}</ul>;
}

function Check({ check }: { readonly check: MeasuredCheck }): JSX.Element {
  const share = shareOfLimit(check);
  const nearness = nearnessOf(check);
  return (
    <li class={`check ${nearness}`}>
      <p class="name"><strong>{checkName(check.name)}</strong><span class="nearness">{say(`checks.${nearness}`)}</span></p>
      <div class="bar" aria-hidden="true">
        <span class="value" style={{ inlineSize: `${Math.min(1, share * LIMIT_AT) * 100}%` }} />
        <span class="limit" style={{ insetInlineStart: `${LIMIT_AT * 100}%` }} />
      </div>
      <p class="figures">
        {say(hasLeast(check) ? 'checks.least' : 'checks.of', { measured: quantityText(check.measured, check.unit), limit: quantityText(check.limit, check.unit) })}
        {!hasLeast(check) && <span>{say('checks.bar', { share: percentText(share) })}</span>}
      </p>
      <p class="muted">{checkSentence(check)}</p>
    </li>
  );
}
