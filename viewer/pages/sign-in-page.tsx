import type { JSX } from 'preact';

/** To be built next. */
export function SignInPage(_props: Readonly<Record<string, unknown>>): JSX.Element {
  return <main id="main"><h1 tabIndex={-1}>SignInPage</h1></main>;
}
