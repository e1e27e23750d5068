import type { JSX } from 'preact';
import type { OpenPointsAnswer } from '../money-answers.ts';
import { useAsked } from '../asked.ts';
import { instantText } from '../dates.ts';
import { Icon } from '../parts/icon.tsx';
import { PageSteps } from '../parts/page-steps.tsx';
import { PaidFrames } from '../parts/paid-frames.tsx';
import { RefusedPage } from '../parts/refused-page.tsx';
import { SignedIn } from '../parts/signed-in.tsx';
import { epochText } from '../postings.ts';
import { pointsText } from '../quantities.ts';
import { hrefOf } from '../route.ts';
import { say } from '../words.ts';

interface OpenEpochPageProps {
  readonly epoch: number;
  readonly after: string | null;
}

/** What the reader's points in an open epoch are made of. */
export function OpenEpochPage(props: OpenEpochPageProps): JSX.Element {
  return <SignedIn><Points {...props} /></SignedIn>;
}

function Points({ epoch, after }: OpenEpochPageProps): JSX.Element {
  const { answer, last, refused, again } = useAsked<OpenPointsAnswer>(`/api/me/epochs/${epoch}/points${after === null ? '' : `?after=${after}`}`);
  if (refused !== null && answer === null) return <RefusedPage refused={refused} again={again} page="earnings" />;
  const points = answer ?? last;
  return (
    <main id="main" class="page earnings-page">
      <header class="earnings-head">
        <a class="back" href="/earnings"><Icon name="left" />{say('earnings.back')}</a>
        <h1 tabIndex={-1}>{say('earnings.epoch', { epoch: epochText(epoch) })}</h1>
        {points !== null && <p class="amount number">{say('drive.points', { points: pointsText(points.microPoints) })}</p>}
        {points !== null && <p class="muted">{say('earnings.open.closes', { at: instantText(points.closesAt) })}</p>}
      </header>
      {points === null ? <div class="skeleton tall" /> : <PaidFrames lines={points.lines} />}
      {points !== null && <PageSteps first={after === null ? null : hrefOf({ page: 'open-epoch', epoch, after: null })} next={points.next === null ? null : hrefOf({ page: 'open-epoch', epoch, after: points.next })} />}
    </main>
  );
}
