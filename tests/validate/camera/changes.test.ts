import { expect, test } from 'vitest';
import { changedShare } from '../../../validate/camera/changes.ts';
import { mirrored } from '../../training/camera-drives.ts';
import { again, viewAlong } from './views.ts';

const here = viewAlong(0);

test('the same view changes next to nothing, in other light and noise too', () => {
  expect(changedShare(here, here)).toBe(0);
  expect(changedShare(here, again(here, 1))).toBeLessThan(0.1);
  expect(changedShare(here, again(here, 2, { gain: 0.7 }))).toBeLessThan(0.1);
});

test('eight metres further on most of it is different', () => {
  for (const alongM of [0, 10, 20, 30]) expect(changedShare(viewAlong(alongM), viewAlong(alongM + 8))).toBeGreaterThan(0.5);
});

test('a car that passes a standing camera changes its part and no more', () => {
  const passing = here.map((value, at) => (at % 64 > 8 && at % 64 < 30 && at > 64 * 16 && at < 64 * 30 ? 255 - value : value));
  expect(changedShare(here, passing)).toBeGreaterThan(0.05);
  expect(changedShare(here, passing)).toBeLessThan(0.35);
});

test('where nothing can be seen nothing is said', () => {
  const dark = new Uint8Array(here.length).fill(3);
  expect(changedShare(dark, dark)).toBeNaN();
  expect(changedShare(again(dark, 1, { noise: 1 }), again(dark, 2, { noise: 1 }))).toBeNaN();
});

test('a picture that goes dark is a change, and so is its mirror image', () => {
  expect(changedShare(here, new Uint8Array(here.length).fill(3))).toBe(1);
  expect(changedShare(here, mirrored(here))).toBeGreaterThan(0.5);
});
