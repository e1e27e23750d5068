import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { replaceWith } from '../navigation.ts';
import { token } from '../session.ts';
import { say } from '../words.ts';

/** What only somebody who is signed in may see; others sign in first and come back. */
export function SignedIn({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const away = token.value === null;
  useEffect(() => {
    if (away) replaceWith({ page: 'sign-in', to: location.pathname + location.search });
  }, [away]);
  return away ? <main id="main" class="page"><h1 tabIndex={-1}>{say('page.sign-in')}</h1></main> : <>{children}</>;
}
