import 'maplibre-gl/dist/maplibre-gl.css';
import {
  AttributionControl, Map as GlMap, ScaleControl, setWorkerUrl,
  type ErrorEvent, type FilterSpecification, type GeoJSONSource, type LayerSpecification, type MapMouseEvent, type StyleSpecification,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { GeoJSON } from 'geojson';
import { BASE } from './base-style.ts';
import { COVERAGE, OVERLAYS, type Layer } from './coverage-style.ts';
import type { CellProperties } from './ramp.ts';
import type { MapPlace } from './route.ts';
import type { Theme } from './tokens.ts';
import { wedgeImage } from './wedge.ts';

declare global {
  interface Window {
    /** For tests: the MapLibre map, so that they can ask `queryRenderedFeatures` and wait for `idle`. */
    wayproof?: { readonly map: GlMap };
  }
}

/** Something on the map under the pointer. */
export interface Hit {
  readonly kind: 'frame' | 'drive' | 'cell';
  /** What the layer calls it: a frame's id, a line's short id, a cell's index. */
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly lonLat: readonly [number, number];
}

/** A pixel of the map, and where it lies. */
export interface MapPoint {
  readonly x: number;
  readonly y: number;
  readonly lonLat: readonly [number, number];
}

export interface MapEvents {
  readonly moved: (at: MapPlace, byHand: boolean) => void;
  readonly idle: () => void;
  readonly clicked: (point: MapPoint) => void;
  readonly pointed: (point: MapPoint | null) => void;
  /** A tile could not be had: HTTP status, 0 where nothing answered. */
  readonly tileFailed: (status: number) => void;
}

export interface MapOptions {
  readonly slot: HTMLElement;
  readonly styleUrl: string | null;
  readonly start: { readonly at: MapPlace } | { readonly bounds: readonly [number, number, number, number] };
  readonly attribution: string;
  readonly layers: readonly Layer[];
  readonly reducedMotion: boolean;
  readonly events: MapEvents;
}

interface TileName {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** What MapLibre adds to an error that a tile met. */
type TileError = ErrorEvent & { readonly sourceId?: string; readonly tile?: { readonly tileID: { readonly canonical: TileName } } };

type Bounds = readonly [number, number, number, number];

const NOTHING: GeoJSON = { type: 'FeatureCollection', features: [] };
const EMPTY_STYLE: StyleSpecification = { version: 8, sources: {}, layers: [] };
const MAX_ZOOM = 20;
const FIT_MAX_ZOOM = 16;
// Room for what lies on top of the map at its edges.
const FIT_PADDING = { top: 96, bottom: 48, left: 32, right: 64 };
const TILES_MAX_ZOOM = 18;
const HIT_RADIUS_PX = 5;
const EDGE_PX = 24;
const KINDS = { [COVERAGE.frames]: 'frame', [COVERAGE.drives]: 'drive', [COVERAGE.cells]: 'cell' } as const;

/** The one map of the app: it is moved from page to page, and keeps its place and its tiles. The only door to MapLibre. */
export class StreetMap {
  readonly #map: GlMap;
  readonly #options: MapOptions;
  #layers: readonly Layer[];
  #data = new Map<string, GeoJSON>();
  #failed = new Map<string, TileName>();
  #hovered: string | null = null;

  constructor(options: MapOptions) {
    setWorkerUrl(workerUrl);
    this.#options = options;
    this.#layers = options.layers;
    const container = document.createElement('div');
    container.className = 'map-canvas';
    options.slot.append(container);
    this.#map = new GlMap({
      container,
      style: options.styleUrl ?? EMPTY_STYLE,
      ...viewOf(options.start),
      maxZoom: MAX_ZOOM,
      attributionControl: false,
      fadeDuration: options.reducedMotion ? 0 : 150,
    });
    this.#map.addControl(new AttributionControl({ compact: false, customAttribution: options.attribution }), 'bottom-right');
    this.#map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-right');
    this.#listen(options.events);
    window.wayproof = { map: this.#map };
  }

  /** Moves the map into another place of the page. */
  moveTo(slot: HTMLElement, how: { readonly cooperative: boolean; readonly label: string }): void {
    slot.append(this.#map.getContainer());
    if (how.cooperative) this.#map.cooperativeGestures.enable();
    else this.#map.cooperativeGestures.disable();
    this.label(how.label);
    this.#map.resize();
  }

  /** What a screen reader hears of the canvas. */
  label(text: string): void {
    this.#map.getCanvas().setAttribute('aria-label', text);
  }

  /** Gives the arrow keys to the map. */
  focus(): void {
    this.#map.getCanvas().focus();
  }

  /** Takes the arrow keys back, as after a click on a map within a page. */
  unfocus(): void {
    this.#map.getCanvas().blur();
  }

  /** Repaints our layers: only what differs is touched. */
  paint(layers: readonly Layer[]): void {
    this.#layers = layers;
    if (!this.#map.isStyleLoaded() && this.#map.getSource(COVERAGE.source) === undefined) return;
    for (const layer of layers) {
      for (const [name, value] of Object.entries(layer.paint ?? {})) this.#map.setPaintProperty(layer.id, name as never, value as never);
      for (const [name, value] of Object.entries(layer.layout ?? {})) this.#map.setLayoutProperty(layer.id, name as never, value as never);
      if (layer.filter !== undefined) this.#map.setFilter(layer.id, layer.filter as FilterSpecification);
    }
  }

  /** Fills a source with shapes; before the style has loaded they wait. */
  fill(source: string, data: GeoJSON): void {
    this.#data.set(source, data);
    this.#map.getSource<GeoJSONSource>(source)?.setData(data);
  }

  go(at: MapPlace, how: 'jump' | 'fly', arrived?: () => void): void {
    if (arrived !== undefined) void this.#map.once('idle', arrived);
    const target = { center: [at.lonDeg, at.latDeg] as [number, number], zoom: at.zoom };
    if (how === 'jump' || this.#options.reducedMotion) this.#map.jumpTo(target);
    else this.#map.easeTo({ ...target, duration: 600 });
  }

  /** Shows a whole box; `tight` where nothing lies on top of the map. */
  fit(bounds: Bounds, how: 'loose' | 'tight' = 'loose'): void {
    this.#map.fitBounds([...bounds] as [number, number, number, number], { padding: how === 'tight' ? 28 : FIT_PADDING, maxZoom: FIT_MAX_ZOOM, animate: false });
  }

  /** Moves only if the place is out of sight, or under what covers the map at its right or its foot, in pixels. */
  reveal(lonLat: readonly [number, number], cover: { readonly right: number; readonly foot: number } = { right: 0, foot: 0 }): void {
    const at: [number, number] = [lonLat[0], lonLat[1]];
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const { x, y } = this.#map.project(at);
    if (x >= EDGE_PX && y >= EDGE_PX && x < clientWidth - cover.right - EDGE_PX && y < clientHeight - cover.foot - EDGE_PX) return;
    this.#map.panTo(at, { offset: [-cover.right / 2, -cover.foot / 2], animate: !this.#options.reducedMotion });
  }

  zoomBy(steps: number): void {
    this.#map.zoomTo(this.#map.getZoom() + steps, { animate: !this.#options.reducedMotion });
  }

  centre(): readonly [number, number] {
    return this.#map.getCenter().toArray();
  }

  zoom(): number {
    return this.#map.getZoom();
  }

  /** What lies under a pixel: frames first, then lines, then the cell; each once. */
  hitsAt({ x, y }: { readonly x: number; readonly y: number }): readonly Hit[] {
    const box: [[number, number], [number, number]] = [[x - HIT_RADIUS_PX, y - HIT_RADIUS_PX], [x + HIT_RADIUS_PX, y + HIT_RADIUS_PX]];
    const thin = this.#map.queryRenderedFeatures(box, { layers: this.#present([COVERAGE.frames, COVERAGE.drives]) });
    const broad = this.#map.queryRenderedFeatures([x, y], { layers: this.#present([COVERAGE.cells]) });
    const hits = [...thin, ...broad].map((found): Hit => {
      const kind = KINDS[found.layer.id as keyof typeof KINDS];
      const id = kind === 'cell' ? found.properties['h3'] : kind === 'frame' ? found.properties['id'] : found.properties['drive'];
      const at = found.geometry.type === 'Point' ? found.geometry.coordinates : this.#map.unproject([x, y]).toArray();
      return { kind, id: String(id), properties: found.properties, lonLat: [at[0]!, at[1]!] };
    });
    return [...new Map(hits.map((hit) => [`${hit.kind} ${hit.id}`, hit])).values()];
  }

  /** The frame on screen that is nearest to a place. */
  nearestFrame(lonLat: readonly [number, number]): string | null {
    const layers = this.#present([COVERAGE.frames]);
    const { x, y } = this.#map.project([lonLat[0], lonLat[1]]);
    const found = layers.length === 0 ? [] : this.#map.queryRenderedFeatures({ layers });
    const away = found.flatMap(({ geometry, properties }) => {
      if (geometry.type !== 'Point') return [];
      const at = this.#map.project([geometry.coordinates[0]!, geometry.coordinates[1]!]);
      return [{ id: String(properties['id']), px: Math.hypot(at.x - x, at.y - y) }];
    });
    return away.toSorted((a, b) => a.px - b.px)[0]?.id ?? null;
  }

  /** Cells on screen, each once; `all` counts those that the filter leaves out too. */
  cellsInView(which: 'all' | 'shown'): readonly CellProperties[] {
    const layers = this.#present([which === 'all' ? COVERAGE.all : COVERAGE.cells]);
    if (layers.length === 0) return [];
    const found = this.#map.queryRenderedFeatures({ layers }) as { properties: unknown }[];
    return [...new Map(found.map(({ properties }) => [(properties as CellProperties).h3, properties as CellProperties])).values()];
  }

  /** Outlines a cell under the pointer. */
  hover(h3: string | null): void {
    if (h3 === this.#hovered) return;
    const mark = (id: string, hover: boolean): void => {
      this.#map.setFeatureState({ source: COVERAGE.source, sourceLayer: 'cells', id }, { hover });
    };
    if (this.#hovered !== null) mark(this.#hovered, false);
    if (h3 !== null) mark(h3, true);
    this.#hovered = h3;
    this.#map.getCanvas().style.cursor = h3 === null ? '' : 'pointer';
  }

  /** Asks for the tiles again; what is drawn stays until they are there. */
  retry(): void {
    // By name: asked to refresh a whole source, MapLibre 6.17 waits for ever on tiles that had failed.
    const failed = [...this.#failed.values()];
    this.#failed.clear();
    if (failed.length > 0) this.#map.refreshTiles(COVERAGE.source, failed);
  }

  #listen(events: MapEvents): void {
    const map = this.#map;
    map.on('style.load', () => this.#dress());
    map.on('moveend', ({ originalEvent }) => {
      const { lng, lat } = map.getCenter();
      events.moved({ zoom: map.getZoom(), latDeg: lat, lonDeg: lng }, originalEvent !== undefined);
    });
    map.on('idle', () => events.idle());
    map.on('click', (event) => events.clicked(pointOf(event)));
    map.on('mousemove', (event) => events.pointed(pointOf(event)));
    map.on('mouseout', () => events.pointed(null));
    map.on('error', (event: TileError) => {
      const tile = event.tile?.tileID.canonical;
      if (tile !== undefined) this.#failed.set(`${tile.z}/${tile.x}/${tile.y}`, { z: tile.z, x: tile.x, y: tile.y });
      // Without a listener MapLibre would write to the console; an error that is not ours to show still goes there.
      if (event.sourceId === COVERAGE.source) events.tileFailed((event.error as { status?: number }).status ?? 0);
      else console.error(event.error);
    });
  }

  // Runs once the base style is there, which may be a foreign one: our sources and layers are added to it.
  #dress(): void {
    const map = this.#map;
    for (const [name, image] of wedges()) if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio: 2 });
    map.addSource(COVERAGE.source, {
      type: 'vector', tiles: [`${location.origin}/tiles/{z}/{x}/{y}.mvt`], minzoom: 0, maxzoom: TILES_MAX_ZOOM,
      promoteId: { cells: 'h3', frames: 'id' },
    });
    for (const name of [...Object.values(BASE), ...Object.values(OVERLAYS)]) map.addSource(name, { type: 'geojson', data: this.#data.get(name) ?? NOTHING });
    const below = this.#options.styleUrl === null ? undefined : firstOverCells(map.getStyle().layers);
    for (const layer of this.#layers) map.addLayer(layer as LayerSpecification, layer.id.startsWith('cells') ? below : undefined);
  }

  #present(layers: readonly string[]): string[] {
    return layers.filter((layer) => this.#map.getLayer(layer) !== undefined);
  }
}

function pointOf({ point, lngLat }: MapMouseEvent): MapPoint {
  return { x: point.x, y: point.y, lonLat: [lngLat.lng, lngLat.lat] };
}

function viewOf(start: MapOptions['start']): object {
  if ('at' in start) return { center: [start.at.lonDeg, start.at.latDeg], zoom: start.at.zoom };
  return { bounds: [...start.bounds], fitBoundsOptions: { padding: FIT_PADDING, maxZoom: FIT_MAX_ZOOM } };
}

// Cells belong under roads and names: before the first layer of a foreign style that draws either.
function firstOverCells(layers: readonly LayerSpecification[]): string | undefined {
  return layers.find(({ id, type }) => type === 'symbol' || (type === 'line' && /road|street|highway|transport|bridge|tunnel/i.test(id)))?.id;
}

function wedges(): readonly (readonly [string, ImageData])[] {
  return (['light', 'dark'] as const satisfies readonly Theme[]).map((theme) => [`wedge-${theme}`, wedgeImage(theme)]);
}
