/** What a message's braces are filled with. */
export type Fields = Readonly<Record<string, string | number>>;

/**
 * Fills a message: `{name}`, and `{n, plural, =0 {none} one {# frame} other {# frames}}` with the language's own plural rules.
 * A number is written as the language writes numbers. Null where the message asks for a field that is not given.
 */
export function fill(message: string, fields: Fields, language: string): string | null {
  let filled = '';
  for (let at = 0; at < message.length; ) {
    const open = message.indexOf('{', at);
    if (open < 0) return filled + message.slice(at);
    const close = closingBrace(message, open);
    const part = fillOne(message.slice(open + 1, close), fields, language);
    if (part === null) return null;
    filled += message.slice(at, open) + part;
    at = close + 1;
  }
  return filled;
}

/** The fields that a message asks for. */
export function fieldsOf(message: string): readonly string[] {
  return [...new Set([...message.matchAll(/\{(\w+)(?:,|\})/g)].map(([, name]) => name!))];
}

function fillOne(inside: string, fields: Fields, language: string): string | null {
  const [, name, choices] = /^(\w+)(?:, plural, (.*))?$/s.exec(inside) ?? [];
  const value = name === undefined ? undefined : fields[name];
  if (value === undefined) return null;
  if (choices === undefined) return typeof value === 'number' ? numberText(value, language) : value;
  const count = Number(value);
  const options = optionsOf(choices);
  const chosen = options[`=${count}`] ?? options[new Intl.PluralRules(language).select(count)] ?? options['other'] ?? '';
  return fill(chosen.replaceAll('#', numberText(count, language)), fields, language);
}

function optionsOf(choices: string): Record<string, string> {
  const options: Record<string, string> = {};
  for (let at = 0; at < choices.length; ) {
    const open = choices.indexOf('{', at);
    if (open < 0) break;
    const close = closingBrace(choices, open);
    options[choices.slice(at, open).trim()] = choices.slice(open + 1, close);
    at = close + 1;
  }
  return options;
}

function closingBrace(message: string, open: number): number {
  let depth = 0;
  for (let at = open; at < message.length; at++) {
    if (message[at] === '{') depth++;
    if (message[at] === '}' && --depth === 0) return at;
  }
  throw new SyntaxError(`a brace is not closed: ${message}`);
}

function numberText(value: number, language: string): string {
  const size = Math.abs(value);
  return new Intl.NumberFormat(language, { maximumFractionDigits: size < 1 ? 3 : size < 100 ? 2 : 1 }).format(value);
}
