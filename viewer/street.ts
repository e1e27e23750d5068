import { effect, signal, untracked } from '@preact/signals';
import type { Feature } from 'geojson';
import type { Config } from './answers.ts';
import { ask, Refused } from './api.ts';
import { BASE, groundLayers, nameLayers, roadLayers } from './base-style.ts';
import { today } from './clock.ts';
import { captureLayers, cellLayers, OVERLAYS, selectionLayers, type CoverageLook, type Layer } from './coverage-style.ts';
import type { MapEvents, MapPoint, StreetMap } from './map.ts';
import { amendMap, here } from './navigation.ts';
import { rampClasses, type CellProperties } from './ramp.ts';
import { EMPTY_MAP, type MapPlace, type MapQuery } from './route.ts';
import { theme } from './theme.ts';
import { trackLayers } from './track-style.ts';
import { say } from './words.ts';

/** The map once it is there. */
export const street = signal<StreetMap | null>(null);
/** Cells on screen: all of them, whatever the legend switches off. */
export const cellsInView = signal<readonly CellProperties[]>([]);
/** Whether everything in view has been loaded and drawn once. */
export const isSettled = signal(false);
/** Status of the last tile that could not be had; null while all is well. */
export const tileTrouble = signal<number | null>(null);
/** Where the pointer is over the map. */
export const pointed = signal<MapPoint | null>(null);
/** False while the reader hides everything but the base map. */
export const overlaysVisible = signal(true);
/** The last state of the map page, which "back to map" returns to. */
export const lastMap = signal<MapQuery>(EMPTY_MAP);
/** What the network says of itself; null until it has answered. */
export const config = signal<Config | null>(null);

/** Called with each click on the map; the page on screen sets it. */
export const clickOn: { run: (point: MapPoint) => void } = { run: () => undefined };

let opening: Promise<StreetMap> | null = null;
let place: MapPlace | null = null;

/** Puts the map into a place of the page, opening it the first time. */
export async function placeMap(slot: HTMLElement, how: { readonly cooperative: boolean; readonly label: string }): Promise<StreetMap> {
  opening ??= open(slot);
  const map = await opening;
  if (slot.isConnected) map.moveTo(slot, how);
  street.value = map;
  return map;
}

/** How the coverage is to be drawn, from the address and the theme. */
export function lookOf(query: MapQuery): CoverageLook {
  const day = today();
  return {
    theme: theme.value, measure: query.by, ramp: rampClasses(query.by, theme.value, day), off: query.off,
    since: query.since, today: day, quality: query.quality, visible: overlaysVisible.value,
  };
}

async function open(slot: HTMLElement): Promise<StreetMap> {
  const [{ StreetMap }, about] = await Promise.all([import('./map.ts'), loadConfig()]);
  const query = untracked(() => lastMap.value);
  const map = new StreetMap({
    slot,
    styleUrl: about?.basemapStyleUrl ?? null,
    start: query.at !== null ? { at: query.at } : { bounds: about?.bounds ?? [-170, -58, 180, 75] },
    attribution: isOffline() ? say('map.attribution') : '',
    layers: layers(),
    reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
    events: events(() => map),
  });
  void fillBase(map, about);
  effect(() => map.paint(layers()));
  effect(() => follow(map));
  return map;
}

/** Asks once what the network says of itself; null while it does not answer. */
export async function loadConfig(): Promise<Config | null> {
  return config.value ?? (await reloadConfig());
}

/** Asks again, as long as there is no coverage yet. */
export async function reloadConfig(): Promise<Config | null> {
  const answer = await ask<Config>('/api/config').catch((error: unknown) => {
    if (error instanceof Refused) return null;
    throw error;
  });
  if (answer !== null) config.value = answer;
  return config.value;
}

function isOffline(): boolean {
  return (config.value?.basemapStyleUrl ?? null) === null;
}

function layers(): readonly Layer[] {
  const look = lookOf(lastMap.value);
  const offline = isOffline();
  return [
    ...(offline ? groundLayers(look.theme) : []), ...cellLayers(look), ...roadLayers(look.theme),
    ...captureLayers(look), ...trackLayers(look.theme), ...(offline ? nameLayers(look.theme) : []), ...selectionLayers(look.theme),
  ];
}

function events(map: () => StreetMap): MapEvents {
  return {
    moved: (at, byHand) => {
      place = at;
      isSettled.value = false;
      // Before there is any coverage, where the map happens to look is nothing to keep: it goes to the first that appears.
      const waits = lastMap.peek().at === null && (config.peek()?.bounds ?? null) === null && !byHand;
      if (here.peek().page === 'map' && !waits) amendMap({ at });
    },
    idle: () => {
      cellsInView.value = map().cellsInView('all');
      isSettled.value = true;
    },
    clicked: (point) => clickOn.run(point),
    pointed: (point) => {
      pointed.value = point;
    },
    tileFailed: (status) => {
      tileTrouble.value = status;
    },
  };
}

async function fillBase(map: StreetMap, about: Config | null): Promise<void> {
  const roads = about?.demo === true ? ask<Feature>('/demo/roads.geojson').catch(() => null) : null;
  if (isOffline()) {
    const { graticule, loadWorld } = await import('./world.ts');
    map.fill(BASE.graticule, graticule());
    const world = await loadWorld();
    map.fill(BASE.land, world.land);
    map.fill(BASE.frontiers, world.frontiers);
    map.fill(BASE.names, world.names);
  }
  const streets = await roads;
  if (streets !== null) map.fill(OVERLAYS.roads, streets);
}

// The address may change by itself (back, a link): the map then goes where it says.
function follow(map: StreetMap): void {
  const route = here.value;
  if (route.page !== 'map') return;
  lastMap.value = route.query;
  const { at } = route.query;
  const bounds = config.value?.bounds;
  if (at === null) {
    if (bounds !== undefined && bounds !== null && place !== null) map.fit(bounds);
  } else if (place === null || !isSame(at, place)) map.go(at, 'jump');
}

function isSame(a: MapPlace, b: MapPlace): boolean {
  return Math.abs(a.zoom - b.zoom) < 0.01 && Math.abs(a.latDeg - b.latDeg) < 2e-5 && Math.abs(a.lonDeg - b.lonDeg) < 2e-5;
}
