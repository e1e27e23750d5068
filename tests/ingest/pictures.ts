import { createHash } from 'node:crypto';
import { encodeJpeg } from '../../ingest/image.ts';
import type { PictureMetadata } from '../../ingest/picture-metadata.ts';
import type { FrameId, Sha256 } from '../../shared/model/ids.ts';

/** A picture that shows something: bands and edges, different for every seed. */
export async function jpeg(seed: number, { width = 320, height = 180 } = {}): Promise<Buffer> {
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at += 1) {
    const x = at % width;
    const y = Math.floor(at / width);
    const shade = ((x * (3 + (seed % 7)) + y * 5 + seed * 37) % 64) * 3 + (x % 40 < 20 ? 0 : 60);
    rgb.set([shade, (shade + seed * 11) % 256, (255 - shade + y) % 256], at * 3);
  }
  return await encodeJpeg({ width, height, rgb });
}

/** The picture with other measures in its header: a bomb of a few kB. */
export function claiming(bytes: Buffer, width: number, height: number): Buffer {
  const bomb = Buffer.from(bytes);
  // SOF0 or SOF2: marker, length, precision, height, width.
  for (let at = 2; at < bomb.length - 9; at += 2 + bomb.readUInt16BE(at + 2)) {
    if (bomb[at + 1] !== 0xc0 && bomb[at + 1] !== 0xc2) continue;
    bomb.writeUInt16BE(height, at + 5);
    bomb.writeUInt16BE(width, at + 7);
    return bomb;
  }
  throw new Error('no frame header');
}

export function sha256(bytes: Uint8Array | string): Sha256 {
  return createHash('sha256').update(bytes).digest('hex') as Sha256;
}

export function frameId(n: number): FrameId {
  return n.toString(16).padStart(64, '0') as FrameId;
}

/** A picture that says nothing of itself, but for what is given. */
export function metadata(known: Partial<PictureMetadata> = {}): PictureMetadata {
  return {
    position: { kind: 'none' }, localTime: null, offsetMinutes: null, gpsTimeS: null, altM: null, headingDeg: null, speedMps: null, haccM: null,
    make: null, model: null, serial: null, equirectangular: false, damage: null, ...known,
  };
}

/** The wall clock of an ISO time, whatever zone it stands for. */
export function wallClock(iso: string): NonNullable<PictureMetadata['localTime']> {
  const at = new Date(`${iso}Z`);
  return {
    year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), hour: at.getUTCHours(), minute: at.getUTCMinutes(),
    second: at.getUTCSeconds() + at.getUTCMilliseconds() / 1000,
  };
}
