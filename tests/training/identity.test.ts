import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AttackName, attackOf } from '../../fixtures/attacks/all.ts';
import { makeRandom, type Random } from '../../fixtures/random.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { judgeWithNet } from '../../validate/judge-with-net.ts';
import type { Net } from '../../validate/net.ts';
import { committedNet } from '../validate/committed-net.ts';
import { readRealDrives, realDrivesFolder } from '../validate/real-drives.ts';
import { asDrive, excerpt, type Sensed } from './attacked.ts';
import { auc } from './figures.ts';
import { simulatedJourneys, UNFIT_TO_ATTACK } from './journeys.ts';

/**
 * Threats.md, "Honest evaluation": injections of nothing through the same code, labelled clean, score AUC 0.50 ± 0.05,
 * or a judge has learned the injector and not the cheat. Nothing is not quite nothing here, so that every sum of the
 * injector is done: a hair's breadth beside the truth, or the drive's own log as if it were another's.
 */
const HAIR: Readonly<Partial<Record<AttackName, number>>> = {
  teleport: 1e-4, 'drag-off': 1e-6, 'speed-scale': 1 + 1e-8, 'wrong-turn': 1e-6, 'time-shift': 1e-4, replay: 1, 'imu-scaled': 1 + 1e-8, 'foreign-imu': 1, 'another-time': 24 * 7, resent: 7,
};
/** Nor can anything within a drive tell that all of it lies beside the truth (row 3). */
const UNSEEN: Readonly<Partial<Record<AttackName, number>>> = { 'constant-offset': 30 };

const LENGTH_S = 320;
const EXCERPTS = 40;

let net: Net;
beforeAll(async () => {
  net = await committedNet();
});
afterAll(() => net.close());

interface Excerpt {
  readonly drive: Drive;
  readonly sensed: Sensed;
}

function excerpts(drives: readonly Drive[], random: Random): readonly Excerpt[] {
  const long = drives.filter(({ gnss, name, imu }) => imu !== null && !UNFIT_TO_ATTACK.includes(name) && gnss.at(-1)!.tS - gnss[0]!.tS > LENGTH_S);
  return Array.from({ length: EXCERPTS }, () => {
    const drive = random.pick(long);
    const fromS = random.uniform(drive.gnss[0]!.tS, drive.gnss.at(-1)!.tS - LENGTH_S);
    return { drive, sensed: excerpt(drive, fromS, fromS + LENGTH_S) };
  }).filter(({ sensed }) => sensed.gnss.length > LENGTH_S / 2);
}

async function scores(drive: Drive): Promise<readonly number[]> {
  return (await judgeWithNet(net, drive, RECIPE)).windows.map(({ score }) => score);
}

async function compared(drives: readonly Drive[]): Promise<Readonly<Record<string, number>>> {
  const taken = excerpts(drives, makeRandom(51, 'identity'));
  expect(taken.length).toBeGreaterThan(EXCERPTS / 2);
  const honest = await each(taken, ({ drive, sensed }) => scores(asDrive(sensed, drive)));
  const areas: Record<string, number> = {};
  for (const [name, severity] of Object.entries({ ...HAIR, ...UNSEEN }) as [AttackName, number][]) {
    const injected = await each(taken, ({ drive, sensed }) => {
      const fromS = sensed.gnss[0]!.tS + LENGTH_S / 2;
      const { gnss, imu } = sensed;
      const donor = { gnss: gnss.filter(({ tS }) => tS >= fromS), imu: imu === null ? null : excerpt(sensed, fromS, Infinity).imu, frames: [] };
      return scores(asDrive(attackOf(name).apply(sensed, { fromS: name in UNSEEN ? 0 : fromS, toS: Infinity, severity, seed: 6, donor }), drive));
    });
    areas[name] = auc(injected.flat(), honest.flat());
    // What is only a hair away is judged as the very drive, window by window.
    if (name in HAIR) for (const [n, those] of injected.entries()) expect(largestGap(those, honest[n]!), `${name}, excerpt ${n}`).toBeLessThan(0.05);
  }
  return areas;
}

async function each<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function largestGap(a: readonly number[], b: readonly number[]): number {
  expect(a).toHaveLength(b.length);
  return Math.max(0, ...a.map((value, n) => Math.abs(value - b[n]!)));
}

test('on simulated drives', async () => {
  for (const [name, area] of Object.entries(await compared(simulatedJourneys(4, 61).map(({ drive }) => drive)))) expect(Math.abs(area - 0.5), `${name}: ${area}`).toBeLessThan(0.05);
}, 600_000);

const folder = realDrivesFolder();

test.skipIf(folder === null)('on real drives', async () => {
  for (const [name, area] of Object.entries(await compared(readRealDrives(folder!)))) expect(Math.abs(area - 0.5), `${name}: ${area}`).toBeLessThan(0.05);
}, 600_000);
