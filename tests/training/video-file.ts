import { readFileSync } from 'node:fs';

/** What a GoPro wrote beside its pictures; columns in its own axes, times in seconds from the beginning. */
export interface VideoSensors {
  readonly gyroRadps: readonly Sample[];
  readonly forceMps2: readonly Sample[];
}
export interface Sample {
  readonly atS: number;
  readonly axes: readonly [number, number, number];
}

interface Payload {
  readonly atS: number;
  readonly forS: number;
  readonly bytes: Buffer;
}

/** Gyroscope and accelerometer of an MP4 with a GPMF track (github.com/gopro/gpmf-parser, "GPMF structure"); RangeError where it has none. */
export function videoSensors(file: string): VideoSensors {
  const payloads = payloadsOf(readFileSync(file));
  const of = (key: string): readonly Sample[] => payloads.flatMap((payload) => samplesOf(payload, key));
  return { gyroRadps: of('GYRO'), forceMps2: of('ACCL') };
}

/** Samples of one stream, evenly over the payload's time. */
function samplesOf({ atS, forS, bytes }: Payload, key: string): readonly Sample[] {
  for (const { name, body } of klv(bytes)) {
    if (name !== 'DEVC') continue;
    for (const stream of klv(body)) {
      if (stream.name !== 'STRM') continue;
      const members = klv(stream.body);
      const found = members.find((member) => member.name === key);
      if (found === undefined) continue;
      const scale = members.find((member) => member.name === 'SCAL');
      const divisor = scale === undefined ? 1 : scale.size === 2 ? scale.body.readInt16BE(0) : scale.body.readInt32BE(0);
      const value = (row: number, axis: number): number => found.body.readInt16BE(row * found.size + 2 * axis) / divisor;
      return Array.from({ length: found.count }, (_, row): Sample => ({ atS: atS + ((row + 0.5) / found.count) * forS, axes: [value(row, 0), value(row, 1), value(row, 2)] }));
    }
  }
  return [];
}

interface Klv {
  readonly name: string;
  readonly size: number;
  readonly count: number;
  readonly body: Buffer;
}

/** Key, type, size of a row, rows, and rows padded to 32 bits. */
function klv(bytes: Buffer): readonly Klv[] {
  const found: Klv[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const [size, count] = [bytes[at + 5]!, bytes.readUInt16BE(at + 6)];
    found.push({ name: bytes.toString('latin1', at, at + 4), size, count, body: bytes.subarray(at + 8, at + 8 + size * count) });
    at += 8 + Math.ceil((size * count) / 4) * 4;
  }
  return found;
}

/** The samples of the track whose format is `gpmd` (ISO 14496-12, 8.3 to 8.7). */
function payloadsOf(file: Buffer): readonly Payload[] {
  const movie = boxes(file).find(({ name }) => name === 'moov');
  for (const track of boxes(movie?.body ?? Buffer.alloc(0)).filter(({ name }) => name === 'trak')) {
    const media = inside(track.body, 'mdia');
    const table = media === null ? null : inside(inside(media, 'minf') ?? Buffer.alloc(0), 'stbl');
    if (media === null || table === null || !(inside(table, 'stsd')?.toString('latin1').includes('gpmd') ?? false)) continue;
    const perSecond = inside(media, 'mdhd')!.readUInt32BE(12);
    const sizes = inside(table, 'stsz')!;
    const places = inside(table, 'stco')!;
    const times = inside(table, 'stts')!;
    const durations: number[] = [];
    for (let n = 0; n < times.readUInt32BE(4); n += 1) durations.push(...Array.from({ length: times.readUInt32BE(8 + 8 * n) }, () => times.readUInt32BE(12 + 8 * n) / perSecond));
    let atS = 0;
    // A payload a chunk, as GoPro writes them.
    return Array.from({ length: places.readUInt32BE(4) }, (_, n): Payload => {
      const same = sizes.readUInt32BE(4);
      const from = places.readUInt32BE(8 + 4 * n);
      const payload = { atS, forS: durations[n]!, bytes: file.subarray(from, from + (same === 0 ? sizes.readUInt32BE(12 + 4 * n) : same)) };
      atS += durations[n]!;
      return payload;
    });
  }
  throw new RangeError('the file has no GPMF track');
}

function inside(body: Buffer, name: string): Buffer | null {
  return boxes(body).find((box) => box.name === name)?.body ?? null;
}

function boxes(bytes: Buffer): readonly { readonly name: string; readonly body: Buffer }[] {
  const found: { name: string; body: Buffer }[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const header = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    found.push({ name: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + header, at + size) });
    at += Math.max(8, size);
  }
  return found;
}
