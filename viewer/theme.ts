import { effect, signal } from '@preact/signals';
import { keep, kept } from './keepsakes.ts';
import { cssVariables, type Theme } from './tokens.ts';

/** The theme on screen. */
export const theme = signal<Theme>('light');

/** Takes the reader's last choice, else the device's, and keeps the page's colours in step. */
export function startTheme(): void {
  const device = matchMedia('(prefers-color-scheme: dark)');
  const chosen = kept('theme');
  theme.value = chosen === 'dark' || chosen === 'light' ? chosen : device.matches ? 'dark' : 'light';
  device.addEventListener('change', ({ matches }) => {
    if (kept('theme') === null) theme.value = matches ? 'dark' : 'light';
  });
  effect(() => {
    const root = document.documentElement;
    root.dataset['theme'] = theme.value;
    root.style.colorScheme = theme.value;
    for (const [name, value] of cssVariables(theme.value)) root.style.setProperty(name, value);
  });
}

/** Changes light to dark and back, and remembers it. */
export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  keep('theme', theme.value);
}
