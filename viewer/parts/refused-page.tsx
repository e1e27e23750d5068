import type { JSX } from 'preact';
import type { Refused } from '../api.ts';
import { Notice } from '../pages/missing-page.tsx';
import { say } from '../words.ts';
import { SignedIn } from './signed-in.tsx';
import { Trouble } from './trouble.tsx';

/** A page whose document was refused: for people who are signed in, gone, not allowed, or in trouble. */
export function RefusedPage({ refused, again, page = 'drives' }: { readonly refused: Refused; readonly again: () => void; readonly page?: 'drives' | 'earnings' }): JSX.Element {
  if (refused.status === 401) return <SignedIn>{null}</SignedIn>;
  if (refused.status === 404) return <Notice sign="?" title={say(`${page}.gone.title`)} text={say(`${page}.gone.text`)} />;
  if (refused.status === 403) return <Notice sign="403" title={say('drive.role.title')} text={refused.message} />;
  return <main id="main" class="page"><h1 tabIndex={-1}>{say(`page.${page}`)}</h1><Trouble refused={refused} again={again} /></main>;
}
