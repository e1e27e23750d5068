/** What this device remembers for the reader, and for how long. */
export type Keepsake = 'theme' | 'language' | 'token' | 'letters';

/** Reads what was kept, in this tab first; null where nothing is, or where the browser keeps nothing. */
export function kept(name: Keepsake): string | null {
  try {
    return sessionStorage.getItem(keyOf(name)) ?? localStorage.getItem(keyOf(name));
  } catch {
    return null;
  }
}

/** Keeps a value on this device, or only until the tab closes. */
export function keep(name: Keepsake, value: string, until: 'forgotten' | 'tab closes' = 'forgotten'): void {
  try {
    (until === 'tab closes' ? sessionStorage : localStorage).setItem(keyOf(name), value);
  } catch {
    // A browser in private mode may refuse: the choice then lasts as long as the page.
  }
}

/** Forgets a value, in this tab and on this device. */
export function forget(name: Keepsake): void {
  try {
    sessionStorage.removeItem(keyOf(name));
    localStorage.removeItem(keyOf(name));
  } catch {
    // Nothing is kept where the browser keeps nothing.
  }
}

function keyOf(name: Keepsake): string {
  return `wayproof.${name}`;
}
