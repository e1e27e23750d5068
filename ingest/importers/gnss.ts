import type { GnssFix, RefusedRow } from '../../shared/model/drive.ts';
import { distanceM, wrapDeg } from '../../shared/model/geo.ts';
import { type Refusal, refusal } from '../../shared/model/reason.ts';
import type { IngestRules } from '../../shared/model/recipe.ts';
import { type NumberRow, readTable } from './columns.ts';

const NUMBERS = ['t_s', 'lat_deg', 'lon_deg', 'alt_m', 'speed_mps', 'course_deg', 'hacc_m', 'vacc_m', 'sacc_mps', 'hdop', 'sats'];

/** Year 2100: milliseconds taken for seconds are far beyond it. */
const LATEST_S = 4_102_444_800;

/** gnss.csv of a drive folder, in time order; what cannot be used is refused with its line. */
export function readGnss(text: string, file: string, rules: IngestRules): { readonly fixes: readonly GnssFix[]; readonly refused: readonly RefusedRow[] } {
  const table = readTable(text, { file, required: ['t_s', 'lat_deg', 'lon_deg'], numbers: NUMBERS, texts: [] });
  const fixes: GnssFix[] = [];
  const refused = [...table.refused];
  let lastS = -Infinity;
  for (const row of table.rows) {
    const reason = orderProblem(row.values['t_s']!, lastS) ?? positionProblem(row.values['lat_deg']!, row.values['lon_deg']!, rules);
    if (reason !== null) {
      refused.push({ file, line: row.line, refusal: reason });
      continue;
    }
    lastS = row.values['t_s']!;
    fixes.push(fixOf(row));
  }
  return { fixes, refused };
}

/** Why a row at `tS` after one at `lastS` breaks the order of time, or null. */
export function orderProblem(tS: number, lastS: number): Refusal | null {
  if (tS < 0 || tS >= LATEST_S) return refusal('time_invalid', { value: tS });
  if (tS === lastS) return refusal('row_doubled_time', { value: tS });
  return tS < lastS ? refusal('row_out_of_order', { value: tS, other: lastS }) : null;
}

/** Why a position cannot be one of a drive, or null. */
export function positionProblem(latDeg: number, lonDeg: number, rules: IngestRules): Refusal | null {
  if (!(Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180)) return refusal('position_invalid', { lat: String(latDeg), lon: String(lonDeg) });
  const fromNullIslandM = Math.abs(latDeg) < 1 && Math.abs(lonDeg) < 1 ? distanceM({ latDeg, lonDeg }, { latDeg: 0, lonDeg: 0 }) : Infinity;
  return fromNullIslandM <= rules.nullIslandM ? refusal('null_island', { value: Math.round(fromNullIslandM), limit: rules.nullIslandM }) : null;
}

function fixOf({ values }: NumberRow): GnssFix {
  const of = (name: string) => values[name] ?? null;
  const course = of('course_deg');
  const speed = of('speed_mps');
  return {
    tS: values['t_s']!,
    latDeg: values['lat_deg']!,
    lonDeg: values['lon_deg']!,
    altM: of('alt_m'),
    // Several phones write -1 for "unknown" in these columns (Android and iOS location APIs).
    speedMps: speed !== null && speed < 0 ? null : speed,
    courseDeg: course === null || course < 0 ? null : wrapDeg(course),
    haccM: positive(of('hacc_m')),
    vaccM: positive(of('vacc_m')),
    saccMps: positive(of('sacc_mps')),
    hdop: positive(of('hdop')),
    satellites: of('sats'),
  };
}

function positive(value: number | null): number | null {
  return value === null || value <= 0 ? null : value;
}
