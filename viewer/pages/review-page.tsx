import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { deskTrouble, loadDesk, waiting, waitingInAll } from '../desk.ts';
import { useKeys } from '../keys.ts';
import { go } from '../navigation.ts';
import { CaseList } from '../parts/case-list.tsx';
import { ForRole } from '../parts/for-role.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { UndoStrip } from '../parts/undo-strip.tsx';
import { hrefOf } from '../route.ts';
import { say } from '../words.ts';

/** What waits for a reviewer. */
export function ReviewPage(): JSX.Element {
  return <ForRole role="validator"><Waiting /></ForRole>;
}

function Waiting(): JSX.Element {
  const cases = waiting.value;
  const first = cases?.[0];
  const begin = (): void => {
    if (first !== undefined) go({ page: 'case', id: first.id });
  };
  useEffect(() => void loadDesk(), []);
  useKeys([{ keys: ['j', 'Enter'], words: 'keys.case.first', run: begin }], [first]);
  return (
    <main id="main" class="page review-page">
      <header class="review-head">
        <h1 tabIndex={-1}>{cases === null ? say('page.review') : say('review.title', { cases: waitingInAll.value })}</h1>
        <p class="muted">{say('review.text')}</p>
      </header>
      <UndoStrip />
      {deskTrouble.value !== null && <Trouble refused={deskTrouble.value} again={() => void loadDesk()} />}
      {cases === null && deskTrouble.value === null && [1, 2, 3].map((row) => <div key={row} class="skeleton case-row" />)}
      {cases?.length === 0 && <Nothing />}
      {first !== undefined && (
        <>
          <p><a class="button primary" href={hrefOf({ page: 'case', id: first.id })}>{say('review.begin')}</a></p>
          <CaseList />
        </>
      )}
    </main>
  );
}

function Nothing(): JSX.Element {
  return (
    <section class="card nothing">
      <h2>{say('review.none')}</h2>
      <p class="muted">{say('review.none.text')}</p>
      <p><button onClick={() => void loadDesk()}>{say('review.look')}</button></p>
    </section>
  );
}
