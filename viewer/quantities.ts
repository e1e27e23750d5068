import { quantityIn, valueIn } from '../shared/model/check-facts.ts';
import { locale, say } from './words.ts';

const MICRO = 1_000_000n;
const OCTANTS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

/** A number as the language writes it, at most so many decimals. */
export function numberText(value: number, decimals = 0): string {
  return new Intl.NumberFormat(locale.value, { maximumFractionDigits: decimals }).format(value);
}

/** A number with always so many decimals, so that a column of them can be compared. */
export function fixedText(value: number, decimals: number): string {
  return new Intl.NumberFormat(locale.value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
}

/** A share of 1 as a percentage. */
export function percentText(share: number): string {
  return new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** A measured value with as many decimals as it is worth reading. */
export function valueText(value: number): string {
  return valueIn(locale.value, value);
}

/** A value with its unit; the unit is written as the receipt has it (SI). */
export function quantityText(value: number, unit: string): string {
  return quantityIn(locale.value, value, unit);
}

/** A length in metres or kilometres. */
export function lengthText(metres: number): string {
  const [value, unit] = metres >= 1000 ? [metres / 1000, 'kilometer'] : [metres, 'meter'];
  return new Intl.NumberFormat(locale.value, { style: 'unit', unit, maximumFractionDigits: unit === 'meter' ? 0 : 1 }).format(value);
}

/** A length of time in its largest fitting unit: seconds, minutes, hours, days. */
export function durationText(seconds: number): string {
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [seconds / 60, 'minute'] : seconds < 129_600 ? [seconds / 3600, 'hour'] : [seconds / 86_400, 'day'];
  return new Intl.NumberFormat(locale.value, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(value);
}

/** A size of a file in its largest fitting unit. */
export function bytesText(bytes: number): string {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kilobyte'] : bytes < 1e9 ? [bytes / 1e6, 'megabyte'] : [bytes / 1e9, 'gigabyte'];
  return new Intl.NumberFormat(locale.value, { style: 'unit', unit, maximumFractionDigits: unit === 'kilobyte' ? 0 : 1 }).format(value);
}

/** A heading as degrees and compass point, as in `84° E`. */
export function headingText(deg: number): string {
  return say('heading.value', { degrees: Math.round(deg) % 360, point: say(`compass.${octantOf(deg)}`) });
}

/** Which of the eight compass points a heading is nearest to. */
export function octantOf(deg: number): (typeof OCTANTS)[number] {
  return OCTANTS[Math.round((((deg % 360) + 360) % 360) / 45) % OCTANTS.length]!;
}

/** Points from micro-points: exact, all six decimals, since a rounded amount would not add up. */
export function pointsText(micro: string): string {
  const amount = BigInt(micro);
  const size = amount < 0n ? -amount : amount;
  const whole = new Intl.NumberFormat(locale.value).format(size / MICRO);
  const point = new Intl.NumberFormat(locale.value).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  return `${amount < 0n ? '−' : ''}${whole}${point}${String(size % MICRO).padStart(6, '0')}`;
}

/** A quality in parts per million, as the factor that it is: exact. */
export function qualityText(ppm: number): string {
  return numberText(ppm / 1e6, 6);
}

/** A latitude and longitude to copy: five decimals are a metre. */
export function placeText(latDeg: number, lonDeg: number): string {
  return `${latDeg.toFixed(5)}, ${lonDeg.toFixed(5)}`;
}
