import type { JSX } from 'preact';
import { announce } from '../announce.ts';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';

/** Copies a text, and says that it did; `what` names a text that is not to be read aloud. */
export function CopyButton({ text, what = text }: { readonly text: string; readonly what?: string }): JSX.Element {
  return (
    <button class="copy" title={say('copy')} aria-label={say('copy.what', { text: what })} onClick={() => void copy(text)}>
      <Icon name="copy" />
    </button>
  );
}

async function copy(text: string): Promise<void> {
  // A browser may refuse the clipboard outside HTTPS; the reader is told either way.
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  announce(say(done === true ? 'copied' : 'copy.refused'));
}
