import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCENARIOS } from '../../fixtures/scenarios/all.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { type DriveVerdict, severity } from '../../shared/model/verdict.ts';
import { judgeWithNet } from '../../validate/judge-with-net.ts';
import { OWN_MODEL, readModel } from '../../validate/model-file.ts';
import { type Net, openNet } from '../../validate/net.ts';
import { asRecorded } from '../simulated-drive.ts';

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
  console.warn([`honest scenarios of seed ${SEED}: ${of('accepted')} drives accepted, ${of('unverified')} unverified, ${of('flagged')} flagged, ${of('rejected')} rejected`, ...lines.filter((line) => !line.startsWith('accepted'))].join('\n  '));
});

test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s is not rejected', async (_name, { drives }) => {
  for (const drive of drives(SEED)) {
    const verdict = await judgeWithNet(net, asRecorded(drive), RECIPE);
    lines.push(`${verdict.verdict} ${drive.driveJson.id}${overLimits(verdict)}`);
    expect(verdict.verdict, `seed ${SEED}, ${overLimits(verdict)}`).not.toBe('rejected');
    expect(verdict.windows.filter((window) => window.verdict === 'rejected'), `seed ${SEED}, ${overLimits(verdict)}`).toEqual([]);
  }
});

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
