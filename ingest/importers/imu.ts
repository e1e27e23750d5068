import type { ImuSeries, RefusedRow } from '../../shared/model/drive.ts';
import { readTable } from './columns.ts';
import { orderProblem } from './gnss.ts';

const FORCE = ['ax_mps2', 'ay_mps2', 'az_mps2'] as const;
const GYRO = ['gx_radps', 'gy_radps', 'gz_radps'] as const;

/** imu.csv of a drive folder; null where no row can be used. A device without a gyroscope has NaN in those columns. */
export function readImu(text: string, file: string, averaged: boolean): { readonly imu: ImuSeries | null; readonly refused: readonly RefusedRow[] } {
  const table = readTable(text, { file, required: ['t_s', ...FORCE], numbers: ['t_s', ...FORCE, ...GYRO], texts: [] });
  const refused = [...table.refused];
  let lastS = -Infinity;
  const rows = table.rows.filter(({ line, values }) => {
    const reason = orderProblem(values['t_s']!, lastS);
    if (reason === null) lastS = values['t_s']!;
    else refused.push({ file, line, refusal: reason });
    return reason === null;
  });
  if (rows.length === 0) return { imu: null, refused };
  const column = (name: string) => Float64Array.from(rows, ({ values }) => values[name] ?? Number.NaN);
  return {
    refused,
    imu: {
      tS: column('t_s'),
      forceX: column(FORCE[0]),
      forceY: column(FORCE[1]),
      forceZ: column(FORCE[2]),
      gyroX: column(GYRO[0]),
      gyroY: column(GYRO[1]),
      gyroZ: column(GYRO[2]),
      averaged,
    },
  };
}
