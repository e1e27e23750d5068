import { OVERLAYS, type Layer } from './coverage-style.ts';
import type { Expression } from './ramp.ts';
import { SELECTION, TOKENS, type Theme } from './tokens.ts';

/** The track of one's own drive, coloured by verdict; its source holds lines and points with a `verdict`. */
export function trackLayers(theme: Theme): readonly Layer[] {
  const { verdicts, map } = TOKENS[theme];
  const colour: Expression = [
    'match', ['get', 'verdict'], 'accepted', verdicts.accepted, 'flagged', verdicts.flagged, 'rejected', verdicts.rejected,
    'unverified', verdicts.unverified, verdicts.processing,
  ];
  const source = OVERLAYS.track;
  const line = (verdict: string | null, dash: readonly number[] | null): Layer => ({
    id: `track-${verdict ?? 'other'}`, type: 'line', source,
    filter: verdict === null
      ? ['all', ['==', ['geometry-type'], 'LineString'], ['!', ['in', ['get', 'verdict'], ['literal', ['flagged', 'rejected', 'unverified']]]]]
      : ['all', ['==', ['geometry-type'], 'LineString'], ['==', ['get', 'verdict'], verdict]],
    layout: { 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': 4, ...(dash === null ? {} : { 'line-dasharray': dash }) },
  });
  const round = { 'line-join': 'round', 'line-cap': 'round' };
  const stretch: Expression = ['==', ['geometry-type'], 'LineString'];
  return [
    // A stretch that is looked at is a band under the track; the moment is a ring on it.
    { id: 'stretch-halo', type: 'line', source: OVERLAYS.moment, filter: stretch, layout: round, paint: { 'line-color': SELECTION.halo, 'line-width': 17 } },
    { id: 'stretch', type: 'line', source: OVERLAYS.moment, filter: stretch, layout: round, paint: { 'line-color': SELECTION.ink, 'line-width': 13, 'line-opacity': 0.75 } },
    { id: 'track-halo', type: 'line', source, layout: { 'line-join': 'round', 'line-cap': 'round' }, filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': map.land, 'line-width': 7 } },
    // Colour never speaks alone: solid, long dash, dots, and two thin lines for what could not be verified.
    line(null, null), line('flagged', [3, 1]), line('rejected', [0.6, 0.9]), line('unverified', [1.4, 0.7]),
    {
      id: 'track-frames', type: 'circle', source, filter: ['==', ['geometry-type'], 'Point'], minzoom: 14,
      paint: { 'circle-color': colour, 'circle-radius': 4, 'circle-stroke-color': map.land, 'circle-stroke-width': 1.5 },
    },
    {
      id: 'moment', type: 'circle', source: OVERLAYS.moment, filter: ['==', ['geometry-type'], 'Point'],
      paint: { 'circle-color': SELECTION.halo, 'circle-radius': 4.5, 'circle-stroke-color': SELECTION.ink, 'circle-stroke-width': 3 },
    },
  ];
}
