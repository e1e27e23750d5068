import type { JSX } from 'preact';
import type { BalanceAnswer } from '../money-answers.ts';
import { instantText } from '../dates.ts';
import { epochText } from '../postings.ts';
import { pointsText } from '../quantities.ts';
import { hrefOf } from '../route.ts';
import { say } from '../words.ts';

/** What is earned in each epoch that has not closed: points, which become money when it does. */
export function OpenEpochs({ epochs }: { readonly epochs: BalanceAnswer['provisional'] }): JSX.Element {
  return (
    <section aria-labelledby="open-title">
      <h2 id="open-title">{say('earnings.open')}</h2>
      <p class="muted small">{say('earnings.open.text')}</p>
      <ul class="open-epochs">
        {epochs.map(({ epoch, microPoints, ofMicroPoints, frames, closesAt }) => (
          <li key={epoch} class="card open-epoch">
            <h3>{say('earnings.epoch', { epoch: epochText(epoch) })}</h3>
            <p class="amount number">{say('drive.points', { points: pointsText(microPoints) })}</p>
            <p class="muted small">{say('earnings.open.of', { points: pointsText(ofMicroPoints), frames })}</p>
            <p class="muted small">{say('earnings.open.closes', { at: instantText(closesAt) })}</p>
            <a class="why-link" href={hrefOf({ page: 'open-epoch', epoch, after: null })} aria-label={say('earnings.why.open', { epoch: epochText(epoch) })}>{say('earnings.why')}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
