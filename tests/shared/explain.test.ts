import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsOf, figuresOf, UNIX_SECONDS } from '../../shared/model/check-facts.ts';
import { CHECK_WORDS } from '../../shared/model/check-words.ts';
import { explain } from '../../shared/model/explain.ts';
import { CHECKS } from '../../validate/checks/all.ts';
import { judged } from '../validate/measured.ts';
import { teleported } from '../validate/attacks.ts';
import { DESK, madeDrive, ROUGH_ROAD, START_S } from '../validate/made-drive.ts';

const SPAN = { fromS: 10, toS: 41 };

test('every check has a sentence with its value, limit and unit, within and beyond its limit', () => {
  for (const { name } of CHECKS) {
    for (const unit of ['m/s²', 'm']) {
      for (const measured of [123.456, 1.5]) {
        const sentence = explain(name, { measured, limit: 7.8912, unit, bound: 'upper', span: SPAN, claimed: { value: 14.2, unit: 'm/s' } });
        expect(sentence).toMatch(measured > 100 ? /\b123\b/ : /\b1\.5\b/);
        expect(sentence).toContain(`7.9 ${unit}`);
        expect(sentence).not.toMatch(/[{}]|undefined|NaN/);
      }
    }
  }
});

test('a check that nobody has words for says its name, value, limit and unit', () => {
  expect(explain('sun', { measured: 12.3, limit: 5, unit: '°' })).toBe('sun: Measured 12.3°, which is beyond the limit of 5.0°.');
  expect(explain('sun', { measured: 2, limit: 5, unit: '' })).toBe('sun: Measured 2.0; the limit is 5.0.');
  expect(explain('same-imagery', { measured: 12, limit: 2, unit: 'pictures' })).toBe('12 pictures were sent before, byte for byte, by somebody else; up to 2 may be.');
});

test('a moment is told by its day', () => {
  expect(explain('clock-behind', { measured: 86_400, limit: 798_940_800, unit: UNIX_SECONDS, bound: 'lower' })).toBe('By its clock the recording begins on 2 January 1970; satellite receivers worked from 27 April 1995 on.');
  expect(explain('clock-behind', { measured: 1e300, limit: 798_940_800, unit: UNIX_SECONDS, bound: 'lower' })).not.toMatch(/Invalid|NaN/);
});

test('whatever is measured, the sentence is whole', () => {
  const names = [...new Set(Object.keys(CHECK_WORDS).map((key) => key.split('.')[1]!))];
  const quantity = fc.record({ value: fc.double({ min: 0, max: 1e6, noNaN: true }), unit: fc.constantFrom('m/s', 'm', '') });
  const unit = fc.constantFrom('m', 'm/s', 'm/s²', 'rad/s', '°', '%', '×', 's', '', 'pictures');
  const value = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(fc.property(fc.constantFrom(...names), fc.record({ measured: value, limit: value, unit, bound: fc.constantFrom('upper', 'lower') }), fc.option(quantity, { nil: undefined }), fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }), (name, check, claimed, length) => {
    const span = length === undefined ? undefined : { fromS: 5, toS: 5 + length };
    const sentence = explain(name, { ...check, claimed, span } as Parameters<typeof explain>[1]);
    expect(sentence).not.toMatch(/[{}]|undefined|NaN|\bnull\b/);
    const { measured, limit, value } = figuresOf(factsOf(name, check as Parameters<typeof explain>[1]), 'en-GB');
    expect(sentence).toContain(String(limit));
    expect(sentence.includes(String(measured)) || sentence.includes(String(value))).toBe(true);
  }));
});

test('in plain words: a leap, and a parked sensor under a track that drives', () => {
  const leapt = judged(teleported(madeDrive({ seconds: 90, imu: () => ROUGH_ROAD, framesEveryS: 30 }), { atS: START_S + 70, metres: 200, onCourseDeg: 45 }));
  expect(explain('displacement', leapt.windows.at(-1)!.checks['displacement']!)).toMatchInlineSnapshot(`"A position lay 200 m from where the motion before and after it leads, 1 second after the one before; a receiver may be off by 34.5 m here."`);
  expect(explain('speed-agreement', leapt.windows.at(-1)!.checks['speed-agreement']!)).toMatchInlineSnapshot(`"For 4 seconds the positions went elsewhere than the receiver's own speed leads: 50.2 m/s of difference; up to 11.6 m/s is plausible."`);
  const driven = judged(madeDrive({ seconds: 90, imu: () => ROUGH_ROAD }));
  expect(explain('stillness', driven.windows[0]!.checks['stillness']!)).toMatchInlineSnapshot(`"At driving speed the motion sensor shook by 0.78 m/s²; in a moving vehicle it is 0.09 m/s² or more."`);
  const parked = judged(madeDrive({ seconds: 90, imu: (t) => (t > 30 && t < 61 ? DESK : ROUGH_ROAD) }));
  expect(explain('stillness', parked.windows[0]!.checks['stillness']!)).toMatchInlineSnapshot(`"GNSS says 14.0 m/s for 31 seconds; the motion sensor shows a parked device: vibration 0.049 of at least 0.09 m/s²."`);
});
