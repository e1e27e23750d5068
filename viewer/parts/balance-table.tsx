import type { JSX } from 'preact';
import type { BalanceAnswer } from '../money-answers.ts';
import { instantText } from '../dates.ts';
import { postingText } from '../postings.ts';
import { pointsText } from '../quantities.ts';
import { hrefOf } from '../route.ts';
import { say } from '../words.ts';
import { PageSteps } from './page-steps.tsx';

/** A page of the ledger: opening + lines = closing, each line with its reasons. */
export function BalanceTable({ balance, after }: { readonly balance: BalanceAnswer; readonly after: string | null }): JSX.Element {
  return (
    <section class="card ledger" aria-labelledby="ledger-title">
      <h2 id="ledger-title">{say('earnings.lines')}</h2>
      <table>
        <thead><tr>
          <th scope="col">{say('earnings.column.what')}</th>
          <th scope="col">{say('earnings.column.at')}</th>
          <th scope="col" class="number">{say('earnings.column.amount')}</th>
          <td><span class="unseen">{say('earnings.why')}</span></td>
        </tr></thead>
        <tbody>
          <Sum words="earnings.opening" amount={balance.opening} />
          {balance.lines.map((line) => (
            <tr key={line.key}>
              <th scope="row">{postingText(line)}</th>
              <td class="at"><time dateTime={line.at}>{instantText(line.at)}</time></td>
              <td class="number">{pointsText(line.amount)}</td>
              <td><a class="why-link" href={hrefOf({ page: 'why', posting: line.key, after: null })} aria-label={say('earnings.why.of', { what: postingText(line) })}>{say('earnings.why')}</a></td>
            </tr>
          ))}
        </tbody>
        <tfoot><Sum words="earnings.closing" amount={balance.closing} /></tfoot>
      </table>
      <PageSteps first={after === null ? null : hrefOf({ page: 'earnings', after: null })} next={balance.next === null ? null : hrefOf({ page: 'earnings', after: balance.next })} />
    </section>
  );
}

function Sum({ words, amount }: { readonly words: string; readonly amount: string }): JSX.Element {
  return <tr class="sum"><th scope="row" colSpan={2}>{say(words)}</th><td class="number">{pointsText(amount)}</td><td /></tr>;
}
