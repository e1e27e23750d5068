import type { JSX } from 'preact';

/** To be built next. */
export function DrivesPage(_props: Readonly<Record<string, unknown>>): JSX.Element {
  return <main id="main"><h1 tabIndex={-1}>DrivesPage</h1></main>;
}
