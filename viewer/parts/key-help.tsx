import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { keyHelpOpen, keysInForce } from '../keys.ts';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';

const SIGNS: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ' ': '␣', Escape: 'Esc', PageDown: 'PgDn', PageUp: 'PgUp' };

/** The keys of this page. */
export function KeyHelp(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = keyHelpOpen.value;
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal();
    if (!open) dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={() => { keyHelpOpen.value = false; }}>
      <header>
        <h2 id="keys-title">{say('keys.title')}</h2>
        <button class="square" aria-label={say('panel.close')} onClick={() => { keyHelpOpen.value = false; }}><Icon name="close" /></button>
      </header>
      <table>
        <tbody>
          {keysInForce.value.flat().map(({ keys, words }) => (
            <tr key={words}>
              <th scope="row">{keys.map((key) => <kbd key={key}>{signOf(key)}</kbd>)}</th>
              <td>{say(words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted">{say('keys.fields')}</p>
    </dialog>
  );
}

function signOf(key: string): string {
  const bare = key.replace('Shift+', '');
  return `${key === bare ? '' : '⇧ '}${SIGNS[bare] ?? bare}`;
}
