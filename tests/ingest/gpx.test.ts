import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSensors } from '../../ingest/importers/drive-folder.ts';
import { readGpx } from '../../ingest/importers/gpx.ts';
import { openParsers } from '../../ingest/parser-thread.ts';
import { RECIPE } from '../../shared/model/recipe.ts';

const DATA = process.env['WAYPROOF_DATA'];
const FOLDER = DATA === undefined ? null : join(DATA, 'media', 'tracks-gpx');
if (FOLDER === null) console.log('skipped: real GPX files, because WAYPROOF_DATA is not set');

function gpx(points: string, root = 'gpx'): string {
  return `<?xml version="1.0"?>\n<${root}><trk><trkseg>\n${points}\n</trkseg></trk></${root}>`;
}

function point(time: string, inner = '', place = 'lat="52.1" lon="4.3"'): string {
  return `<trkpt ${place}>${time === '' ? '' : `<time>${time}</time>`}${inner}</trkpt>`;
}

function read(...texts: readonly string[]) {
  return readSensors(texts.map((text, n) => ({ path: `${n}.gpx`, bytes: new TextEncoder().encode(text) })), RECIPE.ingest);
}

function codes(text: string) {
  return read(text).refused.map(({ line, refusal }) => [line, refusal.code]);
}

describe('a track point', () => {
  test('with all that GPX 1.0, 1.1 and Garmin say of it', () => {
    const inner = '<ele>12.5</ele><hdop>0.9</hdop><sat>11</sat><extensions><gpxtpx:TrackPointExtension><gpxtpx:speed>13.9</gpxtpx:speed><gpxtpx:course>359.5</gpxtpx:course></gpxtpx:TrackPointExtension></extensions>';
    expect(read(gpx(point('2026-05-12T14:03:00Z', inner))).gnss).toEqual([{
      tS: Date.UTC(2026, 4, 12, 14, 3) / 1000, latDeg: 52.1, lonDeg: 4.3, altM: 12.5, speedMps: 13.9, courseDeg: 359.5,
      haccM: null, vaccM: null, saccMps: null, hdop: 0.9, satellites: 11,
    }]);
  });

  test.each([
    ['2026-05-12T14:03:00.250Z', 0.25],
    ['2026-05-12T16:03:00+02:00', 0],
    ['2026-05-12T16:03:00+0200', 0],
    ['2026-05-12T14:03:00', 0],
    ['2026-05-12T14:03Z', 0],
    ['2026-05-12t14:03:00z', 0],
  ])('at %s', (time, afterS) => {
    expect(read(gpx(point(time))).gnss[0]!.tS).toBe(Date.UTC(2026, 4, 12, 14, 3) / 1000 + afterS);
  });

  test.each([
    ['', 'no_time'],
    ['1901-12-13T20:45:52Z', 'time_invalid'],
    ['2026-02-30T14:03:00Z', 'time_invalid'],
    ['2026-05-12', 'time_invalid'],
    ['12 May 2026', 'time_invalid'],
    ['2026-05-12T14:03:60Z', 'time_invalid'],
    ['2999-01-01T00:00:00Z', 'time_invalid'],
  ])('at "%s" is refused with its line', (time, code) => {
    const { gnss, refused } = read(gpx(`${point('2026-05-12T14:02:00Z')}\n${point(time)}\n${point('2026-05-12T14:04:00Z')}`));
    expect(gnss).toHaveLength(2);
    expect(refused.map(({ file, line, refusal }) => [file, line, refusal.code])).toEqual([['0.gpx', 4, code]]);
  });

  test.each([
    ['lat="91" lon="4"', 'position_invalid'],
    ['lat="52" lon="181"', 'position_invalid'],
    ['lat="52"', 'position_invalid'],
    ['lat="NaN" lon="4"', 'position_invalid'],
    ['lat="0x10" lon="4"', 'position_invalid'],
    ['lat="0.0001" lon="0"', 'null_island'],
  ])('at %s is refused', (place, code) => {
    expect(codes(gpx(point('2026-05-12T14:03:00Z', '', place)))).toEqual([[3, code]]);
  });

  test('that goes back in time, or stands still in it, is refused', () => {
    expect(codes(gpx(['14:03:00', '14:03:02', '14:03:01', '14:03:02', '14:03:03'].map((at) => point(`2026-05-12T${at}Z`)).join('\n')))).toEqual([[5, 'row_out_of_order'], [6, 'row_doubled_time']]);
  });
});

describe('a file', () => {
  test('with empty segments, comments, CDATA, waypoints and routes: only its track counts', () => {
    const text = `<gpx><wpt lat="1" lon="2"><time>2026-05-12T14:00:00Z</time></wpt><rte><rtept lat="1" lon="2"><time>2026-05-12T14:00:00Z</time></rtept></rte>
      <trk><trkseg/><trkseg><!-- <trkpt lat="9" lon="9"> --><trkpt lat="52.1" lon="4.3"><time><![CDATA[2026-05-12T14:03:00Z]]></time></trkpt></trkseg><trkseg></trkseg></trk></gpx>`;
    expect(read(text).gnss.map(({ latDeg }) => latDeg)).toEqual([52.1]);
    expect(codes(text)).toEqual([]);
  });

  test('with a byte order mark', () => {
    expect(read(`\ufeff${gpx(point('2026-05-12T14:03:00Z'))}`).gnss).toHaveLength(1);
  });

  test('cut off in the middle keeps what stood before', () => {
    const whole = gpx(Array.from({ length: 50 }, (_, n) => point(new Date(Date.UTC(2026, 4, 12, 14, 0, n)).toISOString())).join('\n'));
    const { gnss, refused } = read(whole.slice(0, whole.length / 2));
    expect(gnss.length).toBeGreaterThan(20);
    expect(refused.at(-1)!.refusal.code).toBe('file_unreadable');
    expect(refused.at(-1)!.line).toBeGreaterThan(20);
  });

  test.each([['<kml><trkpt lat="1" lon="1"/></kml>'], ['nothing of the kind'], ['<gpx><trk></gpx>'], ['{}'], ['<gpx a=1>']])('that is no GPX, %s, is refused whole', (text) => {
    expect(read(text).gnss).toEqual([]);
    expect(codes(text)[0]![1]).toBe('file_unreadable');
  });

  test('of several: their tracks in order of time, and what overlaps once', () => {
    const [late, early] = [gpx(['14:03:00', '14:03:02'].map((at) => point(`2026-05-12T${at}Z`)).join('\n')), gpx(['14:02:58', '14:03:00'].map((at) => point(`2026-05-12T${at}Z`)).join('\n'))];
    const { gnss, refused } = read(late, early);
    expect(gnss.map(({ tS }) => tS - Date.UTC(2026, 4, 12, 14, 3) / 1000)).toEqual([-2, 0, 2]);
    expect(refused.map(({ file, refusal }) => [file, refusal.code])).toEqual([['0.gpx', 'row_doubled_time']]);
  });

  test('beside a gnss.csv is not used, and said so', () => {
    const files = [['gnss.csv', 't_s,lat_deg,lon_deg\n1780000000,52,4'], ['a.gpx', gpx(point('2026-05-12T14:03:00Z'))]].map(([path, text]) => ({ path: path!, bytes: new TextEncoder().encode(text) }));
    const { gnss, refused } = readSensors(files, RECIPE.ingest);
    expect(gnss.map(({ tS }) => tS)).toEqual([1_780_000_000]);
    expect(refused.map(({ file, refusal }) => [file, refusal.code])).toEqual([['a.gpx', 'unused_file']]);
  });
});

describe('hostile files', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 30 }, (_, n) => `<!ENTITY e${n} "${`&e${n - 1};`.repeat(10)}">`).join('')}]><gpx><trk><trkseg><trkpt lat="1" lon="1"><time>&e29;</time></trkpt></trkseg></trk></gpx>`;
  const outside = `<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]>${gpx(point('&x;'))}`;

  test.each([['a bomb of entities', bomb], ['an entity from a file', outside]])('%s is not expanded', async (_, text) => {
    const parsers = openParsers();
    const startedMs = performance.now();
    const sensors = await parsers.sensors([{ path: 'a.gpx', bytes: new TextEncoder().encode(text) }], RECIPE.ingest);
    await parsers.close();
    expect(sensors).toMatchObject({ gnss: [], refused: [{ refusal: { code: 'file_unreadable' } }] });
    expect(JSON.stringify(sensors)).not.toContain('root:');
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });

  test('a hundred thousand elements in one another, and a tag without end', () => {
    expect(read('<gpx>' + '<a>'.repeat(100_000)).gnss).toEqual([]);
    expect(read(`<gpx ${'a'.repeat(1_000_000)}`).gnss).toEqual([]);
  });

  test('whatever stands in it, a point is a fix or a refusal, and nothing is thrown', () => {
    const piece = fc.oneof(fc.constantFrom('<trkpt lat="52" lon="4">', '</trkpt>', '<time>2026-05-12T14:03:00Z</time>', '<trkseg>', '</trkseg>', '&amp;', '&', '<', '<![CDATA[', ']]>', '<!--', '-->', '\u0000', '<time/>'), fc.string({ maxLength: 5 }));
    fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      for (const text of [pieces.join(''), gpx(pieces.join(''))]) {
        const { segments, refused } = readGpx({ path: 'a.gpx', text });
        for (const { points } of segments) for (const { fix, line } of points) expect(Number.isFinite(fix.tS) && line >= 1).toBe(true);
        expect(refused.every(({ line }) => line >= 1)).toBe(true);
      }
    }), { numRuns: 500 });
  });
});

describe.skipIf(FOLDER === null)('real files', () => {
  const files = FOLDER === null ? [] : readdirSync(FOLDER).filter((name) => name.endsWith('.gpx'));

  test.each(files)('%s: every point of a track becomes a fix or a refusal with its line', (name) => {
    const bytes = readFileSync(join(FOLDER!, name));
    const { gnss, refused } = readSensors([{ path: name, bytes }], RECIPE.ingest);
    const points = bytes.toString('utf8').replaceAll(/<!--[\s\S]*?-->/g, '').match(/<trkpt\b/g)?.length ?? 0;
    expect(gnss.length + refused.length).toBe(points);
    for (const [n, { tS }] of gnss.slice(1).entries()) expect(tS).toBeGreaterThan(gnss[n]!.tS);
    expect(refused.every(({ line }) => line > 1)).toBe(true);
  });

  test.each([
    ['cerknicko-jezero.gpx', 'fixes'],
    ['track_with_speed.gpx', 'fixes'],
    ['unicode_with_bom.gpx', 'nothing'],
    ['track-with-small-floats.gpx', 'no_time'],
  ])('%s gives %s', (name, what) => {
    const { gnss, refused } = readSensors([{ path: name, bytes: readFileSync(join(FOLDER!, name)) }], RECIPE.ingest);
    if (what === 'fixes') expect(gnss.length).toBeGreaterThan(2);
    else expect(gnss).toEqual([]);
    if (what !== 'fixes' && what !== 'nothing') expect(new Set(refused.map(({ refusal }) => refusal.code))).toEqual(new Set([what]));
  });

  test('where most points have no time, those that have one count', () => {
    const { gnss, refused } = readSensors([{ path: 'a.gpx', bytes: readFileSync(join(FOLDER!, 'cerknicko-without-times.gpx')) }], RECIPE.ingest);
    expect(gnss).toHaveLength(5);
    expect(new Set(refused.map(({ refusal }) => refusal.code))).toEqual(new Set(['no_time']));
  });
});
