import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { kept } from './keepsakes.ts';

/** A key of the page on screen: what is typed, what `?` says of it, what it does. */
export interface KeyAction {
  /** As `event.key` has it, so that it follows the layout; `Shift+` before it where Shift is its larger variant. */
  readonly keys: readonly string[];
  /** Key of the words. */
  readonly words: string;
  readonly run: (typed: string) => void;
}

/** Whether the list of keys is open. */
export const keyHelpOpen = signal(false);

/** Keys in force, those of the page last; a later one wins. */
export const keysInForce = signal<readonly (readonly KeyAction[])[]>([]);

/** Whether single letters are commands; some readers' devices type them by accident (WCAG 2.1.4). */
export const lettersOn = signal(true);

/** Listens for keys. Letters typed into a field are never commands. */
export function startKeys(): void {
  lettersOn.value = kept('letters') !== 'off';
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    // While the map has the focus, arrows, plus and minus are the map's; Escape gives them back.
    if (event.target instanceof HTMLCanvasElement && /^(Arrow|[-+=]$)/.test(event.key)) return;
    if (event.target instanceof HTMLCanvasElement && event.key === 'Escape') event.target.blur();
    const typed = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
    if (!lettersOn.peek() && /^\S$/.test(typed)) return;
    const action = keysInForce.peek().toReversed().flat().find(({ keys }) => keys.includes(typed));
    if (action === undefined || (document.querySelector('dialog[open]') !== null && event.key !== '?')) return;
    // Space and Enter on a button press it, and Space ticks a box.
    const presses = event.key === ' ' ? 'button, a, summary, input, label' : event.key === 'Enter' ? 'button, a, summary' : null;
    if (presses !== null && event.target instanceof Element && event.target.closest(presses) !== null) return;
    event.preventDefault();
    action.run(typed);
  });
}

/** Puts keys in force while a component is on screen. */
export function useKeys(actions: readonly KeyAction[], dependencies: readonly unknown[] = []): void {
  useEffect(() => {
    keysInForce.value = [...keysInForce.peek(), actions];
    return () => {
      keysInForce.value = keysInForce.peek().filter((group) => group !== actions);
    };
  }, dependencies);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox', 'button', 'range'].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
