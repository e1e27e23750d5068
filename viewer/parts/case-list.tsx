import type { JSX } from 'preact';
import type { CaseAnswer } from '../answers.ts';
import { checkName } from '../checks.ts';
import { waiting, waitingInAll } from '../desk.ts';
import { durationText } from '../quantities.ts';
import { reasonWords } from '../reasons.ts';
import { hrefOf } from '../route.ts';
import { say } from '../words.ts';

/** The cases that wait, oldest first; what is decided on leaves the list at once. */
export function CaseList({ current = null }: { readonly current?: string | null }): JSX.Element {
  const cases = waiting.value ?? [];
  const rest = waitingInAll.value - cases.length;
  return (
    <>
      <ol class="case-list">
        {cases.map((one) => (
          <li key={one.id}>
            <a class="case-row" href={hrefOf({ page: 'case', id: one.id })} aria-current={one.id === current ? 'true' : undefined}>
              <strong>{caseName(one)}</strong>
              <span class="muted">{say('case.row', { frames: one.frames.length, age: durationText(one.ageS) })}</span>
            </a>
          </li>
        ))}
      </ol>
      {rest > 0 && <p class="muted small">{say('case.rest', { cases: rest })}</p>}
    </>
  );
}

/** What a case is about: the check that went furthest over its limit, or else the first reason. */
export function caseName({ checks, reasons }: CaseAnswer): string {
  const worst = checks.find(({ isOver }) => isOver);
  return worst === undefined ? (reasons[0] === undefined ? say('case.name') : reasonWords(reasons[0]).sentence) : checkName(worst.name);
}
