import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REASONS } from '../../shared/model/reason.ts';
import { CONTEXT_CHECKS } from '../../shared/model/context-verdict.ts';
import { CHECK_WORDS } from '../../shared/model/check-words.ts';
import { ROLES } from '../../shared/model/role.ts';
import { TIERS } from '../../shared/model/verdict.ts';
import { CHECKS } from '../../validate/checks/all.ts';
import { fieldsOf, fill } from '../../shared/model/message.ts';
import { STATUSES } from '../../viewer/status.ts';
import de from '../../viewer/words/de.json' with { type: 'json' };
import enWords from '../../viewer/words/en.json' with { type: 'json' };

const VIEWER = join(import.meta.dirname, '../../viewer');
// As the app speaks it: what is said of checks is the same English at the command line.
const en: Readonly<Record<string, string>> = { ...CHECK_WORDS, ...enWords };
const LANGUAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, de };

describe.each(Object.entries(LANGUAGES))('words: %s', (language, words) => {
  test('every reason has a sentence, one without figures where it has figures, and what one can do', () => {
    const missing = Object.keys(REASONS).flatMap((code) => {
      const sentence = words[`reason.${code}`];
      const wanted = [`reason.${code}`, `reason.${code}.do`, ...(sentence !== undefined && fieldsOf(sentence).length > 0 ? [`reason.${code}.plain`] : [])];
      return wanted.filter((key) => words[key] === undefined);
    });
    expect(missing).toEqual([]);
    const plain = Object.entries(words).filter(([key]) => /^reason\..*\.(plain|do)$/.test(key));
    expect(plain.filter(([, message]) => fieldsOf(message).length > 0)).toEqual([]);
  });

  test('every check has a name and a sentence with its value and its limit', () => {
    for (const name of [...CHECKS.map((check) => check.name), ...CONTEXT_CHECKS]) {
      expect(words[`check.${name}`], name).toBeDefined();
      const sentences = Object.entries(words).filter(([key]) => key.startsWith(`check.${name}.`)).map(([, message]) => message);
      expect(sentences.length, name).toBeGreaterThan(0);
    }
    const all = Object.entries(words).filter(([key]) => /^check\.[a-z-]+\./.test(key));
    for (const [key, sentence] of all) {
      const fields = fieldsOf(sentence);
      expect(fields, key).toContain('limit');
      expect(fields.filter((field) => !['limit', 'measured', 'value', 'claimed', 'seconds'].includes(field)), key).toEqual([]);
      expect(fields.some((field) => field === 'measured' || field === 'value'), key).toBe(true);
      // What needs more than value and limit has words to fall back on.
      if (key.includes('.over')) expect(all.some(([other, text]) => other.startsWith(key.split('.over')[0]!) && !other.includes('.over') && fieldsOf(text).every((field) => ['limit', 'measured'].includes(field))), key).toBe(true);
    }
  });

  test('every status, role and tier has a word', () => {
    const keys = [...STATUSES.flatMap((status) => [`status.${status}`, `sum.${status}`, `verdict.${status}`]), ...ROLES.map((role) => `role.${role}`), ...TIERS.map((tier) => `tier.${tier}`)];
    expect(keys.filter((key) => words[key] === undefined)).toEqual([]);
  });

  test('what the code says is there', () => {
    const said = sources().flatMap((source) => [...source.matchAll(/\b(?:say|sayIfKnown)\((?:[^()'`]*\? )?'([a-z0-9.-]+)'/g), ...source.matchAll(/words: '([a-z.]+)'/g)].map((match) => match[1]!));
    expect(said.length).toBeGreaterThan(100);
    expect([...new Set(said)].filter((key) => words[key] === undefined)).toEqual([]);
  });

  test('it has the same messages with the same fields as English', () => {
    expect(Object.keys(words).toSorted()).toEqual(Object.keys(en).toSorted());
    const other = Object.entries(en).filter(([key, message]) => fieldsOf(message).toSorted().join() !== fieldsOf(words[key]!).toSorted().join());
    expect(other.map(([key]) => key)).toEqual([]);
  });

  test('every message can be filled, and nobody is accused', () => {
    for (const [key, message] of Object.entries(words)) {
      const fields = Object.fromEntries(fieldsOf(message).map((name) => [name, 3]));
      expect(fill(message, fields, language), key).not.toMatch(/[{}]|undefined|NaN/);
      expect(message, key).not.toMatch(/fraud|fake|cheat|betrug|betrüg|fälsch|gefälscht/i);
    }
  });
});

describe('filling a message', () => {
  test('plurals follow the language, numbers too', () => {
    const message = '{n, plural, =0 {none} one {# cell} other {# cells}} of {all}';
    expect(fill(message, { n: 0, all: 1204 }, 'en')).toBe('none of 1,204');
    expect(fill(message, { n: 1, all: 0.25 }, 'en')).toBe('1 cell of 0.25');
    expect(fill('{n, plural, one {# Bild} other {# Bilder}}', { n: 1204.6 }, 'de')).toBe('1.204,6 Bilder');
  });

  test('a missing field fills nothing, and a brace that is not closed is an error', () => {
    expect(fill('{value} m', {}, 'en')).toBeNull();
    expect(fill('{n, plural, other {# of {all}}}', { n: 2 }, 'en')).toBeNull();
    expect(() => fill('{value', { value: 1 }, 'en')).toThrow(SyntaxError);
  });
});

function sources(): string[] {
  return readdirSync(VIEWER, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file)).map((file) => readFileSync(join(VIEWER, file), 'utf8'));
}
