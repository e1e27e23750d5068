import type { GnssFix, RefusedRow } from '../../shared/model/drive.ts';
import { wrapDeg } from '../../shared/model/geo.ts';
import { type Refusal, refusal } from '../../shared/model/reason.ts';
import type { ParsedTrack, Segment, TextFile } from './tracks.ts';

/** A sentence stands at the end of its line: logs put times, and receivers of several protocols other bytes, before it. */
const SENTENCE = /\$([A-Z0-9]{5,6}),([^$*]*)\*([0-9A-F]{2})\s*$/i;
const KNOT_MPS = 1852 / 3600;
const DAY_S = 86_400;

/** What a GGA sentence adds to the position of the same moment. */
interface Quality {
  readonly clock: string;
  readonly altM: number | null;
  readonly hdop: number | null;
  readonly satellites: number | null;
}

/**
 * The fixes of an NMEA 0183 log: RMC says when (with the date), where, how fast and whither, GGA of the same moment how
 * high and how well. Every line must carry a checksum that is right; other sentences are left alone.
 */
export function readNmea({ path, text }: TextFile): ParsedTrack {
  const refused: RefusedRow[] = [];
  const points: Segment['points'][number][] = [];
  let quality: Quality | null = null;
  let clock = '';
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '') continue;
    const sentence = sentenceOf(line);
    const refuse = (reason: Refusal): void => void refused.push({ file: path, line: index + 1, refusal: reason });
    if ('code' in sentence) refuse(sentence);
    else if (sentence.type === 'RMC') {
      const fix = fixOf(sentence.fields);
      if ('code' in fix) refuse(fix);
      else {
        clock = sentence.fields[0]!;
        points.push({ line: index + 1, fix: quality?.clock === clock ? better(fix, quality) : fix });
      }
    } else if (sentence.type === 'GGA') {
      quality = qualityOf(sentence.fields);
      const last = points.at(-1);
      if (last !== undefined && quality?.clock === clock) points[points.length - 1] = { ...last, fix: better(last.fix, quality) };
    }
  }
  return { segments: [{ file: path, points }], refused };
}

interface Sentence {
  /** Without the talker: GPRMC and GNRMC are both RMC. */
  readonly type: string;
  readonly fields: readonly string[];
}

function sentenceOf(line: string): Sentence | Refusal {
  const [, address, body, checksum] = SENTENCE.exec(line) ?? [];
  if (address === undefined || body === undefined || checksum === undefined) return refusal('row_malformed', { column: 'sentence', value: printable(line) });
  let sum = 0;
  for (const letter of `${address},${body}`) sum ^= letter.codePointAt(0)!;
  if (sum !== Number.parseInt(checksum, 16)) return refusal('row_malformed', { column: 'checksum', value: printable(checksum) });
  return { type: address.slice(2).toUpperCase(), fields: body.split(',') };
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 40);
}

/** Status V is a receiver without a fix: whatever it writes beside it is not one. */
function fixOf([clock = '', status, lat = '', ns, lon = '', ew, knots = '', course = '', date = '']: readonly string[]): GnssFix | Refusal {
  if (status !== 'A') return refusal('no_position', { time: clock });
  const tS = secondsOf(date, clock);
  if (tS === null) return refusal('time_invalid', { value: printable(`${date} ${clock}`) });
  const [latDeg, lonDeg] = [degreesOf(lat, ns === 'N' ? 1 : ns === 'S' ? -1 : NaN), degreesOf(lon, ew === 'E' ? 1 : ew === 'W' ? -1 : NaN)];
  if (latDeg === null || lonDeg === null) return refusal('position_invalid', { lat: printable(`${lat} ${ns}`), lon: printable(`${lon} ${ew}`) });
  const [speed, courseDeg] = [numberOf(knots), numberOf(course)];
  if (knots !== '' && speed === null) return refusal('row_malformed', { column: 'speed', value: printable(knots) });
  return {
    tS, latDeg, lonDeg, altM: null, haccM: null, vaccM: null, saccMps: null, hdop: null, satellites: null,
    speedMps: speed === null ? null : speed * KNOT_MPS,
    courseDeg: courseDeg === null ? null : wrapDeg(courseDeg),
  };
}

function qualityOf([clock = '', , , , , fix, satellites = '', hdop = '', alt = '']: readonly string[]): Quality | null {
  if (fix === '0' || fix === '') return null;
  const dilution = numberOf(hdop);
  return { clock, altM: numberOf(alt.replace(/^-/, '')) === null ? null : Number(alt), hdop: dilution === 0 ? null : dilution, satellites: numberOf(satellites) };
}

function better(fix: GnssFix, { altM, hdop, satellites }: Quality): GnssFix {
  return { ...fix, altM, hdop, satellites };
}

function numberOf(text: string): number | null {
  return /^\d+\.?\d*$/.test(text) ? Number(text) : null;
}

/** (d)ddmm.mmmm: whole degrees and minutes. */
function degreesOf(text: string, sign: number): number | null {
  const [, degrees, minutes] = /^(\d{1,3})(\d\d(?:\.\d*)?)$/.exec(text) ?? [];
  if (degrees === undefined || minutes === undefined || Number(minutes) >= 60 || Number.isNaN(sign)) return null;
  return sign * (Number(degrees) + Number(minutes) / 60);
}

/** ddmmyy and hhmmss(.sss), UTC. No receiver of this century's logs knows a date before 1980, when GPS time began. */
function secondsOf(date: string, clock: string): number | null {
  const [, day, month, year] = /^(\d\d)(\d\d)(\d\d)$/.exec(date) ?? [];
  const [, hour, minute, second] = /^(\d\d)(\d\d)(\d\d(?:\.\d*)?)$/.exec(clock) ?? [];
  if (day === undefined || second === undefined) return null;
  const fullYear = Number(year) >= 80 ? 1900 + Number(year) : 2000 + Number(year);
  const midnight = new Date(Date.UTC(fullYear, Number(month) - 1, Number(day)));
  const sinceS = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (midnight.getUTCDate() !== Number(day) || Number(month) > 12 || Number(month) < 1 || sinceS > DAY_S || Number(minute) > 59) return null;
  return midnight.getTime() / 1000 + sinceS;
}
