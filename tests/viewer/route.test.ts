import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_MAP, FRAME_FILTERS, hrefOf, parseRoute, type Route } from '../../viewer/route.ts';
import { MEASURES } from '../../viewer/ramp.ts';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const round = (digits: number) => (value: number) => Number(value.toFixed(digits));
const maybe = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: null });
const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const mapQuery = fc.record({
  at: maybe(fc.record({
    zoom: fc.double({ min: 0, max: 22, noNaN: true }).map(round(2)),
    latDeg: fc.double({ min: -85, max: 85, noNaN: true }).map(round(5)),
    lonDeg: fc.double({ min: -180, max: 180, noNaN: true }).map(round(5)),
  })),
  by: fc.constantFrom(...MEASURES),
  since: maybe(fc.oneof(fc.integer({ min: 0, max: 9999 }).map((days) => ({ days })), fc.record({ from: day, to: day }))),
  quality: maybe(fc.constantFrom(0, 0.25, 0.5, 1)),
  off: fc.uniqueArray(fc.integer({ min: 0, max: 5 })).map((off) => off.toSorted()),
  cell: maybe(hex(14).map((digits) => `8${digits}`)),
  frame: maybe(hex(64)),
  drive: maybe(hex(12)),
  list: fc.boolean(),
});
const mark = fc.stringMatching(/^\d{1,9}$/);
const routes: fc.Arbitrary<Route> = fc.oneof(
  mapQuery.map((query): Route => ({ page: 'map', query })),
  hex(64).map((id): Route => ({ page: 'frame', id })),
  fc.webPath().filter((to) => to.startsWith('/') && !to.startsWith('//')).map((to): Route => ({ page: 'sign-in', to })),
  fc.constant<Route>({ page: 'drives' }),
  fc.record({ id: fc.uuid(), frame: maybe(fc.string({ minLength: 1 })), show: fc.constantFrom(...FRAME_FILTERS) }).map((drive): Route => ({ page: 'drive', ...drive })),
  fc.uuid().map((id): Route => ({ page: 'case', id })),
  maybe(mark).map((after): Route => ({ page: 'earnings', after })),
  fc.record({ epoch: fc.integer({ min: 0, max: 99_999 }), after: maybe(mark) }).map((open): Route => ({ page: 'open-epoch', ...open })),
  fc.record({ posting: fc.stringMatching(/^[a-z]+(:[a-z0-9 é/?%-]+){1,3}$/), after: maybe(mark) }).map((why): Route => ({ page: 'why', ...why })),
  fc.constantFrom<Route>({ page: 'demo' }, { page: 'review' }, { page: 'account' }, { page: 'invite' }, { page: 'upload' }, { page: 'reasons', code: null }, { page: 'reasons', code: 'teleport' }),
);

describe('the address is the state', () => {
  test('every state has an address that leads back to it', () => {
    fc.assert(fc.property(routes, (route) => {
      const address = new URL(hrefOf(route), 'http://here');
      expect(parseRoute(address.pathname, address.search)).toEqual(withoutMinusZero(route));
    }), { numRuns: 500 });
  });

  test('an address is read as people write it', () => {
    expect(parseRoute('/', '?at=13.2/48.1371/11.5754&by=count&since=30d&quality=0.5&cell=891f1d4893bffff')).toEqual({
      page: 'map',
      query: { ...EMPTY_MAP, at: { zoom: 13.2, latDeg: 48.1371, lonDeg: 11.5754 }, by: 'count', since: { days: 30 }, quality: 0.5, cell: '891f1d4893bffff' },
    });
    expect(hrefOf({ page: 'map', query: EMPTY_MAP })).toBe('/');
  });

  test('nonsense is left out and never throws', () => {
    fc.assert(fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => void parseRoute(path, `?${query}`)));
    expect(parseRoute('/', '?at=99/91/200&by=colour&since=soon&quality=7&cell=zz&frame=1&off=9,9')).toEqual({ page: 'map', query: { ...EMPTY_MAP, off: [9] } });
    expect(parseRoute('/frames/a/b', '').page).toBe('missing');
    expect(parseRoute('/%E0%A4%A', '').page).toBe('missing');
  });

  test('signing in leads nowhere else', () => {
    for (const to of ['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)']) {
      expect(parseRoute('/sign-in', `?to=${encodeURIComponent(to)}`)).toEqual({ page: 'sign-in', to: '/' });
    }
  });
});

// An address has no minus zero.
function withoutMinusZero(route: Route): Route {
  return JSON.parse(JSON.stringify(route)) as Route;
}
