import type { JSX } from 'preact';
import type { WhyAnswer } from '../money-answers.ts';
import { useAsked } from '../asked.ts';
import { instantText } from '../dates.ts';
import { Facts } from '../parts/facts.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageSteps } from '../parts/page-steps.tsx';
import { PaidFrames } from '../parts/paid-frames.tsx';
import { RefusedPage } from '../parts/refused-page.tsx';
import { SignedIn } from '../parts/signed-in.tsx';
import { postingText } from '../postings.ts';
import { pointsText } from '../quantities.ts';
import { hrefOf } from '../route.ts';
import { say } from '../words.ts';

interface WhyPageProps {
  readonly posting: string;
  readonly after: string | null;
}

/** What one amount is made of: the share of the purse, the frames behind it with every factor, the proof. */
export function WhyPage(props: WhyPageProps): JSX.Element {
  return <SignedIn><Why {...props} /></SignedIn>;
}

function Why({ posting, after }: WhyPageProps): JSX.Element {
  const { answer, last, refused, again } = useAsked<WhyAnswer>(`/api/me/postings/${encodeURIComponent(posting)}/why${after === null ? '' : `?after=${after}`}`);
  if (refused !== null && answer === null) return <RefusedPage refused={refused} again={again} page="earnings" />;
  const why = answer ?? last;
  return (
    <main id="main" class="page earnings-page">
      <header class="earnings-head">
        <a class="back" href="/earnings"><Icon name="left" />{say('earnings.back')}</a>
        <h1 tabIndex={-1}>{why === null ? say('page.why') : postingText(why)}</h1>
        {why !== null && <p class="amount number">{pointsText(why.amount)}</p>}
        {why !== null && <p class="muted"><time dateTime={why.at}>{instantText(why.at)}</time></p>}
      </header>
      {why === null && <div class="skeleton tall" />}
      {why !== null && why.share === null && <p class="card note">{say('why.plain')}</p>}
      {why !== null && why.share !== null && <Share why={why} share={why.share} />}
      {why !== null && why.lines.length > 0 && <PaidFrames lines={why.lines} />}
      {why !== null && <PageSteps first={after === null ? null : hrefOf({ page: 'why', posting, after: null })} next={why.next === null ? null : hrefOf({ page: 'why', posting, after: why.next })} />}
      {why !== null && why.proof !== null && <Proof proof={why.proof} epoch={why.epoch} />}
    </main>
  );
}

function Share({ why, share }: { readonly why: WhyAnswer; readonly share: NonNullable<WhyAnswer['share']> }): JSX.Element {
  return (
    <section class="card share" aria-labelledby="share-title">
      <h2 id="share-title">{say('why.share')}</h2>
      <dl class="equation">
        <div><dt>{say(`why.purse.${share.purse}`)}</dt><dd class="number">{pointsText(share.purseUnits)}</dd></div>
        <div><dt>{say('why.yours')}</dt><dd class="number"><span aria-hidden="true">× </span>{pointsText(share.microPoints)}</dd></div>
        <div><dt>{say('why.all')}</dt><dd class="number"><span aria-hidden="true">÷ </span>{pointsText(share.ofMicroPoints)}</dd></div>
        <div class="result"><dt>{say('why.amount')}</dt><dd class="number"><span aria-hidden="true">= </span>{pointsText(why.amount)}</dd></div>
      </dl>
      <p class="muted small">{say('why.rounding', { recipe: String(share.recipe) })}</p>
    </section>
  );
}

function Proof({ proof, epoch }: { readonly proof: NonNullable<WhyAnswer['proof']>; readonly epoch: number | null }): JSX.Element {
  return (
    <details class="card receipt proof">
      <summary>{say('why.proof')}</summary>
      <p class="muted">{say('why.proof.text')}</p>
      <Facts facts={[
        [say('why.proof.leaf'), <code key="leaf">{proof.leaf}</code>],
        [say('why.proof.at'), say('why.proof.at.value', { number: proof.index + 1, of: proof.count })],
        [say('why.proof.root'), <code key="root">{proof.root}</code>],
      ]} />
      {epoch !== null && <p><a href={`/api/epochs/${epoch}/export`} download={`epoch-${epoch}.json`}>{say('why.export')}</a></p>}
    </details>
  );
}
