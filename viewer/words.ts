import { signal } from '@preact/signals';
import { fill, type Fields } from '../shared/model/message.ts';

/** Languages that the app speaks, each with its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

type Words = Readonly<Record<string, string>>;

const LOADERS: Readonly<Record<Language, () => Promise<{ default: Words }>>> = {
  // What is said of checks is the same English at the command line.
  en: async () => {
    const [{ CHECK_WORDS }, { default: words }] = await Promise.all([import('../shared/model/check-words.ts'), import('./words/en.json', { with: { type: 'json' } })]);
    return { default: { ...CHECK_WORDS, ...words } };
  },
  de: () => import('./words/de.json', { with: { type: 'json' } }),
};

/** The language on screen. */
export const language = signal<Language>('en');

/** How that language writes numbers and dates where the reader lives. */
export const locale = signal('en-GB');

const HOME = { en: 'en-GB', de: 'de-DE' } as const;

const spoken = signal<Words>({});

/** Loads a language and speaks it from then on. */
export async function speak(wanted: Language): Promise<void> {
  spoken.value = (await LOADERS[wanted]()).default;
  language.value = wanted;
  locale.value = navigator.languages.find((tag) => tag.startsWith(`${wanted}-`)) ?? HOME[wanted];
  document.documentElement.lang = wanted;
}

/** The first language of the reader that the app speaks. */
export function preferredLanguage(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => Object.hasOwn(LANGUAGES, tag));
  return (known as Language | undefined) ?? 'en';
}

/** The words for a key, filled. A key without words shows itself, which a test forbids for every key in use. */
export function say(key: string, fields: Fields = {}): string {
  const message = spoken.value[key];
  return message === undefined ? key : (fill(message, fields, locale.value) ?? message.replaceAll(/[{}]/g, ''));
}

/** The words for a key, or null where there are none or a field is missing. */
export function sayIfKnown(key: string, fields: Fields = {}): string | null {
  const message = spoken.value[key];
  return message === undefined ? null : fill(message, fields, locale.value);
}
