import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Refused } from '../api.ts';
import { replaceWith } from '../navigation.ts';
import { Notice } from '../pages/missing-page.tsx';
import { token } from '../session.ts';
import { say } from '../words.ts';
import { Trouble } from './trouble.tsx';

/** What only somebody who is signed in may see; others sign in first and come back. */
export function SignedIn({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const away = token.value === null;
  useEffect(() => {
    if (away) replaceWith({ page: 'sign-in', to: location.pathname + location.search });
  }, [away]);
  return away ? <main id="main" class="page"><h1 tabIndex={-1}>{say('page.sign-in')}</h1></main> : <>{children}</>;
}

/** A page whose document was refused: gone, not allowed, or in trouble. */
export function RefusedPage({ refused, again }: { readonly refused: Refused; readonly again: () => void }): JSX.Element {
  if (refused.status === 404) return <Notice sign="?" title={say('drive.gone.title')} text={say('drive.gone.text')} />;
  if (refused.status === 403) return <Notice sign="403" title={say('drive.role.title')} text={refused.message} />;
  return <main id="main" class="page"><h1 tabIndex={-1}>{say('page.drives')}</h1><Trouble refused={refused} again={again} /></main>;
}
