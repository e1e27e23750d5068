import type { JSX } from 'preact';

/** To be built next. */
export function DrivePage(_props: Readonly<Record<string, unknown>>): JSX.Element {
  return <main id="main"><h1 tabIndex={-1}>DrivePage</h1></main>;
}
