import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { say } from '../words.ts';
import { CopyButton } from './copy-button.tsx';

interface OnceProps {
  readonly title: string;
  readonly text: string;
  readonly secret: string;
  /** What a screen reader hears in place of the secret. */
  readonly what: string;
  readonly done: () => void;
}

/** A secret that the server shows only now. */
export function Once({ title, text, secret, what, done }: OnceProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="card once" aria-labelledby="once-title">
      <h3 id="once-title" ref={heading} tabIndex={-1}>{title}</h3>
      <p>{text}</p>
      <p class="secret"><code>{secret}</code><CopyButton text={secret} what={what} /></p>
      <p><button onClick={done}>{say('once.done')}</button></p>
    </section>
  );
}
