import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJudgement, printJudgement } from '../../validate/receipt.ts';
import { teleported } from './attacks.ts';
import { madeDrive, ROUGH_ROAD, START_S } from './made-drive.ts';
import { judged } from './measured.ts';

const drive = madeDrive({ seconds: 90, imu: () => ROUGH_ROAD, framesEveryS: 30 });
const verdict = judged(teleported(drive, { atS: START_S + 70, metres: 200, onCourseDeg: 45 }));

test('the line of the contract, byte for byte', async () => {
  await expect(`${printJudgement(verdict)}\n`).toMatchFileSnapshot('snapshots/judgement.json');
});

test('members of the contract stand first and in its order', () => {
  const printed = JSON.parse(printJudgement(verdict)) as Record<string, unknown>;
  expect(Object.keys(printed).filter((key) => key !== 'tier_reasons')).toEqual(['drive', 'verdict', 'tier', 'score', 'frames', 'windows', 'receipt']);
  expect(Object.keys(printed['receipt'] as object)).toEqual(['recipe', 'model_sha256', 'input_sha256', 'provider']);
  expect(printed).not.toHaveProperty('ms');
  expect(printJudgement(verdict)).not.toContain('\n');
});

test('what is printed reads back as the same verdict', () => {
  fc.assert(fc.property(fc.integer({ min: 20, max: 200 }), fc.integer({ min: 0, max: 500 }), (seconds, metres) => {
    const one = judged(teleported(madeDrive({ seconds, framesEveryS: 9 }), { atS: START_S + 15, metres, onCourseDeg: metres }));
    expect(parseJudgement(printJudgement(one))).toEqual(one);
    expect(printJudgement(parseJudgement(printJudgement(one)))).toBe(printJudgement(one));
  }), { numRuns: 30, seed: 7 });
});

test('a margin is what is left to the limit, and negative beyond it', () => {
  const { windows } = JSON.parse(printJudgement(verdict)) as { windows: { checks: Record<string, { measured: number; limit: number; margin: number; bound: string }> }[] };
  const checks = windows.at(-1)!.checks;
  expect(checks['displacement']).toMatchObject({ bound: 'upper', margin: expect.closeTo(checks['displacement']!.limit - checks['displacement']!.measured, 5) });
  expect(checks['displacement']!.margin).toBeLessThan(0);
  expect(checks['stillness']!.bound).toBe('lower');
  expect(checks['stillness']!.margin).toBeGreaterThan(0);
});

test('what a check says of other witnesses and of its seconds is in the receipt', () => {
  const teleport = verdict.windows.at(-1)!.checks['displacement']!;
  expect(teleport.span).toEqual({ fromS: START_S + 69, toS: START_S + 70 });
  const printed = JSON.parse(printJudgement(verdict)) as { windows: { checks: Record<string, object> }[] };
  expect(printed.windows.at(-1)!.checks['displacement']).toMatchObject({ at_s: START_S + 70, from_s: START_S + 69, to_s: START_S + 70 });
});
