import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../../fixtures/random.ts';
import { RECIPE } from '../../../shared/model/recipe.ts';
import { parseContext, printContext, withContext } from '../../../validate/context/context-receipt.ts';
import type { ContextDrive } from '../../../validate/context/context-drive.ts';
import { judgeContext } from '../../../validate/context/judge-context.ts';
import { printJudgement } from '../../../validate/receipt.ts';
import { judged } from '../measured.ts';
import { asDrive, driven, inContext, retold, TODAY_S, wandering } from './streets.ts';

const original = driven(wandering(1, 1500), { seed: 1 });
const copy = asDrive(retold(original, 'copy', (fix) => ({ ...fix, tS: fix.tS + 5000 })));
const honest = asDrive(driven(wandering(1, 1500), { seed: 4, startAtS: TODAY_S + 30 }));
const context: readonly ContextDrive[] = [
  inContext(asDrive(original), 'anna'),
  inContext(asDrive(driven(wandering(1, 1500), { seed: 2 })), 'ben'),
  inContext(asDrive(driven(wandering(2, 1500), { seed: 3 })), null),
];

const random = makeRandom(8, 'pictures');
/** What each picture shows: nothing of a street, but never the same. */
const SEEN = original.frames.map(() => Uint8Array.from({ length: 64 * 36 }, () => Math.floor(random.uniform(0, 256))));

const held = async (drive: typeof copy, drives: readonly ContextDrive[]) => await judgeContext(drive, judged(drive), { drives, closedAtS: null }, RECIPE);

describe('the context verdict', () => {
  test('does not depend on the order in which the others are read, nor does the intrinsic one depend on them', async () => {
    const before = printJudgement(judged(copy));
    const first = printContext(await held(copy, context), judged(copy));
    for (const order of [[2, 1, 0], [1, 2, 0], [0, 2, 1]]) expect(printContext(await held(copy, order.map((n) => context[n]!)), judged(copy))).toBe(first);
    expect(printJudgement(judged(copy))).toBe(before);
    const line = withContext(before, first);
    expect((JSON.parse(line) as { receipt: { context: object } }).receipt.context).toEqual(parseContext(first));
    expect(line.replace(`,"context":${first}`, '')).toBe(before);
  });

  test('names the hash of what was read: another context, another hash', async () => {
    const hashes = await Promise.all([context, context.slice(1), context.slice(0, 2), context.map((drive) => ({ ...drive, contributor: 'carl' })), []].map(async (drives) => (await held(honest, drives)).contextSha256));
    expect(new Set(hashes).size).toBe(hashes.length);
    expect((await held(copy, context)).contextSha256).toBe(hashes[0]);
  });

  test('rejects a replay by its readings, accepts another car on the same street, and its frames with it', async () => {
    const replay = await held(copy, context);
    expect(replay.verdict).toBe('rejected');
    expect(replay.frames.filter(({ verdict }) => verdict === 'rejected').length).toBeGreaterThan(0.8 * replay.frames.length);
    expect(replay.frames.filter(({ verdict }) => verdict === 'accepted')).toEqual([]);
    const other = await held(honest, context);
    expect(other.verdict).toBe(judged(honest).verdict);
    expect(other.frames).toEqual(judged(honest).frames);
    expect(other.lines.flatMap(({ spans }) => spans)).toEqual([]);
  });

  test('flags on one witness alone, and rejects on two that share only the other drive', async () => {
    // Moved and made noisy, so that no reading is the same.
    const forged = retold(original, 'forged', (fix) => ({ ...fix, tS: fix.tS + 777, latDeg: fix.latDeg + 1.7e-6 * Math.sin(fix.tS), lonDeg: fix.lonDeg + 2.3e-6 * Math.cos(fix.tS * 1.3), speedMps: fix.speedMps! + 0.03 * Math.sin(fix.tS * 2.1) }));
    const imu = { ...original.imu, tS: original.imu.tS.map((tS) => tS + 777), forceX: original.imu.forceX.map((x, n) => x + 0.02 * Math.sin(n * 1.7)) };
    const alone = await held(asDrive({ ...forged, imu }), context.slice(0, 1));
    expect(alone.verdict).toBe('flagged');
    expect(alone.frames.flatMap(({ reasons }) => reasons)).toEqual(expect.arrayContaining(['track_replayed', 'one_check_alone']));
    // Its pictures are copies too: the camera is the second witness.
    const both = await held(asDrive({ ...forged, imu }, SEEN), [inContext(asDrive(original, SEEN), 'anna')]);
    expect(both.verdict).toBe('rejected');
    expect(both.frames.at(5)!.reasons).toEqual(['imagery_copied', 'track_replayed']);
  });
});
