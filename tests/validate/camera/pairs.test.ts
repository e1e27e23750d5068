import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Frame } from '../../../shared/model/drive.ts';
import { distanceM } from '../../../shared/model/geo.ts';
import { framePairs, NEXT, seenFrames } from '../../../validate/camera/pairs.ts';
import { photoFolder, START_S } from '../made-drive.ts';

const GREY = new Uint8Array(64 * 36);
const withGrey = (frames: readonly Frame[]): readonly Frame[] => frames.map((frame) => ({ ...frame, grey: GREY }));

test('a dashcam every two metres gives pairs of four, a slow one its neighbours', () => {
  const fast = framePairs(seenFrames(withGrey(photoFolder(12, { apartM: 2, apartS: 0.25 }).frames), START_S));
  expect(fast.map(({ fromS, toS }) => [fromS, toS])).toEqual([[0, 0.5], [0.5, 1], [1, 1.5], [1.5, 2], [2, 2.5]]);
  expect(framePairs(seenFrames(withGrey(photoFolder(6, { apartM: 13.5, apartS: 7 }).frames), START_S))).toHaveLength(5);
});

test('pictures too far apart in place or time make no pair', () => {
  expect(framePairs(seenFrames(withGrey(photoFolder(6, { apartM: 60, apartS: 5 }).frames), START_S))).toEqual([]);
  expect(framePairs(seenFrames(withGrey(photoFolder(6, { apartM: 5, apartS: 30 }).frames), START_S))).toEqual([]);
});

test('only pictures with pixels count', () => {
  expect(seenFrames(photoFolder(6, { apartM: 5, apartS: 1 }).frames, START_S)).toEqual([]);
});

test('whatever the spacing, pairs follow one another within reach, and their order does not depend on that of the frames', () => {
  fc.assert(fc.property(fc.array(fc.record({ apartM: fc.double({ min: 0, max: 80, noNaN: true }), apartS: fc.double({ min: 0.1, max: 20, noNaN: true }) }), { minLength: 2, maxLength: 40 }), (steps) => {
    let [latDeg, tS] = [52, START_S];
    const frames = photoFolder(steps.length, { apartM: 1, apartS: 1 }).frames.map((frame, n) => {
      latDeg += steps[n]!.apartM / 111_195;
      tS += steps[n]!.apartS;
      return { ...frame, latDeg, lonDeg: 5, capturedAt: tS, grey: GREY };
    });
    const pairs = framePairs(seenFrames(frames, START_S));
    expect(pairs.filter(({ first, second, fromS, toS, apartM }) => toS <= fromS || Math.abs(apartM - distanceM(first, second)) > 1e-6)).toEqual([]);
    expect(pairs.filter(({ fromS, toS, apartM }) => apartM > NEXT.mostM || toS - fromS > NEXT.mostS || (apartM < NEXT.leastM && toS - fromS < NEXT.enoughS))).toEqual([]);
    expect(pairs.slice(1).filter(({ fromS }, n) => fromS < pairs[n]!.toS)).toEqual([]);
    expect(framePairs(seenFrames(frames.toReversed(), START_S))).toEqual(pairs);
  }), { numRuns: 25, seed: 20_260_101 });
});
