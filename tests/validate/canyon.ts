import { makeRandom } from '../../fixtures/random.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { moved } from '../../shared/model/geo.ts';
import { type MadeDrive, madeDrive, START_S } from './made-drive.ts';

/** A corner of 90° every 40 s, at walking pace round it and at 10 m/s between; no radius is stated. */
export const CORNERS: MadeDrive = {
  seconds: 400, haccM: () => null,
  courseDeg: (t) => 70 + 90 * (Math.floor(t / 40) + Math.min(1, Math.max(0, ((t % 40) - 32) / 6))),
  speedMps: (t) => 10 - 4 * Math.exp(-(((t % 40) - 35) ** 2) / 20),
};

/** Reflections' error an axis, and for how long it stays. */
const HOUSES_M = 8;
const LASTS_S = 35;
const FROM_S = 150;
const TO_S = 260;

/** The drive with 110 s of it between high houses: positions wander, the Doppler hardly does. */
export function amongHouses(made: MadeDrive): Drive {
  const random = makeRandom(9, 'houses');
  const drive = madeDrive(made);
  const keep = Math.exp(-1 / LASTS_S);
  let [eastM, northM] = [0, 0];
  return {
    ...drive,
    gnss: drive.gnss.map((fix) => {
      const isAmong = fix.tS - START_S > FROM_S && fix.tS - START_S < TO_S;
      const stepM = isAmong ? HOUSES_M * Math.sqrt(1 - keep * keep) : 0;
      [eastM, northM] = [keep * eastM + random.normal(1) * stepM, keep * northM + random.normal(1) * stepM];
      return { ...fix, ...moved(moved(fix, eastM, 90), northM, 0) };
    }),
  };
}
