import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sha256 } from '../../shared/model/ids.ts';
import { RECIPE } from '../../shared/model/recipe.ts';
import { LEARNED_CONSISTENCY } from '../../validate/checks/learned-consistency.ts';
import { type Testimony, RULES_ALONE } from '../../validate/testimony.ts';
import { judgeDrive } from '../../validate/judge.ts';
import { judgeWithNet, nats } from '../../validate/judge-with-net.ts';
import type { Net } from '../../validate/net.ts';
import { NET_CHANNELS, NET_SECONDS } from '../../validate/net-input.ts';
import { printJudgement } from '../../validate/receipt.ts';
import { teleported } from './attacks.ts';
import { committedNet } from './committed-net.ts';
import { madeDrive, ROUGH_ROAD, START_S } from './made-drive.ts';

let net: Net;
beforeAll(async () => {
  net = await committedNet();
});
afterAll(() => net.close());

const honest = madeDrive({ seconds: 300, imu: () => ROUGH_ROAD, framesEveryS: 10 });

function testimony(odds: number | null): Testimony {
  return { provider: 'cpu', net: { modelSha256: 'b'.repeat(64) as Sha256, limit: net.model.limit, parts: [Array.from({ length: 40 }, () => odds)] } };
}

function rules() {
  return { recipe: RECIPE, calibration: net.model.calibration };
}

describe('what the net may do', () => {
  test('alone it flags, with a reason and the figures', () => {
    const { verdict, windows } = judgeDrive(honest, rules(), testimony(3 * net.model.limit));
    expect(verdict).toBe('flagged');
    expect(windows[0]).toMatchObject({ verdict: 'flagged', reasons: ['channels_disagree', 'one_check_alone'] });
    expect(windows[0]!.checks[LEARNED_CONSISTENCY]).toMatchObject({ measured: expect.closeTo(3 * net.model.limit), limit: net.model.limit, unit: 'nat', bound: 'upper' });
  });

  test('beside a rule it rejects nothing: it reads what they read', () => {
    const leap = teleported(honest, { atS: START_S + 150, metres: 400, onCourseDeg: 10 });
    const verdicts = (given: Testimony) => judgeDrive(leap, rules(), given).windows.map(({ verdict }) => verdict === 'rejected');
    expect(judgeDrive(leap, rules(), RULES_ALONE).windows.some(({ reasons }) => reasons.includes('teleport'))).toBe(true);
    expect(verdicts(testimony(1000))).toEqual(verdicts(RULES_ALONE));
  });

  test('it vouches for nothing: where no rule could be checked, its silence leaves the window unverified', () => {
    const drive = madeDrive({ seconds: 300, haccM: () => 90, hasDoppler: false, lost: (atS) => atS % 40 > 1 });
    const verdicts = (given: Testimony) => judgeDrive(drive, rules(), given).windows.map(({ verdict }) => verdict);
    expect(verdicts(testimony(0))).toEqual(verdicts(RULES_ALONE));
  });

  test('a window that it cannot see has no such check, never a zero', () => {
    const { windows } = judgeDrive(honest, rules(), testimony(null));
    expect(windows.every(({ checks }) => !(LEARNED_CONSISTENCY in checks))).toBe(true);
  });

  test('it never changes the tier', () => {
    for (const odds of [0, 1000, null]) expect(judgeDrive(honest, rules(), testimony(odds)).tier).toBe(judgeDrive(honest, rules(), RULES_ALONE).tier);
  });
});

describe('judging with the net', () => {
  test('the receipt names the model and the provider', async () => {
    const { receipt } = await judgeWithNet(net, honest, RECIPE);
    expect(receipt).toEqual({ recipe: RECIPE.version, modelSha256: net.model.sha256, inputSha256: honest.inputSha256, provider: 'cpu' });
  });

  test('twice is the same bytes', async () => {
    expect(printJudgement(await judgeWithNet(net, honest, RECIPE))).toBe(printJudgement(await judgeWithNet(net, honest, RECIPE)));
  });

  test('asked window by window or 256 at once it is the same bytes', async () => {
    const size = NET_CHANNELS * NET_SECONDS;
    const inBatchesOf = (most: number): Net => ({
      ...net,
      ask: async (input, windows) => {
        const answers: number[] = [];
        for (let from = 0; from < windows; from += most) {
          const to = Math.min(windows, from + most);
          // Others wait beside it, as they do where several drives are judged at once.
          const beside = new Float32Array(most * size).fill(0.1);
          beside.set(input.subarray(from * size, to * size));
          answers.push(...(await net.ask(beside, beside.length / size)).subarray(0, to - from));
        }
        return Float32Array.from(answers);
      },
    });
    const whole = printJudgement(await judgeWithNet(inBatchesOf(256), honest, RECIPE));
    expect(printJudgement(await judgeWithNet(inBatchesOf(1), honest, RECIPE))).toBe(whole);
    expect(printJudgement(await judgeWithNet(net, honest, RECIPE))).toBe(whole);
  });

  test('a drive without a usable position is still judged', async () => {
    expect((await judgeWithNet(net, madeDrive({ seconds: 30, haccM: () => 5000 }), RECIPE)).verdict).toBe('unverified');
    expect((await judgeWithNet(net, { ...honest, gnss: [], frames: [] }, RECIPE)).verdict).toBe('unverified');
    expect((await judgeWithNet(net, { ...honest, gnss: honest.gnss.slice(0, 1), frames: [] }, RECIPE)).verdict).toBe('unverified');
  });
});

test('odds in nats start at nothing, grow with the log-odds and never overflow', () => {
  expect([nats(-1000), nats(-20), nats(1000)]).toEqual([0, 0, 1000]);
  expect(nats(0)).toBeCloseTo(Math.LN2, 4);
});
