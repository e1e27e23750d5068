import type { JSX } from 'preact';

/** To be built next. */
export function FramePage(_props: Readonly<Record<string, unknown>>): JSX.Element {
  return <main id="main"><h1 tabIndex={-1}>FramePage</h1></main>;
}
