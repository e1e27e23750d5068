import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../words.ts';

interface TwoStepProps {
  /** What the first button says. */
  readonly ask: string;
  /** What will happen, said before it does. */
  readonly children: ComponentChildren;
  /** What the second button says. */
  readonly confirm: string;
  readonly run: () => Promise<void>;
}

/** Something that cannot be taken back: first what follows from it is said, in place, then it is done. */
export function TwoStep({ ask, children, confirm, run }: TwoStepProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const text = useRef<HTMLParagraphElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (isOpen) text.current?.focus();
    else if (was.current) first.current?.focus();
    was.current = isOpen;
  }, [isOpen]);
  const go = async (): Promise<void> => {
    setBusy(true);
    await run();
    setBusy(false);
    setOpen(false);
  };
  if (!isOpen) return <button ref={first} class="quiet" onClick={() => setOpen(true)}>{ask}</button>;
  return (
    <div class="two-step" role="group" aria-label={ask} onKeyDown={(event) => { if (event.key === 'Escape') { event.preventDefault(); setOpen(false); } }}>
      <p ref={text} tabIndex={-1}>{children}</p>
      <p class="actions"><button class="danger" disabled={isBusy} onClick={() => void go()}>{confirm}</button><button disabled={isBusy} onClick={() => setOpen(false)}>{say('two.step.keep')}</button></p>
    </div>
  );
}
