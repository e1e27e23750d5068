import { expect, test } from 'vitest';
import { verdictTable } from '../judge-table.ts';
import { CONTEXT_CHECKS, type ContextCheck, type ContextLine, type ContextVerdict } from '../shared/model/context-verdict.ts';
import { RECIPE } from '../shared/model/recipe.ts';
import { judgeContext } from '../validate/context/judge-context.ts';
import { asDrive, driven, inContext, retold, wandering } from './validate/context/streets.ts';
import { judged } from './validate/measured.ts';

const original = driven(wandering(1, 1500), { seed: 1 });
const copy = asDrive(retold(original, 'copy', (fix) => ({ ...fix, tS: fix.tS + 5000 })));
const verdict = judged(copy);

const line = (check: ContextCheck): ContextLine => ({ check, reason: 'place_offset', measured: 31.25, limit: 8.2, unit: 'm', bound: 'upper', spans: [{ fromS: 1_780_000_000, toS: 1_780_000_060 }, { fromS: 1_780_000_600, toS: 1_780_000_660 }] });

test('what a replay shares with an earlier drive is told in sentences, with when it begins', async () => {
  const context = await judgeContext(copy, verdict, { drives: [inContext(asDrive(original), 'anna')], closedAtS: null }, RECIPE);
  const rows = verdictTable(verdict, context, 12).split('\n');
  expect(rows).toContain(`  context  rejected; 1 other drive, ${context.contextSha256.slice(0, 12)}`);
  expect(rows.filter((row) => /^ {11}\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \d+ pieces of the recording repeat, reading for reading, what somebody else sent before; up to 2 may\.(?: \(\d+ stretches\))?$/.test(row))).toHaveLength(1);
  expect(rows.filter((row) => /Second by second the track keeps within [\d.]+ m of one that somebody else sent before; two drives differ by 0\.6 m or more\.(?: \(\d+ stretches\))?$/.test(row))).toHaveLength(1);
  expect(rows.join('\n')).not.toContain('anna');
});

test('every context check is told with its value, limit and unit, and in how many stretches; what keeps its limit is not', () => {
  const context: ContextVerdict = { contextSha256: verdict.receipt.inputSha256, drives: 2, verdict: 'flagged', frames: [], lines: CONTEXT_CHECKS.map(line) };
  const rows = verdictTable(verdict, context, 12).split('\n').filter((row) => row.includes('31.3 m'));
  expect(rows).toHaveLength(CONTEXT_CHECKS.length);
  for (const row of rows) expect(row).toMatch(/^ {11}2026-05-28T20:26:40Z [^{}]*8\.2 m[^{}]*\. \(2 stretches\)$/);
  expect(verdictTable(verdict, { ...context, lines: context.lines.map((one) => ({ ...one, spans: [] })) }, 12)).not.toContain('31.3');
  expect(verdictTable(verdict, null, 12)).not.toContain('context');
});
