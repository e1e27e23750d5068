import type { Layer } from './coverage-style.ts';
import { OVERLAYS } from './coverage-style.ts';
import { TOKENS, type Theme } from './tokens.ts';

/** Sources of the offline base map. */
export const BASE = { land: 'land', frontiers: 'frontiers', names: 'country-names', graticule: 'graticule' } as const;

// MapLibre draws text from the reader's own fonts where a style names no glyph server.
const FONT = { 'text-font': ['system-ui, sans-serif'] };

/** What lies under the cells: water, land, a faint graticule, frontiers. */
export function groundLayers(theme: Theme): readonly Layer[] {
  const { land, water, graticule, frontier } = TOKENS[theme].map;
  return [
    { id: 'water', type: 'background', paint: { 'background-color': water } },
    { id: 'graticule', type: 'line', source: BASE.graticule, maxzoom: 8, paint: { 'line-color': graticule, 'line-width': 0.7 } },
    { id: 'land', type: 'fill', source: BASE.land, paint: { 'fill-color': land } },
    { id: 'frontiers', type: 'line', source: BASE.frontiers, paint: { 'line-color': frontier, 'line-width': ['interpolate', ['linear'], ['zoom'], 2, 0.6, 8, 1.4] } },
  ];
}

/** Streets of the demo: over the cells, so that cells may be opaque. */
export function roadLayers(theme: Theme): readonly Layer[] {
  const { road, roadCasing } = TOKENS[theme].map;
  const layout = { 'line-cap': 'round', 'line-join': 'round' };
  return [
    { id: 'roads-casing', type: 'line', source: OVERLAYS.roads, minzoom: 12, layout, paint: { 'line-color': roadCasing, 'line-width': widthFrom(1.6, 15) } },
    { id: 'roads', type: 'line', source: OVERLAYS.roads, minzoom: 12, layout, paint: { 'line-color': road, 'line-width': widthFrom(0.8, 12.5) } },
  ];
}

function widthFrom(at13: number, at18: number): unknown {
  return ['interpolate', ['exponential', 1.6], ['zoom'], 13, at13, 18, ['match', ['get', 'kind'], 'avenue', at18 * 1.3, at18]];
}

/** Names, over everything but what is selected. */
export function nameLayers(theme: Theme): readonly Layer[] {
  const { label, land } = TOKENS[theme].map;
  const paint = { 'text-color': label, 'text-halo-color': land, 'text-halo-width': 1.4 };
  return [
    {
      id: 'road-names', type: 'symbol', source: OVERLAYS.roads, minzoom: 15, paint,
      layout: { ...FONT, 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-size': 12, 'symbol-spacing': 320 },
    },
    {
      id: 'country-names', type: 'symbol', source: BASE.names, maxzoom: 8, paint,
      filter: ['<=', ['get', 'rank'], ['+', ['floor', ['zoom']], 0]],
      layout: { ...FONT, 'text-field': ['get', 'name'], 'text-size': ['interpolate', ['linear'], ['zoom'], 1, 11, 6, 15], 'text-letter-spacing': 0.04, 'text-max-width': 7 },
    },
  ];
}
