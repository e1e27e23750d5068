import { signal } from '@preact/signals';

/** What the page's one status line says, on screen and to a screen reader. */
export const announced = signal('');

const STAYS_MS = 4000;
let clearing: ReturnType<typeof setTimeout> | undefined;

/** Says something in passing. */
export function announce(text: string): void {
  announced.value = text;
  clearTimeout(clearing);
  clearing = setTimeout(() => {
    announced.value = '';
  }, STAYS_MS);
}
