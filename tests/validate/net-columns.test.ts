import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../fixtures/random.ts';
import { forceColumns } from '../../validate/net-force.ts';
import { gyroBias, headingColumns } from '../../validate/net-heading.ts';
import { delayed, matchOf, receiverLagS } from '../../validate/net-match.ts';

const SECONDS = 400;
const FLOOR = 2.5e-5;

/** A winding way: turn rates that come and go within some ten seconds. */
function winding(seed: number): Float64Array {
  const random = makeRandom(seed, 'winding');
  let turn = 0;
  return new Float64Array(SECONDS).map(() => (turn = 0.85 * turn + random.normal(0.05)));
}

const turn = winding(1);
const middle = SECONDS / 2;

describe('delays', () => {
  test('a receiver that is late within reason is found to a quarter of a second', () => {
    for (const lagS of [-0.5, 0, 0.25, 0.75, 1.5]) expect(receiverLagS(delayed(turn, lagS), turn)).toBe(lagS);
  });

  test('two recordings laid together agree at another delay than their own', () => {
    for (const shiftS of [-12, -5, 6, 15]) {
      const { here, elsewhere, lagS } = matchOf({ re: delayed(turn, shiftS), im: null }, { re: turn, im: null }, FLOOR);
      expect(lagS[middle]).toBe(shiftS);
      expect(elsewhere[middle]!).toBeGreaterThan(0.9);
      expect(here[middle]!).toBeLessThan(0.7);
    }
  });

  test('where only a few seconds are told by both, nothing is said', () => {
    const silent = turn.map((value, k) => (k < SECONDS - 15 ? NaN : value));
    const { here, elsewhere } = matchOf({ re: turn, im: null }, { re: silent, im: null }, FLOOR);
    expect([...here, ...elsewhere].every(Number.isNaN)).toBe(true);
  });

  test('how the sensor is turned about the vertical does not matter to forces', () => {
    const across = winding(2);
    const [cos, sin] = [Math.cos(2), Math.sin(2)];
    const turned = { re: turn.map((value, k) => value * cos - across[k]! * sin), im: turn.map((value, k) => value * sin + across[k]! * cos) };
    expect(matchOf({ re: turn, im: across }, turned, FLOOR).here[middle]!).toBeGreaterThan(0.95);
  });
});

describe('heading', () => {
  const heading = turn.reduce<number[]>((all, rate) => [...all, all.at(-1)! + rate], [0.7]);
  const motion = (eastMps: number, northMps: number) => ({
    northMps: turn.map((_, k) => 12 * Math.cos(heading[k]!) + northMps), eastMps: turn.map((_, k) => 12 * Math.sin(heading[k]!) + eastMps),
  });

  test('an honest car has no side speed, and no drag explains anything', () => {
    const { side_speed_long, drag_speed_short, drag_gain_long } = headingColumns(motion(0, 0), turn);
    expect(Math.max(...side_speed_long.map(Math.abs))).toBeLessThan(1e-6);
    expect(drag_speed_short[middle]!).toBeLessThan(1e-6);
    expect(drag_gain_long[middle]!).toBeLessThan(1e-6);
  });

  test('a position that is dragged off is found by its speed, whithersoever', () => {
    for (const [east, north] of [[2, 0], [0, -1.5], [-1, 1]] as const) {
      const { drag_speed_long, drag_gain_long } = headingColumns(motion(east, north), turn);
      expect(drag_speed_long[middle]!).toBeCloseTo(Math.hypot(east, north), 0);
      expect(drag_gain_long[middle]!).toBeGreaterThan(10);
    }
  });

  test('a gyroscope\'s offset is found, a forged turn is not taken for one', () => {
    expect(gyroBias(turn, turn.map((rate) => rate + 0.01))[middle]!).toBeCloseTo(0.01, 6);
    const forged = turn.map((rate, k) => (k > 195 && k < 201 ? rate + 0.3 : rate));
    expect(Math.abs(gyroBias(forged, turn)[middle]!)).toBeLessThan(0.001);
  });
});

test('forces: gains are those of the speeds, whatever the mounting', () => {
  const accel = winding(3).map((value) => 10 * value);
  const cornering = winding(4).map((value) => 10 * value);
  const [cos, sin] = [Math.cos(1), Math.sin(1)];
  // Second is to the left of first.
  const level = { firstMps2: accel.map((a, k) => a * cos + cornering[k]! * sin), secondMps2: accel.map((a, k) => a * sin - cornering[k]! * cos) };
  const speed = accel.map(() => 10);
  const honest = forceColumns(level, { accelMps2: accel, corneringMps2: cornering, speedMps: speed });
  expect(honest.forward_gain_long[middle]!).toBeCloseTo(0, 6);
  expect(honest.right_gain_long[middle]!).toBeCloseTo(0, 6);
  expect(honest.mounting_agreement[middle]!).toBeCloseTo(1, 6);
  const motion = { accelMps2: accel.map((a) => 1.5 * a), corneringMps2: cornering.map((c) => 1.5 * c) };
  const scaled = forceColumns(level, { ...motion, speedMps: speed });
  expect(scaled.forward_gain_long[middle]!).toBeLessThan(-0.25);
  expect(scaled.right_gain_long[middle]!).toBeLessThan(-0.25);
  expect(scaled.forward_gain_doubt_long[middle]!).toBeLessThan(honest.forward_gain_doubt_long[middle]! - 3);
  const crawling = forceColumns(level, { ...motion, speedMps: accel.map(() => 1.5) });
  expect(crawling.forward_gain_long[middle]!).toBeNaN();
  expect(crawling.right_gain_doubt[middle]!).toBeNaN();
});
