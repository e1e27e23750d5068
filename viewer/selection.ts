import { signal } from '@preact/signals';
import type { Feature, FeatureCollection } from 'geojson';
import type { LatLon } from '../shared/model/geo.ts';
import { OVERLAYS, ZOOMS } from './coverage-style.ts';
import type { Hit, MapPoint, StreetMap } from './map.ts';
import { amendMap } from './navigation.ts';

/** Frames at one place: more than one makes a list, not a guess. */
export const framesHere = signal<readonly string[]>([]);

const SAME_PLACE_PX = 6;
const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };

let last: { readonly point: MapPoint; readonly depth: number } | null = null;

/** Selects what a click meant: frame over line over cell; a second click at the same place goes one down. */
export function selectAt(map: StreetMap, point: MapPoint): void {
  const hits = map.hitsAt(point);
  const again = last !== null && Math.hypot(last.point.x - point.x, last.point.y - point.y) < SAME_PLACE_PX;
  const depth = again && hits.length > 0 ? ((last?.depth ?? 0) + 1) % hits.length : 0;
  last = { point, depth };
  framesHere.value = hits.filter(({ kind }) => kind === 'frame').map(({ id }) => id);
  select(hits[depth] ?? null);
}

/** Selects one thing of the map, or nothing. */
export function select(hit: Pick<Hit, 'kind' | 'id'> | null): void {
  const chosen = { cell: null, frame: null, drive: null };
  amendMap(hit === null ? chosen : { ...chosen, [hit.kind]: hit.id }, 'step');
}

/** Where the last click on the map was: the nearest picture of a line is looked for there. */
export function lastClick(): readonly [number, number] | null {
  return last?.point.lonLat ?? null;
}

/** Selects the frame nearest to a place, going close enough to see frames first. */
export function selectNearest(map: StreetMap, lonLat: readonly [number, number]): void {
  const [lonDeg, latDeg] = lonLat;
  const nearest = (): void => {
    const frame = map.nearestFrame(lonLat);
    if (frame !== null) select({ kind: 'frame', id: frame });
  };
  if (map.zoom() >= ZOOMS.frames + 0.5) nearest();
  else map.go({ zoom: ZOOMS.frames + 1, latDeg, lonDeg }, 'jump', nearest);
}

/** Draws what is selected. */
export function draw(map: StreetMap, shape: Feature | null): void {
  map.fill(OVERLAYS.selection, shape ?? NOTHING);
}

/** Draws what is selected, and moves the map only where the panel would hide it. */
export function drawInSight(map: StreetMap, shape: Feature, lonLat: readonly [number, number]): void {
  draw(map, shape);
  const panel = document.querySelector<HTMLElement>('.panel');
  const beside = window.matchMedia('(min-width: 720px)').matches;
  map.reveal(lonLat, { right: beside ? (panel?.offsetWidth ?? 0) : 0, foot: beside ? 0 : (panel?.offsetHeight ?? 0) });
}

/** A cell's outline, closed. The index library is large and loads only here. */
export async function outlineOf(h3: string): Promise<{ readonly outline: Feature; readonly centre: readonly [number, number] } | null> {
  const { cellBoundary, cellCentre, parseCell } = await import('../shared/model/cell.ts');
  const cell = parseCell(h3);
  if (cell === null) return null;
  const ring = cellBoundary(cell).map(({ lonDeg, latDeg }) => [lonDeg, latDeg]);
  const { latDeg, lonDeg } = cellCentre(cell);
  return { centre: [lonDeg, latDeg], outline: { type: 'Feature', properties: { kind: 'shape' }, geometry: { type: 'LineString', coordinates: [...ring, ring[0]!] } } };
}

/** A frame as a point with its heading, where it has one. */
export function pointOf({ latDeg, lonDeg }: LatLon, headingDeg: number | null): Feature {
  return {
    type: 'Feature',
    properties: { kind: 'frame', ...(headingDeg === null ? {} : { heading: headingDeg }) },
    geometry: { type: 'Point', coordinates: [lonDeg, latDeg] },
  };
}
