import type { JSX } from 'preact';
import { say } from '../words.ts';

/** Ways to the first and the next page of a list that the server gives in pages; nothing where all of it is shown. */
export function PageSteps({ first, next }: { readonly first: string | null; readonly next: string | null }): JSX.Element | null {
  if (first === null && next === null) return null;
  return (
    <p class="actions page-steps">
      {first !== null && <a class="button" href={first}>{say('pages.first')}</a>}
      {next !== null && <a class="button" href={next}>{say('pages.next')}</a>}
    </p>
  );
}
