import { expect, test } from 'vitest';
import { moved } from '../../shared/model/geo.ts';
import { framePlace } from '../../validate/checks/frame-place.ts';
import { frameAt, madeDrive } from './made-drive.ts';
import { judged, worstOf } from './measured.ts';

const OWN = { timeSource: 'exif', positionSource: 'exif' } as const;
const drive = madeDrive({ seconds: 300 });

/** Every tenth fix with a picture that says it was taken `offM` beside the track and `lateS` late. */
function pictures(offM: number, lateS = 0) {
  const frames = drive.gnss.filter((_, n) => n % 10 === 5).map((fix, n) => frameAt({ ...moved(fix, offM, 340), tS: Math.floor(fix.tS + lateS) }, n, OWN));
  return { ...drive, frames };
}

test.each([
  ['its own receiver, 15 m off', pictures(15)],
  ['whole seconds, a second late', pictures(5, 1.7)],
])('a picture with %s is plausible', (_, honest) => {
  expect(worstOf(framePlace, honest)).toBeLessThan(1);
  expect(judged(honest).verdict).toBe('accepted');
});

test('pictures placed 300 m beside the track they came with are flagged', () => {
  const moved = pictures(300);
  expect(worstOf(framePlace, moved)).toBeGreaterThan(1);
  expect(judged(moved)).toMatchObject({ verdict: 'flagged', frames: expect.arrayContaining([expect.objectContaining({ verdict: 'flagged' })]) });
});

test('pictures that took their place from the track say nothing about it', () => {
  expect(worstOf(framePlace, madeDrive({ seconds: 100, framesEveryS: 5 }))).toBeNull();
});

test('a picture in the right place does not vouch for a track that could not be checked', () => {
  const sparse = madeDrive({ seconds: 600, stepS: 50 });
  expect(judged({ ...sparse, frames: sparse.gnss.map((fix, n) => frameAt(fix, n, OWN)) }).verdict).toBe('unverified');
});
