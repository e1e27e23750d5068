import sax from 'sax';
import type { GnssFix, RefusedRow } from '../../shared/model/drive.ts';
import { wrapDeg } from '../../shared/model/geo.ts';
import { type Refusal, refusal } from '../../shared/model/reason.ts';
import type { ParsedTrack, Segment, TextFile } from './tracks.ts';

/** A track point while it is read: attributes, and the texts of the elements in it by their name without prefix. */
interface OpenPoint {
  readonly line: number;
  readonly texts: Map<string, string>;
}

/**
 * The track points of a GPX 1.0 or 1.1 file (topografix.com/gpx.asp), extensions of Garmin and others included: speed
 * and course are metres a second and degrees there. Routes and waypoints are plans, not drives. Where a file breaks off
 * or is no XML from some line on, what stood before it counts. Entities of its own are not expanded: sax knows none.
 */
export function readGpx({ path, text }: TextFile): ParsedTrack {
  const reading = new Reading(path);
  const parser = sax.parser(true, { trim: true, position: true });
  let isOver = false;
  const onerror = (error: Error): never => {
    reading.broken(parser.line + 1, error.message.split('\n')[0]!);
    isOver = true;
    throw error;
  };
  Object.assign(parser, {
    onerror,
    onopentag: ({ name, attributes }: sax.Tag) => reading.opened(local(name), attributes, parser.line + 1),
    ontext: (content: string) => reading.said(content),
    oncdata: (content: string) => reading.said(content),
    onclosetag: (name: string) => reading.closed(local(name)),
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (!isOver) throw error;
  }
  return reading.result();
}

class Reading {
  readonly #file: string;
  readonly #segments: Segment['points'][number][][] = [];
  readonly #refused: RefusedRow[] = [];
  #point: OpenPoint | null = null;
  #open: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  opened(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    if (this.#open.length === 0 && name !== 'gpx') this.broken(line, `it is no GPX: it begins with <${name.slice(0, 40)}>`);
    this.#open.push(name);
    if (name === 'trkseg') this.#segments.push([]);
    if (name !== 'trkpt' || this.#open[0] !== 'gpx') return;
    this.#point = { line, texts: new Map([['lat', attributes['lat'] ?? ''], ['lon', attributes['lon'] ?? '']]) };
  }

  said(text: string): void {
    const name = this.#open.at(-1)!;
    // The first of a name: extensions may repeat what the point itself has said.
    if (this.#point !== null && !this.#point.texts.has(name)) this.#point.texts.set(name, text.trim());
  }

  closed(name: string): void {
    this.#open.pop();
    if (name !== 'trkpt' || this.#point === null) return;
    const { line, texts } = this.#point;
    this.#point = null;
    const fix = fixOf(texts);
    if ('code' in fix) this.#refused.push({ file: this.#file, line, refusal: fix });
    else (this.#segments.at(-1) ?? this.#firstSegment()).push({ line, fix });
  }

  broken(line: number, why: string): void {
    this.#refused.push({ file: this.#file, line, refusal: refusal('file_unreadable', { why }) });
  }

  result(): ParsedTrack {
    return { segments: this.#segments.map((points) => ({ file: this.#file, points })), refused: this.#refused };
  }

  #firstSegment(): Segment['points'][number][] {
    this.#segments.push([]);
    return this.#segments[0]!;
  }
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

function fixOf(texts: ReadonlyMap<string, string>): GnssFix | Refusal {
  const time = texts.get('time') ?? '';
  if (time === '') return refusal('no_time');
  const tS = secondsOf(time);
  if (tS === null) return refusal('time_invalid', { value: time.slice(0, 40) });
  const [latDeg, lonDeg] = [numberOf(texts.get('lat')), numberOf(texts.get('lon'))];
  if (latDeg === null || lonDeg === null) return refusal('position_invalid', { lat: (texts.get('lat') ?? '').slice(0, 40), lon: (texts.get('lon') ?? '').slice(0, 40) });
  const course = numberOf(texts.get('course'));
  return {
    tS, latDeg, lonDeg,
    altM: numberOf(texts.get('ele')),
    speedMps: atLeast(0, numberOf(texts.get('speed'))),
    courseDeg: course === null || course < 0 ? null : wrapDeg(course),
    haccM: null,
    vaccM: null,
    saccMps: null,
    hdop: atLeast(Number.MIN_VALUE, numberOf(texts.get('hdop'))),
    satellites: atLeast(0, numberOf(texts.get('sat'))),
  };
}

/** A decimal number as XML Schema writes it; null for anything else, such as an empty element. */
function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

function atLeast(least: number, value: number | null): number | null {
  return value === null || value < least ? null : value;
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/** An instant of XML Schema. GPX says that times are UTC, so one without a zone is. */
function secondsOf(text: string): number | null {
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (year === undefined || Number(second) > 59) return null;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second.padStart(2, '0')}${zone.toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  // A day that is none, such as 30 February, would be another one.
  const isDay = Number(day) === new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate();
  return Number.isNaN(ms) || !isDay ? null : ms / 1000 + Number(`0${fraction.replace(',', '.')}`);
}
