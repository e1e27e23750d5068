import { classFilter, colourExpression, type CellProperties, type Expression, type Measure, type RampClass } from './ramp.ts';
import type { Since } from './route.ts';
import { SELECTION, TOKENS, type Theme } from './tokens.ts';

/** A layer as MapLibre's style specification writes it. */
export interface Layer {
  readonly id: string;
  readonly type: 'background' | 'fill' | 'line' | 'circle' | 'symbol';
  readonly source?: string;
  readonly 'source-layer'?: string;
  readonly minzoom?: number;
  readonly maxzoom?: number;
  readonly filter?: Expression;
  readonly layout?: Readonly<Record<string, unknown>>;
  readonly paint?: Readonly<Record<string, unknown>>;
}

/** One filter for cells, lines and frames alike, and what the cells are coloured by. */
export interface CoverageLook {
  readonly theme: Theme;
  readonly measure: Measure;
  readonly ramp: readonly RampClass[];
  readonly off: readonly number[];
  readonly since: Since | null;
  /** Days since 1970-01-01. */
  readonly today: number;
  readonly quality: number | null;
  /** False while the reader hides all but the base map. */
  readonly visible: boolean;
}

/** Ids that tests and clicks ask for. `cells-all` is never seen: it counts what the filter leaves out. */
export const COVERAGE = { source: 'coverage', cells: 'cells', all: 'cells-all', drives: 'drives', frames: 'frames' } as const;
/** The source of what is selected or pointed at; sources of the track of a drive, of a moment and a stretch of it, and of the demo's roads. */
export const OVERLAYS = { selection: 'selection', track: 'track', moment: 'moment', roads: 'roads' } as const;

/** Zooms at which lines and frames appear, and at which the class moves from the fill into an outline. */
export const ZOOMS = { drives: 12, frames: 16, outline: 16, wedges: 18 } as const;

/** What lies under the roads of the base map: hexagons. */
export function cellLayers(look: CoverageLook): readonly Layer[] {
  const { land, ink } = TOKENS[look.theme].map;
  const colour = colourExpression(look.measure, look.ramp);
  const at = { source: COVERAGE.source, 'source-layer': 'cells' } as const;
  const filter = allOf([...commonFilters(look), classFilter(look.measure, look.ramp, look.off)]);
  const layout = { visibility: look.visible ? 'visible' : 'none' };
  return [
    { id: COVERAGE.all, type: 'fill', ...at, paint: { 'fill-opacity': 0 } },
    {
      id: COVERAGE.cells, type: 'fill', ...at, filter, layout,
      paint: { 'fill-color': colour, 'fill-opacity': ['step', ['zoom'], 1, 15, 0.85, ZOOMS.outline, 0.2], 'fill-antialias': false },
    },
    {
      id: 'cells-gap', type: 'line', ...at, filter, layout, maxzoom: ZOOMS.outline,
      paint: { 'line-color': land, 'line-width': 0.5 },
    },
    {
      id: 'cells-outline', type: 'line', ...at, filter, layout, minzoom: ZOOMS.outline,
      paint: { 'line-color': colour, 'line-width': 2 },
    },
    {
      id: 'cells-hover', type: 'line', ...at, filter, layout,
      paint: { 'line-color': ink, 'line-width': ['case', ['boolean', ['feature-state', 'hover'], false], 2, 0] },
    },
  ];
}

/** What lies over the roads: lines of drives, frames, and what is selected. */
export function captureLayers(look: CoverageLook): readonly Layer[] {
  const { map, verdicts } = TOKENS[look.theme];
  const at = { source: COVERAGE.source } as const;
  const filter = allOf(commonFilters(look));
  const layout = { visibility: look.visible ? 'visible' : 'none' };
  return [
    {
      id: COVERAGE.drives, type: 'line', ...at, 'source-layer': 'drives', minzoom: ZOOMS.drives, filter: sinceFilter(look) ?? ['all'],
      layout: { ...layout, 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': map.ink, 'line-opacity': 0.45, 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 1.5, 16, 3] },
    },
    {
      id: COVERAGE.frames, type: 'circle', ...at, 'source-layer': 'frames', minzoom: ZOOMS.frames, filter, layout,
      paint: {
        'circle-color': verdicts.accepted, 'circle-radius': ['interpolate', ['linear'], ['zoom'], 16, 3.5, 19, 6],
        'circle-stroke-color': map.land, 'circle-stroke-width': 1.5,
      },
    },
    {
      id: 'frames-wedge', type: 'symbol', ...at, 'source-layer': 'frames', minzoom: ZOOMS.wedges,
      filter: allOf([...commonFilters(look), ['has', 'heading']]),
      layout: { ...layout, ...wedge(look.theme, 0.75) },
    },
  ];
}

/** Selection and pointing, over everything: ink within a halo, never a hue. */
export function selectionLayers(theme: Theme): readonly Layer[] {
  const source = OVERLAYS.selection;
  const join = { 'line-join': 'round', 'line-cap': 'round' };
  return [
    { id: 'selected-halo', type: 'line', source, filter: ofKind('shape'), layout: join, paint: { 'line-color': SELECTION.halo, 'line-width': 6 } },
    { id: 'selected-ink', type: 'line', source, filter: ofKind('shape'), layout: join, paint: { 'line-color': SELECTION.ink, 'line-width': 2.5 } },
    { id: 'selected-wedge', type: 'symbol', source, filter: ['all', ofKind('frame'), ['has', 'heading']], layout: wedge(theme, 1.1) },
    {
      id: 'selected-frame', type: 'circle', source, filter: ofKind('frame'),
      paint: {
        'circle-radius': 7, 'circle-color': SELECTION.ink, 'circle-stroke-width': 3, 'circle-stroke-color': SELECTION.halo,
      },
    },
  ];
}

function ofKind(kind: string): Expression {
  return ['==', ['get', 'kind'], kind];
}

/** Where the picture looks: a wedge that turns with its heading. */
export function wedge(theme: Theme, size: number): Readonly<Record<string, unknown>> {
  return {
    'icon-image': `wedge-${theme}`, 'icon-size': size, 'icon-rotate': ['get', 'heading'], 'icon-rotation-alignment': 'map',
    'icon-allow-overlap': true, 'icon-ignore-placement': true,
  };
}

/** Whether captures of a day pass a filter; tiles and lists use the same bounds. */
export function daysOf(since: Since | null, today: number): readonly [number, number] | null {
  if (since === null) return null;
  if ('days' in since) return [today - since.days, today + 1];
  return [dayOf(since.from), dayOf(since.to)];
}

function dayOf(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
}

function commonFilters(look: CoverageLook): (Expression | null)[] {
  const least = look.quality === null ? null : (['>=', ['to-number', ['get', 'quality'], -1], look.quality * 100] as const);
  return [sinceFilter(look), least];
}

function sinceFilter({ since, today }: CoverageLook): Expression | null {
  const days = daysOf(since, today);
  return days === null ? null : ['all', ['>=', ['get', 'last'], days[0]], ['<=', ['get', 'last'], days[1]]];
}

function allOf(filters: readonly (Expression | null)[]): Expression {
  return ['all', ...filters.filter((filter) => filter !== null)];
}

/** Whether a cell passes what lines and frames are filtered by too; classes switched off are left to the caller. */
export function passes(cell: Pick<CellProperties, 'last' | 'quality'>, { since, today, quality }: Pick<CoverageLook, 'since' | 'today' | 'quality'>): boolean {
  const days = daysOf(since, today);
  if (days !== null && (cell.last < days[0] || cell.last > days[1])) return false;
  return quality === null || (cell.quality ?? -1) >= quality * 100;
}
