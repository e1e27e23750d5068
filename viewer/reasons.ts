import { isReasonCode } from '../shared/model/reason.ts';
import { instantText } from './dates.ts';
import type { Fields } from '../shared/model/message.ts';
import { say, sayIfKnown } from './words.ts';

/** A reason in words: what was measured and what it means, and what its reader can do. */
export interface ReasonWords {
  readonly sentence: string;
  readonly remedy: string | null;
}

/** The words of a reason, with its figures where they are all there, and without any where one is missing. */
export function reasonWords(code: string, detail: Fields = {}): ReasonWords {
  if (!isReasonCode(code)) return { sentence: say('reason.other', { code }), remedy: null };
  const fields = readable(detail);
  const sentence = sayIfKnown(`reason.${code}`, fields) ?? say(`reason.${code}.plain`, fields);
  return { sentence, remedy: say(`reason.${code}.do`, fields) };
}

const CONSEQUENCES = ['one_check_alone', 'review_pending'];

/** What was measured before what follows from it. */
export function inReadingOrder(codes: readonly string[]): readonly string[] {
  return [...codes.filter((code) => !CONSEQUENCES.includes(code)), ...codes.filter((code) => CONSEQUENCES.includes(code))];
}

// Instants stand in a receipt as machines write them.
function readable(detail: Fields): Fields {
  return Object.fromEntries(Object.entries(detail).map(([name, value]) => [name, isInstant(value) ? instantText(value) : value]));
}

function isInstant(value: string | number): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value));
}
