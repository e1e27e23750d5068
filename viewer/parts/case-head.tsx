import type { JSX } from 'preact';
import type { CaseAnswer } from '../answers.ts';
import { checkSentence } from '../checks.ts';
import { waitingInAll } from '../desk.ts';
import { clockText, dayText } from '../dates.ts';
import { durationText } from '../quantities.ts';
import { inReadingOrder, reasonWords } from '../reasons.ts';
import { say } from '../words.ts';
import { caseName } from './case-list.tsx';
import { CheckList } from './check-list.tsx';

/** What a case is about: when, how much of it, what was measured against which limit; no name and no score. */
export function CaseHead({ found, zone }: { readonly found: CaseAnswer; readonly zone: string }): JSX.Element {
  const over = found.checks.filter(({ isOver }) => isOver);
  const within = found.checks.filter(({ isOver }) => !isOver);
  const reasons = inReadingOrder(found.reasons).filter((code) => code !== 'review_pending');
  return (
    <header class="case-head">
      <h1 tabIndex={-1}>{say('case.title', { name: caseName(found), frames: found.frames.length })}</h1>
      <p class="muted">
        {say('case.when', { day: dayText(new Date(found.fromS * 1000).toISOString().slice(0, 10)), from: clockText(found.fromS, zone), to: clockText(found.toS, zone) })}
        {' · '}{say('case.age', { age: durationText(found.ageS) })}{' · '}{say('case.waiting', { cases: waitingInAll.value })}
      </p>
      <ul class="case-why">
        {over.map((check) => <li key={check.name} class="over">{checkSentence(check)}</li>)}
        {over.length === 0 && reasons.map((code) => <li key={code}>{reasonWords(code).sentence}</li>)}
        {over.length === 1 && reasons.includes('one_check_alone') && <li>{say('case.alone')}</li>}
      </ul>
      {found.checks.length > 0 && (
        <details class="receipt">
          <summary>{say('case.checks', { over: over.length, within: within.length })}</summary>
          <CheckList checks={found.checks} />
        </details>
      )}
    </header>
  );
}
