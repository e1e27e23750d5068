import { factsOf, figuresOf, messageKeys, type Sayable } from './check-facts.ts';
import { CHECK_WORDS } from './check-words.ts';
import { fill } from './message.ts';

const LOCALE = 'en-GB';

/**
 * One sentence in plain English about a check: what was measured, the limit, and beyond it what that means. For the
 * command line and the API; the web app says it in its reader's language. A check without words says its name.
 */
export function explain(name: string, check: Sayable): string {
  const facts = factsOf(name, check);
  const figures = figuresOf(facts, LOCALE);
  for (const key of messageKeys(facts)) {
    const words = CHECK_WORDS[key];
    const said = words === undefined ? null : fill(words, figures, LOCALE);
    if (said !== null) return key.startsWith('check.other.') ? `${name}: ${said}` : said;
  }
  throw new Error('there are no words for any check');
}
