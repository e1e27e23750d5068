import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { CaseAnswer } from '../answers.ts';
import type { Refused } from '../api.ts';
import { useAsked } from '../asked.ts';
import { besideCase, deskTrouble, loadDesk, waiting } from '../desk.ts';
import { forgetMoment } from '../moment.ts';
import { CaseDesk } from '../parts/case-desk.tsx';
import { ForRole } from '../parts/for-role.tsx';
import { RefusedPage } from '../parts/refused-page.tsx';
import { say } from '../words.ts';
import { Notice } from './missing-page.tsx';

/** One case of the review desk. */
export function CasePage({ id }: { readonly id: string }): JSX.Element {
  return <ForRole role="validator"><Case id={id} /></ForRole>;
}

function Case({ id }: { readonly id: string }): JSX.Element {
  const listed = waiting.value?.find((one) => one.id === id) ?? null;
  const isKnown = waiting.value !== null || deskTrouble.value !== null;
  useEffect(() => {
    if (waiting.peek() === null) void loadDesk();
  }, []);
  useEffect(() => forgetMoment, [id]);
  // A link may lead to a case that is decided, or further down than the list is loaded.
  const { answer, refused, again } = useAsked<CaseAnswer>(isKnown && listed === null ? `/api/review/${id}` : null);
  const found = listed ?? answer;
  if (found !== null) return <CaseDesk key={id} found={found} />;
  if (refused !== null) return <NoCase refused={refused} again={again} />;
  return <main id="main" class="page"><h1 tabIndex={-1}>{say('page.case')}</h1><div class="skeleton tall" /></main>;
}

function NoCase({ refused, again }: { readonly refused: Refused; readonly again: () => void }): JSX.Element {
  if (refused.status === 404) return <Notice sign="?" title={say('case.gone.title')} text={say('case.gone.text')} to={next()} />;
  if (refused.status === 410) return <Notice sign="⊘" title={say('case.withdrawn.title')} text={say('case.withdrawn.text')} to={next()} />;
  if (refused.status === 403) return <Notice sign="403" title={say('case.own.title')} text={say('case.own.text')} to={next()} />;
  return <RefusedPage refused={refused} again={again} />;
}

function next(): { readonly href: string; readonly words: string } {
  const first = besideCase('', 1);
  return first === null ? { href: '/review', words: say('page.review') } : { href: `/review/${first.id}`, words: say('case.next') };
}
