import type { MeasuredCheck } from './answers.ts';
import { quantityText } from './quantities.ts';
import { say, sayIfKnown } from './words.ts';

/** What a check is called. */
export function checkName(name: string): string {
  return sayIfKnown(`check.${name}`) ?? name;
}

/** A check as a sentence: what was measured, and what its limit is. */
export function checkSentence({ name, measured, limit, unit }: MeasuredCheck): string {
  const figures = { measured: quantityText(measured, unit), limit: quantityText(limit, unit) };
  return sayIfKnown(`check.${name}.${unit}`, figures) ?? sayIfKnown(`check.${name}.text`, figures) ?? say('check.other.text', figures);
}
