import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSensors } from '../../ingest/importers/drive-folder.ts';
import { readNmea } from '../../ingest/importers/nmea.ts';
import { RECIPE } from '../../shared/model/recipe.ts';

const DATA = process.env['WAYPROOF_DATA'];
const FOLDER = DATA === undefined ? null : join(DATA, 'media', 'tracks-nmea');
if (FOLDER === null) console.log('skipped: real NMEA logs, because WAYPROOF_DATA is not set');

function sentence(body: string): string {
  let sum = 0;
  for (const letter of body) sum ^= letter.codePointAt(0)!;
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`;
}

const RMC = 'GNRMC,103607.00,A,5327.03942,N,00214.42462,W,10,90.5,060321,,,A,V';
const GGA = 'GNGGA,103607.00,5327.03942,N,00214.42462,W,1,06,5.88,-5.6,M,48.5,M,,';

function read(...lines: readonly string[]) {
  return readSensors([{ path: 'a.nmea', bytes: new TextEncoder().encode(lines.join('\r\n')) }], RECIPE.ingest);
}

describe('a fix', () => {
  const whole = {
    tS: Date.UTC(2021, 2, 6, 10, 36, 7) / 1000, latDeg: 53 + 27.03942 / 60, lonDeg: -(2 + 14.42462 / 60), altM: -5.6, speedMps: (10 * 1852) / 3600, courseDeg: 90.5,
    haccM: null, vaccM: null, saccMps: null, hdop: 5.88, satellites: 6,
  };

  test.each([['after', [RMC, GGA]], ['before', [GGA, RMC]]])('from RMC, with the quality from the GGA %s it', (_, bodies) => {
    expect(read(...bodies.map(sentence)).gnss).toEqual([whole]);
  });

  test('takes no quality from another moment', () => {
    expect(read(sentence(RMC), sentence(GGA.replace('103607', '103608'))).gnss).toEqual([{ ...whole, altM: null, hdop: null, satellites: null }]);
  });

  test('in the south, in the east, over midnight, with a checksum in small letters', () => {
    const { gnss } = read(...['235959.50,A,0030.000,S,17959.000,E,,,311225', '000000.00,A,0030.000,S,17959.100,E,,,010126'].map((at) => sentence(`GPRMC,${at},,,A`).toLowerCase().replace(/^.gprmc/, '$GPRMC').replace(',a,', ',A,').replace(',s,', ',S,').replace(',e,', ',E,').replace(/,a\*/, ',A*')));
    expect(gnss.map(({ tS, latDeg, speedMps, courseDeg }) => [tS, latDeg, speedMps, courseDeg])).toEqual([
      [Date.UTC(2025, 11, 31, 23, 59, 59, 500) / 1000, -0.5, null, null],
      [Date.UTC(2026, 0, 1) / 1000, -0.5, null, null],
    ]);
  });

  test.each([
    ['void, without a fix', RMC.replace(',A,5', ',V,5'), 'no_position'],
    ['61 minutes of latitude', RMC.replace('5327', '5361'), 'position_invalid'],
    ['no hemisphere', RMC.replace(',N,', ',,'), 'position_invalid'],
    ['a day that is none', RMC.replace('060321', '310221'), 'time_invalid'],
    ['a month that is none', RMC.replace('060321', '061321'), 'time_invalid'],
    ['no date', RMC.replace('060321', ''), 'time_invalid'],
    ['a speed that is none', RMC.replace(',10,', ',X.138,'), 'row_malformed'],
    ['null island', RMC.replace('5327.03942', '0000.00000').replace('00214.42462', '00000.00000'), 'null_island'],
  ])('%s is refused with its line', (_, body, code) => {
    const { gnss, refused } = read(sentence('GPTXT,01,01,02,hello'), sentence(body));
    expect(gnss).toEqual([]);
    expect(refused.map(({ line, refusal }) => [line, refusal.code])).toEqual([[2, code]]);
  });
});

describe('a line', () => {
  test.each([
    ['with another checksum', sentence(RMC).replace(/..$/, '00')],
    ['with a letter changed', sentence(RMC).replace('5327', '5328')],
    ['without a checksum', `$${RMC}`],
    ['cut off', sentence(RMC).slice(0, 40)],
    ['of something else', 'hello'],
  ])('%s is refused, the others count', (_, line) => {
    const { gnss, refused } = read(sentence(RMC), line, sentence(RMC.replace('103607', '103608')));
    expect(gnss).toHaveLength(2);
    expect(refused.map(({ line, refusal }) => [line, refusal.code])).toEqual([[2, 'row_malformed']]);
  });

  test('may have a time of the logger or bytes of another protocol before its sentence', () => {
    expect(read(`2021-03-06 10:36:07 ${sentence(RMC)}`, `\u00b5b\u0001${sentence(RMC.replace('103607', '103608'))}`).gnss).toHaveLength(2);
  });

  test('whatever it is, is a fix, a refusal or left alone', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.string().map((text) => sentence(`GPRMC,${text}`)), fc.string().map((text) => sentence(`GPGGA,${text}`)), fc.constant(sentence(RMC)))), (lines) => {
      const { segments, refused } = readNmea({ path: 'a.nmea', text: lines.join('\n') });
      for (const { fix } of segments.flatMap(({ points }) => points)) expect(Number.isFinite(fix.tS) && Number.isFinite(fix.latDeg)).toBe(true);
      expect(segments.flatMap(({ points }) => points).length + refused.length).toBeLessThanOrEqual(lines.join('\n').split(/[\r\n]/).length);
    }));
  });
});

describe.skipIf(FOLDER === null)('real logs', () => {
  const open = (name: string) => readSensors([{ path: 'a.nmea', bytes: readFileSync(join(FOLDER!, name)) }], RECIPE.ingest);

  test('half an hour of a u-blox F9K in a car: a fix a second, with speed, course, height and dilution', () => {
    const { gnss, refusedCount } = open('MTV.Local1.ublox-F9K.20200206-181434.nmea');
    expect(gnss.length).toBeGreaterThan(1600);
    expect(refusedCount).toBeLessThan(20);
    expect(gnss.every(({ speedMps, altM, hdop }) => speedMps !== null && altM !== null && hdop !== null)).toBe(true);
    expect(new Date(gnss[0]!.tS * 1000).toISOString().slice(0, 10)).toBe('2020-02-07');
    expect(Math.max(...gnss.map(({ speedMps }) => speedMps!))).toBeLessThan(40);
  });

  test.each([
    ['pygpsdata-nmea2.log', 2],
    ['pygpsdata-nmea4lc.log', 1],
    ['pygpsdata-nmeabadck.log', 1],
    ['pygpsdata-nmeafoo2.log', 0],
    ['pygpsdata-nmeastartup.log', 0],
    ['quectel_nmea_get.log', 0],
  ])('%s holds %i fixes', (name, fixes) => {
    expect(open(name).gnss).toHaveLength(fixes);
  });

  test.each(FOLDER === null ? [] : readdirSync(FOLDER).filter((name) => name !== 'SOURCES'))('%s is read or refused line by line', (name) => {
    const { gnss, refused } = open(name);
    expect(refused.every(({ line }) => line >= 1)).toBe(true);
    for (const [n, { tS }] of gnss.slice(1).entries()) expect(tS).toBeGreaterThan(gnss[n]!.tS);
  });
});
