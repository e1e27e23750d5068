import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JudgedFrame, stretchesToReview } from '../../../validate/review/cases.ts';
import { outcomeOf, reviewedVerdict } from '../../../validate/review/outcome.ts';
import { DECISIONS } from '../../../shared/model/review.ts';

const LIMITS = { windowS: 64, mostFrames: 5 };

/** One letter a frame, 4 s apart: f flagged, p flagged and private, w flagged and waiting, . another state, _ a pause. */
function frames(text: string): readonly JudgedFrame[] {
  let capturedS = 0;
  return [...text].flatMap((letter, n) => {
    capturedS += letter === '_' ? 100 : 4;
    return letter === '_' ? [] : [{ key: BigInt(n), isFlagged: letter !== '.', isPrivate: letter === 'p', isWaiting: letter === 'w', capturedS }];
  });
}

describe('stretches that people decide on', () => {
  test.each([
    ['', []],
    ['....', []],
    ['.ff.f.', ['12', '4']],
    ['ff_ff', ['01', '34']],
    ['.pp.', []],
    ['.pfp.', ['123']],
    ['fwwf', ['0', '3']],
    ['fffffff', ['01234', '56']],
  ])('%s', (text, expected) => {
    expect(stretchesToReview(frames(text), LIMITS).map((stretch) => stretch.map(({ key }) => key).join(''))).toEqual(expected);
  });

  test('every flagged frame that waits for nobody stands in exactly one, unless it is private with all its neighbours', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('f', 'p', 'w', '.', '_'), maxLength: 40 }), (text) => {
      const given = frames(text);
      const cut = stretchesToReview(given, LIMITS).flat();
      expect(new Set(cut).size).toBe(cut.length);
      expect(cut.every(({ isFlagged, isWaiting }) => isFlagged && !isWaiting)).toBe(true);
      for (const frame of given.filter(({ isFlagged, isWaiting, isPrivate }) => isFlagged && !isWaiting && !isPrivate)) expect(cut).toContain(frame);
    }));
  });
});

describe('what decisions amount to', () => {
  test.each([
    [[], 1, null],
    [['accept'], 1, 'accepted'],
    [['reject'], 1, 'rejected'],
    [['unsure'], 1, null],
    [['unsure', 'reject'], 1, 'rejected'],
    [['accept', 'reject'], 1, null],
    [['accept', 'reject', 'unsure'], 1, null],
    [['accept', 'reject', 'reject'], 1, 'rejected'],
    [['accept'], 2, null],
    [['accept', 'accept'], 2, 'accepted'],
    [['accept', 'reject', 'accept'], 2, 'accepted'],
    [['accept', 'accept', 'reject'], 3, null],
  ] as const)('%j with %i reviewers', (decisions, reviewers, expected) => {
    expect(outcomeOf(decisions, reviewers)).toBe(expected);
  });

  test('the order never matters, accept and reject are each other\'s mirror, and who is unsure changes nothing', () => {
    const mirror = { accept: 'reject', reject: 'accept', unsure: 'unsure' } as const;
    fc.assert(fc.property(fc.array(fc.constantFrom(...DECISIONS), { maxLength: 7 }), fc.integer({ min: 1, max: 4 }), (decisions, reviewers) => {
      const outcome = outcomeOf(decisions, reviewers);
      expect(outcomeOf(decisions.toReversed(), reviewers)).toBe(outcome);
      expect(outcomeOf([...decisions, 'unsure'], reviewers)).toBe(outcome);
      const mirrored = outcomeOf(decisions.map((decision) => mirror[decision]), reviewers);
      expect(mirrored).toBe(outcome === null ? null : outcome === 'accepted' ? 'rejected' : 'accepted');
    }));
  });

  test.each([
    [{ accepted: 9, flagged: 1, rejected: 90, unverified: 0 }, 'flagged'],
    [{ accepted: 5, flagged: 0, rejected: 5, unverified: 0 }, 'rejected'],
    [{ accepted: 6, flagged: 0, rejected: 4, unverified: 0 }, 'accepted'],
    [{ accepted: 1, flagged: 0, rejected: 0, unverified: 2 }, 'unverified'],
  ] as const)('a drive of %j is %s', (counts, verdict) => {
    expect(reviewedVerdict(counts)).toBe(verdict);
  });
});
