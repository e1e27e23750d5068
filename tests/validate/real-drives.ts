import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Drive, GnssFix, ImuSeries } from '../../shared/model/drive.ts';
import type { Sha256 } from '../../shared/model/ids.ts';

/** Where the shared drives lie, or null with the reason printed. */
export function realDrivesFolder(): string | null {
  const data = process.env['WAYPROOF_DATA'];
  if (data !== undefined && existsSync(join(data, 'drives'))) return join(data, 'drives');
  console.warn('skipped: WAYPROOF_DATA does not name a folder with drives/');
  return null;
}

/** All drive folders below `folder`, by name. */
export function readRealDrives(folder: string): readonly Drive[] {
  return readdirSync(folder).toSorted().filter((name) => existsSync(join(folder, name, 'drive.json'))).map((name) => readRealDrive(join(folder, name)));
}

function readRealDrive(folder: string): Drive {
  const about = JSON.parse(readFileSync(join(folder, 'drive.json'), 'utf8')) as { id: string; imu?: { averaged?: boolean } };
  const gnss = readColumns(join(folder, 'gnss.csv.gz'));
  const imuFile = join(folder, 'imu.csv.gz');
  return {
    name: about.id,
    device: { make: null, model: null, serial: null },
    gnss: gnss.rows.map((row) => fixOf(gnss.at, row)),
    imu: existsSync(imuFile) ? imuOf(imuFile, about.imu?.averaged ?? false) : null,
    frames: [],
    refusedRows: [],
    inputSha256: sha256Of(folder),
  };
}

function sha256Of(folder: string): Sha256 {
  const lines = readdirSync(folder).toSorted().map((file) => `${file} ${createHash('sha256').update(readFileSync(join(folder, file))).digest('hex')}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex') as Sha256;
}

interface Columns {
  readonly at: (name: string) => number;
  readonly rows: readonly (readonly string[])[];
}

function readColumns(file: string): Columns {
  const [header = '', ...lines] = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const names = header.trim().split(',');
  return { at: (name) => names.indexOf(name), rows: lines.map((line) => line.trim().split(',')) };
}

function cell(row: readonly string[], at: number): number | null {
  const text = row[at];
  return text === undefined || text === '' ? null : Number(text);
}

function fixOf(at: (name: string) => number, row: readonly string[]): GnssFix {
  const value = (name: string): number | null => cell(row, at(name));
  return {
    tS: value('t_s')!, latDeg: value('lat_deg')!, lonDeg: value('lon_deg')!, altM: value('alt_m'),
    speedMps: value('speed_mps'), courseDeg: value('course_deg'), haccM: value('hacc_m'), vaccM: value('vacc_m'),
    saccMps: value('sacc_mps'), hdop: value('hdop'), satellites: value('sats'),
  };
}

function imuOf(file: string, averaged: boolean): ImuSeries {
  const { at, rows } = readColumns(file);
  const column = (name: string): Float64Array => Float64Array.from(rows, (row) => cell(row, at(name)) ?? NaN);
  return {
    tS: column('t_s'), forceX: column('ax_mps2'), forceY: column('ay_mps2'), forceZ: column('az_mps2'),
    gyroX: column('gx_radps'), gyroY: column('gy_radps'), gyroZ: column('gz_radps'), averaged,
  };
}
