import { signal } from '@preact/signals';
import { EMPTY_MAP, hrefOf, parseRoute, type MapQuery, type Route } from './route.ts';

/** The page on screen. Written only here, from the address bar. */
export const here = signal<Route>({ page: 'map', query: EMPTY_MAP });

/** Whether the last change led to another page, whose heading then takes the focus. */
export const arrivals = signal(0);

/** Reads the address now and on every step back or forward, and takes over clicks on links within the app. */
export function startNavigation(): void {
  readAddress();
  arrivals.value = 0;
  window.addEventListener('popstate', readAddress);
  document.addEventListener('click', followLink);
}

/** Goes to a page: a new step in the history. */
export function go(route: Route): void {
  history.pushState(null, '', hrefOf(route));
  readAddress();
}

/** Changes the state of the map in the address; `step` makes it one that "back" undoes. */
export function amendMap(change: Partial<MapQuery>, step: 'step' | 'quietly' = 'quietly'): void {
  const route = here.peek();
  if (route.page !== 'map') return;
  const next = hrefOf({ page: 'map', query: { ...route.query, ...change } });
  if (next === location.pathname + location.search) return;
  if (step === 'step') history.pushState(null, '', next);
  else history.replaceState(history.state, '', next);
  readAddress();
}

/** Changes the page's own state without a step in the history. */
export function replaceWith(route: Route): void {
  history.replaceState(history.state, '', hrefOf(route));
  readAddress();
}

function readAddress(): void {
  // An invite's link leads to the sign-in, with its secret behind the #, which no server sees: it has a page of its own.
  if (location.pathname === '/sign-in' && location.hash.startsWith('#wpi_')) history.replaceState(history.state, '', `/invite${location.hash}`);
  const before = here.peek();
  const next = parseRoute(location.pathname, location.search);
  here.value = next;
  if (before.page !== next.page || ('id' in before && 'id' in next && before.page !== 'frame' && before.id !== next.id)) arrivals.value += 1;
}

function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
  const route = parseRoute(link.pathname, link.search);
  // Whatever is no page of the app (an export, the API) is the server's.
  if (route.page === 'missing' || link.getAttribute('href')?.startsWith('#') === true) return;
  event.preventDefault();
  if (link.href !== location.href) history.pushState(null, '', link.href);
  readAddress();
}
