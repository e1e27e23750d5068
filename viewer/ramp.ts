import type { RampColours, Theme } from './tokens.ts';
import { TOKENS } from './tokens.ts';

/** What the cells can be coloured by. */
export const MEASURES = ['freshness', 'count', 'quality'] as const;
export type Measure = (typeof MEASURES)[number];

/** What a tile says of a cell; `last` counts days since 1970-01-01, `quality` is 0 to 100. */
export interface CellProperties {
  readonly h3: string;
  readonly resolution: number;
  readonly frames: number;
  readonly contributors: number;
  readonly last: number;
  readonly quality?: number;
}

/** One class of a ramp: the legend's line and a step of the paint expression are both made from it. */
export interface RampClass {
  /** Best is 0. The class of unknown values comes last. */
  readonly index: number;
  /** The smallest tile value in it; null takes what is left, undefined where the value is missing. */
  readonly from: number | null | undefined;
  /** What the legend says: at most so many days, or at least so many frames, or at least this share. */
  readonly bound: number | null;
  readonly colour: string;
}

const DAYS = [7, 30, 90, 365] as const;
const FRAMES = [50, 15, 5, 2] as const;
const PERCENT = [75, 50, 25] as const;

/** The classes of a measure, best first. `today` counts days since 1970-01-01. */
export function rampClasses(measure: Measure, theme: Theme, today: number): readonly RampClass[] {
  const { ramps } = TOKENS[theme];
  if (measure === 'freshness') return classes(ramps.freshness, DAYS, (days) => today - days);
  if (measure === 'count') return classes(ramps.count, FRAMES, (frames) => frames);
  const known = classes(ramps.quality, PERCENT, (percent) => percent);
  return [...known, { index: known.length, from: undefined, bound: null, colour: ramps.unknown }];
}

function classes(
  colours: RampColours[Measure],
  bounds: readonly number[],
  valueAt: (bound: number) => number,
): readonly RampClass[] {
  return colours.map((colour, index) => {
    const bound = bounds[index] ?? null;
    return { index, from: bound === null ? null : valueAt(bound), bound, colour };
  });
}

/** The tile property behind a measure. */
export const PROPERTY = { freshness: 'last', count: 'frames', quality: 'quality' } as const satisfies Record<Measure, keyof CellProperties>;

/** Which class a cell falls in: the same comparison that the paint expression makes. */
export function classOf(cell: Partial<CellProperties>, measure: Measure, ramp: readonly RampClass[]): number {
  const value = cell[PROPERTY[measure]];
  const found = ramp.find(({ from }) => (value === undefined ? from === undefined : from === null || (from !== undefined && value >= from)));
  return found?.index ?? ramp.length - 1;
}

/** A MapLibre expression. */
export type Expression = readonly [string, ...unknown[]];

/** The colour of a cell as a `step` over the ramp's own bounds. */
export function colourExpression(measure: Measure, ramp: readonly RampClass[]): Expression {
  const rest = ramp.find(({ from }) => from === null);
  const steps = ramp.filter((entry): entry is RampClass & { from: number } => typeof entry.from === 'number');
  const value: Expression = ['to-number', ['get', PROPERTY[measure]], 0];
  const step: Expression = ['step', value, rest?.colour, ...steps.toReversed().flatMap(({ from, colour }) => [from, colour])];
  const unknown = ramp.find(({ from }) => from === undefined);
  return unknown === undefined ? step : ['case', ['has', PROPERTY[measure]], step, unknown.colour];
}

/** True for cells of the classes that are not switched off; null where none is. */
export function classFilter(measure: Measure, ramp: readonly RampClass[], off: readonly number[]): Expression | null {
  if (off.length === 0) return null;
  const shown = ramp.map(({ index, ...entry }) => ({ ...entry, index, colour: String(!off.includes(index)) }));
  return ['==', colourExpression(measure, shown), 'true'];
}
