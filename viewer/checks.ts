import { factsOf, figuresOf, messageKeys } from '../shared/model/check-facts.ts';
import type { MeasuredCheck } from './answers.ts';
import { hasLeast } from './nearness.ts';
import { locale, sayIfKnown } from './words.ts';

/** What a check is called. */
export function checkName(name: string): string {
  return sayIfKnown(`check.${name}`) ?? name;
}

/** A check as a sentence: what was measured, what its limit is and, beyond it, what that means. */
export function checkSentence({ name, ...measured }: MeasuredCheck): string {
  const facts = factsOf(name, { ...measured, bound: hasLeast({ name, ...measured }) ? 'lower' : 'upper' });
  const figures = figuresOf(facts, locale.value);
  for (const key of messageKeys(facts)) {
    const said = sayIfKnown(key, figures);
    if (said !== null) return said;
  }
  return '';
}
