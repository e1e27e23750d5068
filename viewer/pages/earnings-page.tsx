import type { JSX } from 'preact';
import type { BalanceAnswer, EpochsAnswer } from '../money-answers.ts';
import { useAsked } from '../asked.ts';
import { instantText } from '../dates.ts';
import { BalanceTable } from '../parts/balance-table.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { OpenEpochs } from '../parts/open-epochs.tsx';
import { RefusedPage } from '../parts/refused-page.tsx';
import { SignedIn } from '../parts/signed-in.tsx';
import { epochText } from '../postings.ts';
import { pointsText } from '../quantities.ts';
import { say } from '../words.ts';

/** What the reader holds, what is still provisional, and every line that made it. */
export function EarningsPage({ after }: { readonly after: string | null }): JSX.Element {
  return <SignedIn><Earnings after={after} /></SignedIn>;
}

function Earnings({ after }: { readonly after: string | null }): JSX.Element {
  const { answer, last, refused, again } = useAsked<BalanceAnswer>(`/api/me/balance${after === null ? '' : `?after=${after}`}`);
  if (refused !== null && answer === null) return <RefusedPage refused={refused} again={again} page="earnings" />;
  // While the next page of lines is asked for, the one before stays.
  const balance = answer ?? last;
  const isEmpty = balance !== null && balance.provisional.length === 0 && balance.lines.length === 0 && after === null;
  return (
    <main id="main" class="page earnings-page">
      <header class="earnings-head">
        <h1 tabIndex={-1}>{say('page.earnings')}</h1>
        <p class="muted">{say('earnings.text')}</p>
      </header>
      {balance === null ? <div class="skeleton tall" /> : <Balance balance={balance} />}
      {isEmpty && <Nothing />}
      {balance !== null && balance.provisional.length > 0 && <OpenEpochs epochs={balance.provisional} />}
      {balance !== null && (balance.lines.length > 0 || after !== null) && <BalanceTable balance={balance} after={after} />}
    </main>
  );
}

function Balance({ balance }: { readonly balance: BalanceAnswer }): JSX.Element {
  return (
    <section class="card balance" aria-labelledby="balance-title">
      <h2 id="balance-title">{say('earnings.balance')}</h2>
      <p class="amount number">{pointsText(balance.balance)}</p>
      <p class="muted small">{say('earnings.balance.text')}</p>
    </section>
  );
}

function Nothing(): JSX.Element {
  const { answer } = useAsked<EpochsAnswer>('/api/epochs');
  return (
    <section class="card nothing">
      <h2>{say('earnings.none')}</h2>
      <p class="muted">{say('earnings.none.text')}</p>
      {answer !== null && <p>{say('earnings.none.next', { epoch: epochText(answer.next.epoch), at: instantText(answer.next.closesAt) })}</p>}
      <p><code>{say('drives.none.command')}</code> <CopyButton text={say('drives.none.command')} /></p>
    </section>
  );
}
