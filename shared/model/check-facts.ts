import { type Measurement, severity } from './verdict.ts';

/** What there is to say of a check on a window, before it is said in any language. */
export interface CheckFacts {
  readonly name: string;
  readonly isOver: boolean;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  /** What another witness says of the same seconds, such as the speed that the receiver claims. */
  readonly claimed: { readonly value: number; readonly unit: string } | null;
  /** How long it was so. */
  readonly seconds: number | null;
}

/** As much of a measurement as can be said; public answers leave out when it was. */
export type Sayable = Pick<Measurement, 'measured' | 'limit' | 'unit'> & {
  readonly bound?: Measurement['bound'] | undefined;
  readonly claimed?: Measurement['claimed'] | undefined;
  readonly span?: Measurement['span'] | undefined;
  readonly seconds?: number | undefined;
};

export function factsOf(name: string, { measured, limit, unit, bound = 'upper', claimed, seconds, span }: Sayable): CheckFacts {
  return {
    name, measured, limit, unit, claimed: claimed ?? null, seconds: seconds ?? secondsOf(span),
    isOver: severity({ measured, limit, unit, bound, atS: 0 }) > 1,
  };
}

/** How long a measurement took, as somebody would say it; null where it is of the whole window. */
export function secondsOf(span: Measurement['span']): number | null {
  if (span === undefined) return null;
  const lengthS = span.toS - span.fromS;
  return lengthS < 10 ? Math.round(lengthS * 10) / 10 : Math.round(lengthS);
}

/**
 * Under which keys the words may be found, the most telling first: what a value beyond its limit means, with all that
 * is known of it; then what was measured; at last words that fit any check. A unit has words of its own where a check
 * measures in more than one.
 */
export function messageKeys({ name, unit, isOver }: CheckFacts): readonly string[] {
  const beyond = isOver ? [`check.${name}.over.${unit}`, `check.${name}.over`] : [];
  return [...beyond, `check.${name}.${unit}`, `check.${name}.text`, isOver ? 'check.other.over' : 'check.other.text'];
}

/** What the words' braces are filled with, as a language writes figures; what is not known is not among them. */
export function figuresOf({ measured, limit, unit, claimed, seconds, name }: CheckFacts, locale: string): Readonly<Record<string, string | number>> {
  return {
    name,
    measured: quantityIn(locale, measured, unit),
    limit: quantityIn(locale, limit, unit),
    value: valueIn(locale, measured),
    ...(claimed === null ? {} : { claimed: quantityIn(locale, claimed.value, claimed.unit) }),
    ...(seconds === null ? {} : { seconds }),
  };
}

/** A measured value with as many decimals as it is worth reading. */
export function valueIn(locale: string, value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 100 ? 0 : size >= 1 ? 1 : size >= 0.1 ? 2 : 3;
  return new Intl.NumberFormat(locale, { minimumFractionDigits: size >= 100 ? 0 : 1, maximumFractionDigits: decimals }).format(value);
}

/** Of these there are whole numbers, and the sentence around them names them. */
const COUNTED: readonly string[] = ['pictures', 'blocks', 'grey'];

/** The unit of a moment: seconds since the beginning of 1970. A sentence names the day. */
export const UNIX_SECONDS = 'Unix s';
/** A `Date` holds no more. */
const LAST_SECOND = 8.64e12;

/** A value with its unit; the unit is written as the receipt has it (SI). */
export function quantityIn(locale: string, value: number, unit: string): string {
  if (unit === UNIX_SECONDS && Math.abs(value) <= LAST_SECOND) return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(value * 1000);
  if (COUNTED.includes(unit)) return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value);
  return unit === '' ? valueIn(locale, value) : unit === '°' ? `${valueIn(locale, value)}°` : `${valueIn(locale, value)} ${unit}`;
}
