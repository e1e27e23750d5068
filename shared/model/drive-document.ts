import type { Drive, ImuSeries } from './drive.ts';

/**
 * An assembled drive as bytes, so that Validate reads exactly what Ingest wrote: a length (uint32, little-endian),
 * that many bytes of UTF-8 JSON (everything but the motion samples and the pictures' grey levels), then the seven columns of the motion series
 * as float64, little-endian. JSON numbers and float64 both survive the round trip exactly.
 */
const COLUMNS = ['tS', 'forceX', 'forceY', 'forceZ', 'gyroX', 'gyroY', 'gyroZ'] as const;
export const LENGTH_BYTES = 4;
const NUMBER_BYTES = 8;

interface Header extends Omit<Drive, 'imu'> {
  readonly format: typeof FORMAT;
  readonly imu: { readonly samples: number; readonly averaged: boolean } | null;
}

const FORMAT = 'wayproof-document/1';

export function encodeDrive(drive: Drive): Uint8Array {
  const samples = drive.imu?.tS.length ?? 0;
  const header: Header = {
    ...drive,
    frames: drive.frames.map(({ grey: _grey, ...frame }) => frame),
    format: FORMAT,
    imu: drive.imu === null ? null : { samples, averaged: drive.imu.averaged },
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(LENGTH_BYTES + json.length + samples * NUMBER_BYTES * COLUMNS.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, json.length, true);
  bytes.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + json.length;
  for (const column of COLUMNS) {
    for (const value of drive.imu?.[column] ?? []) {
      view.setFloat64(at, value, true);
      at += NUMBER_BYTES;
    }
  }
  return bytes;
}

/** Throws where the bytes are no document of this format: they are ours, so that is a broken machine, not bad data. */
export function decodeDrive(bytes: Uint8Array): Drive {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const jsonLength = view.getUint32(0, true);
  const { format, imu, ...rest } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + jsonLength)),
  ) as Header;
  if (format !== FORMAT) throw new Error(`a drive document of format ${String(format)}, not ${FORMAT}`);
  const start = LENGTH_BYTES + jsonLength;
  return { ...rest, imu: imu === null ? null : readSeries(view, start, imu) };
}

/** Where the JSON of a document lies, from its first four bytes: `[from, to]`, both included. */
export function jsonRange(first: Uint8Array): { readonly from: number; readonly to: number } {
  const length = new DataView(first.buffer, first.byteOffset, first.byteLength).getUint32(0, true);
  return { from: LENGTH_BYTES, to: LENGTH_BYTES + length - 1 };
}

/** The receiver's fixes from a document's JSON, without the motion samples, which are most of its bytes. */
export function decodeFixes(json: Uint8Array): Drive['gnss'] {
  return (JSON.parse(new TextDecoder().decode(json)) as Header).gnss;
}

function readSeries(view: DataView, start: number, { samples, averaged }: { samples: number; averaged: boolean }): ImuSeries {
  const expected = start + samples * NUMBER_BYTES * COLUMNS.length;
  if (view.byteLength !== expected) throw new Error(`a drive document of ${view.byteLength} bytes that should have ${expected}`);
  const column = (order: number) =>
    Float64Array.from({ length: samples }, (_, row) => view.getFloat64(start + (order * samples + row) * NUMBER_BYTES, true));
  const [tS, forceX, forceY, forceZ, gyroX, gyroY, gyroZ] = COLUMNS.map((_, order) => column(order)) as [
    Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array,
  ];
  return { tS, forceX, forceY, forceZ, gyroX, gyroY, gyroZ, averaged };
}
