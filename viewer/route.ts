import { MEASURES, type Measure } from './ramp.ts';

/** Where the map looks. */
export interface MapPlace {
  readonly zoom: number;
  readonly latDeg: number;
  readonly lonDeg: number;
}

/** Which captures count: the last so many days, or from one day to another (both included, `YYYY-MM-DD`). */
export type Since = { readonly days: number } | { readonly from: string; readonly to: string };

/** Everything that the map page shows, as its address says it. */
export interface MapQuery {
  readonly at: MapPlace | null;
  readonly by: Measure;
  readonly since: Since | null;
  /** Least quality, 0 to 1. */
  readonly quality: number | null;
  /** Classes of the legend that are switched off. */
  readonly off: readonly number[];
  readonly cell: string | null;
  readonly frame: string | null;
  /** A line of the map, as tiles name it. */
  readonly drive: string | null;
  readonly list: boolean;
}

/** Which frames of a drive its list shows. */
export const FRAME_FILTERS = ['all', 'accepted', 'flagged', 'rejected', 'unverified', 'left-out', 'unpaid'] as const;
export type FrameFilter = (typeof FRAME_FILTERS)[number];

/** A page with its state; the address is the state. */
export type Route =
  | { readonly page: 'map'; readonly query: MapQuery }
  | { readonly page: 'frame'; readonly id: string }
  | { readonly page: 'sign-in'; readonly to: string }
  | { readonly page: 'drives' }
  | { readonly page: 'demo' }
  | { readonly page: 'drive'; readonly id: string; readonly frame: string | null; readonly show: FrameFilter }
  | { readonly page: 'review' }
  | { readonly page: 'case'; readonly id: string }
  | { readonly page: 'account' }
  | { readonly page: 'invite' }
  | { readonly page: 'upload' }
  /** `after`: where a page of lines begins, as the server names it; null is the first. */
  | { readonly page: 'earnings'; readonly after: string | null }
  | { readonly page: 'open-epoch'; readonly epoch: number; readonly after: string | null }
  | { readonly page: 'why'; readonly posting: string; readonly after: string | null }
  | { readonly page: 'reasons'; readonly code: string | null }
  | { readonly page: 'missing'; readonly path: string };

export const EMPTY_MAP: MapQuery = {
  at: null, by: 'freshness', since: null, quality: null, off: [], cell: null, frame: null, drive: null, list: false,
};

/** Pages without any state of their own: their address is their name. */
const PLAIN = ['demo', 'account', 'invite', 'upload'] as const;
type PlainPage = (typeof PLAIN)[number];

/** The page that an address names. Never throws: what is not understood is left out of the state. */
export function parseRoute(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const [first = '', second, ...rest] = path.split('/').filter((part) => part !== '').map(decoded);
  if (first === '') return { page: 'map', query: parseMap(query) };
  if (first === 'earnings') return parseEarnings(path, [second, ...rest], pageMark(query));
  if (rest.length > 0) return { page: 'missing', path };
  if (first === 'frames' && second !== undefined) return { page: 'frame', id: second };
  if (first === 'sign-in' && second === undefined) return { page: 'sign-in', to: localPath(query.get('to')) };
  if (first === 'drives') return second === undefined ? { page: 'drives' } : parseDrive(second, query);
  if (first === 'review') return second === undefined ? { page: 'review' } : { page: 'case', id: second };
  if (PLAIN.includes(first as PlainPage) && second === undefined) return { page: first as PlainPage };
  if (first === 'reasons') return { page: 'reasons', code: second ?? null };
  return { page: 'missing', path };
}

/** The address of a page: the inverse of {@link parseRoute}. */
export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'map': return withQuery('/', mapQuery(route.query));
    case 'frame': return `/frames/${encodeURIComponent(route.id)}`;
    case 'sign-in': return withQuery('/sign-in', route.to === '/' ? [] : [['to', route.to]]);
    case 'drives': return '/drives';
    case 'demo': case 'account': case 'invite': case 'upload': case 'review': return `/${route.page}`;
    case 'case': return `/review/${encodeURIComponent(route.id)}`;
    case 'drive': return withQuery(`/drives/${encodeURIComponent(route.id)}`, [
      ['frame', route.frame], ['show', route.show === 'all' ? null : route.show],
    ]);
    case 'earnings': return withQuery('/earnings', [['after', route.after]]);
    case 'open-epoch': return withQuery(`/earnings/${route.epoch}`, [['after', route.after]]);
    case 'why': return withQuery(`/earnings/why/${encodeURIComponent(route.posting)}`, [['after', route.after]]);
    case 'reasons': return route.code === null ? '/reasons' : `/reasons/${encodeURIComponent(route.code)}`;
    case 'missing': return route.path;
  }
}

function parseMap(query: URLSearchParams): MapQuery {
  const by = query.get('by');
  return {
    at: parsePlace(query.get('at')),
    by: MEASURES.find((measure) => measure === by) ?? EMPTY_MAP.by,
    since: parseSince(query.get('since')),
    quality: numberWithin(query.get('quality'), 0, 1),
    off: [...new Set((query.get('off') ?? '').match(/\d/g)?.map(Number))].toSorted(),
    cell: matching(query.get('cell'), /^8[0-9a-f]{14}$/),
    frame: matching(query.get('frame'), /^[0-9a-f]{64}$/),
    drive: matching(query.get('drive'), /^[0-9a-f]{12}$/),
    list: query.get('list') === '1',
  };
}

function mapQuery(query: MapQuery): [string, string | null][] {
  const { at, since } = query;
  return [
    ['at', at === null ? null : `${rounded(at.zoom, 2)}/${rounded(at.latDeg, 5)}/${rounded(at.lonDeg, 5)}`],
    ['by', query.by === EMPTY_MAP.by ? null : query.by],
    ['since', since === null ? null : 'days' in since ? `${since.days}d` : `${since.from}..${since.to}`],
    ['quality', query.quality === null ? null : String(query.quality)],
    ['off', query.off.length === 0 ? null : query.off.join('')],
    ['cell', query.cell],
    ['frame', query.frame],
    ['drive', query.drive],
    ['list', query.list ? '1' : null],
  ];
}

/** `z/lat/lon` as the address writes it, or null where it is no place on Earth. */
export function parsePlace(text: string | null): MapPlace | null {
  const [zoom, latDeg, lonDeg, ...rest] = (text ?? '').split('/').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (zoom === undefined || latDeg === undefined || lonDeg === undefined || rest.length > 0) return null;
  const onEarth = zoom >= 0 && zoom <= 24 && Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180;
  return onEarth ? { zoom, latDeg, lonDeg } : null;
}

function parseSince(text: string | null): Since | null {
  const days = /^(\d{1,5})d$/.exec(text ?? '')?.[1];
  if (days !== undefined) return { days: Number(days) };
  const [, from, to] = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(text ?? '') ?? [];
  return from === undefined || to === undefined || !isDay(from) || !isDay(to) ? null : { from, to };
}

function parseDrive(id: string, query: URLSearchParams): Route {
  const show = query.get('show');
  return { page: 'drive', id, frame: query.get('frame'), show: FRAME_FILTERS.find((filter) => filter === show) ?? 'all' };
}

function parseEarnings(path: string, parts: readonly (string | undefined)[], after: string | null): Route {
  const [first, posting] = parts;
  if (first === undefined) return { page: 'earnings', after };
  if (parts.length === 1 && /^\d{1,6}$/.test(first)) return { page: 'open-epoch', epoch: Number(first), after };
  if (parts.length === 2 && first === 'why' && posting !== undefined) return { page: 'why', posting, after };
  return { page: 'missing', path };
}

function pageMark(query: URLSearchParams): string | null {
  return matching(query.get('after'), /^\d{1,15}$/);
}

/** An address within this app: a sign-in link must not be able to send anyone elsewhere. */
function localPath(to: string | null): string {
  return to !== null && /^\/(?![/\\])/.test(to) ? to : '/';
}

function isDay(text: string): boolean {
  return !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

function numberWithin(text: string | null, least: number, most: number): number | null {
  const value = text === null || text.trim() === '' ? NaN : Number(text);
  return value >= least && value <= most ? value : null;
}

function matching(text: string | null, shape: RegExp): string | null {
  return text !== null && shape.test(text) ? text : null;
}

function rounded(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// Slashes, colons and commas may stand in a query as they are, and are read more easily so.
function withQuery(path: string, entries: readonly (readonly [string, string | null])[]): string {
  const said = entries.filter((entry): entry is [string, string] => entry[1] !== null);
  const text = said.map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%3A', ':')}`).join('&');
  return text === '' ? path : `${path}?${text}`;
}
