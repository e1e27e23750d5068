import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCENARIOS } from '../../fixtures/scenarios/all.ts';
import { COMMUTE } from '../../fixtures/scenarios/company.ts';
import type { Drive } from '../../shared/model/drive.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { type DriveVerdict, severity } from '../../shared/model/verdict.ts';
import { judgeContext } from '../../validate/context/judge-context.ts';
import { judgeWithNet } from '../../validate/judge-with-net.ts';
import { OWN_MODEL, readModel } from '../../validate/model-file.ts';
import { type Net, openNet } from '../../validate/net.ts';
import { asRecorded } from '../simulated-drive.ts';
import { greyOf } from '../training/camera-scenes.ts';
import { inContext } from './context/streets.ts';

/** The honest look-alikes of threats.md, judged by the shipped recipe and net: flagged is a finding, rejected is a wrong. */
const SEED = 1;
const lines: string[] = [];
let net: Net;

beforeAll(async () => {
  net = await openNet(await readModel(OWN_MODEL), { choice: 'cpu' });
});

afterAll(async () => {
  await net.close();
  const of = (verdict: string): number => lines.filter((line) => line.startsWith(verdict)).length;
  console.warn([`honest scenarios of seed ${SEED}: ${of('accepted')} accepted, ${of('unverified')} unverified, ${of('flagged')} flagged, ${of('rejected')} rejected`, ...lines.filter((line) => !line.startsWith('accepted'))].join('\n  '));
});

test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s is not rejected', async (_name, scenario) => {
  const earlier: Drive[] = [];
  for (const made of scenario.drives(SEED)) {
    const drive = asRecorded(made, made.frames.map((frame) => greyOf(frame.render())));
    const verdict = await judgeWithNet(net, drive, RECIPE);
    const why = `seed ${SEED}${overLimits(verdict)}`;
    lines.push(`${verdict.verdict} ${drive.name}${overLimits(verdict)}`);
    expect(verdict.verdict, why).not.toBe('rejected');
    expect(verdict.windows.filter((window) => window.verdict === 'rejected'), why).toEqual([]);
    if (earlier.length > 0) await besideOthers(drive, verdict, earlier, scenario === COMMUTE ? null : 'another');
    earlier.push(drive);
  }
});

/** Held against the drives before it: of other people, or the contributor's own. */
async function besideOthers(drive: Drive, verdict: DriveVerdict, earlier: readonly Drive[], contributor: string | null): Promise<void> {
  const found = await judgeContext(drive, verdict, { drives: earlier.map((other) => inContext(other, contributor)), closedAtS: null }, RECIPE);
  const over = found.lines.filter((line) => severity({ ...line, atS: 0 }) > 1);
  lines.push(`${found.verdict} ${drive.name} beside ${earlier.map(({ name }) => name).join(' and ')}${over.map(({ check, measured, limit, unit }) => `; ${check} ${measured} of ${limit} ${unit}`).join('')}`);
  expect(found.verdict, lines.at(-1)).not.toBe('rejected');
}

/** By check: in how many of the windows it is over its limit, and how far at worst. */
function overLimits({ windows }: DriveVerdict): string {
  const names = new Set(windows.flatMap(({ checks }) => Object.keys(checks)));
  return [...names].flatMap((name) => {
    const all = windows.flatMap(({ checks }) => (checks[name] === undefined ? [] : [checks[name]]));
    const over = all.filter((check) => severity(check) > 1);
    if (over.length === 0) return [];
    const worst = over.reduce((a, b) => (severity(a) >= severity(b) ? a : b));
    return [`; ${name} over its limit in ${over.length} of ${windows.length} windows, at worst ${worst.measured} of ${worst.limit} ${worst.unit} (${severity(worst).toFixed(2)})`];
  }).join('');
}
