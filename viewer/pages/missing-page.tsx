import type { JSX } from 'preact';
import { say } from '../words.ts';

/** An address that is no page. */
export function MissingPage(): JSX.Element {
  return <Notice title={say('missing.title')} text={say('missing.text')} />;
}

interface NoticeProps {
  readonly title: string;
  readonly text: string;
  readonly sign?: string;
  /** Where to go from here; else it is the map. */
  readonly to?: { readonly href: string; readonly words: string };
}

/** A page that only says one thing, and where to go from here. */
export function Notice({ title, text, sign = '404', to }: NoticeProps): JSX.Element {
  return (
    <main id="main" class="notice">
      <p class="sign" aria-hidden="true">{sign}</p>
      <h1 tabIndex={-1}>{title}</h1>
      <p>{text}</p>
      <p><a class="button" href={to?.href ?? '/'}>{to?.words ?? say('missing.map')}</a></p>
    </main>
  );
}
