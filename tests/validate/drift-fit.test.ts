import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DriftRow, fitDrift } from '../../validate/filter/drift-fit.ts';

const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
const spans = fc.record({ start: angle, turned: fc.double({ min: 1, max: 6, noNaN: true }), speed: fc.double({ min: 5, max: 25, noNaN: true }), drift: fc.double({ min: 0, max: 3, noNaN: true }), bearing: angle, offset: fc.double({ min: -0.05, max: 0.05, noNaN: true }) });

/** A vehicle at one speed whose heading turns evenly, its track drifting and its heading off by a little. */
function rowsOf({ start, turned, speed, drift, bearing, offset }: { start: number; turned: number; speed: number; drift: number; bearing: number; offset: number }): readonly DriftRow[] {
  return Array.from({ length: 60 }, (_, n) => {
    const truth = start + (turned * n) / 60;
    const heading = truth + offset;
    const [eastMps, northMps] = [speed * Math.sin(truth) + drift * Math.sin(bearing), speed * Math.cos(truth) + drift * Math.cos(bearing)];
    const [sin, cos] = [Math.sin(heading), Math.cos(heading)];
    return { atS: n - 30, forwardMps: eastMps * sin + northMps * cos, rightMps: eastMps * cos - northMps * sin, rightEast: cos, rightNorth: -sin };
  });
}

test('through a turn the drift is found, wherever the car heads and however the heading is off', () => {
  fc.assert(fc.property(spans, (span) => {
    const found = fitDrift(rowsOf(span), 0.3, 0.0005)!;
    expect(Math.hypot(found.eastMps - span.drift * Math.sin(span.bearing), found.northMps - span.drift * Math.cos(span.bearing))).toBeLessThan(0.1 + 0.08 * span.drift);
  }), { numRuns: 200, seed: 20_260_101 });
});

test('straight on, a sideways drift is a heading that is off: nothing is told', () => {
  const straight = rowsOf({ start: 0.4, turned: 0, speed: 15, drift: 1, bearing: 2, offset: 0 });
  expect(fitDrift(straight, 0.3, 0.0005)!.significance).toBeLessThan(1.5);
});

test('what a bias that nobody measured may feign is no drift', () => {
  // A bend of 60 s at 20 m/s whose gyroscope is off by 0.003 rad/s.
  const bend = Array.from({ length: 120 }, (_, n): DriftRow => {
    const truth = 0.008 * (n - 60);
    const heading = truth + 0.003 * (n - 60);
    const [eastMps, northMps] = [20 * Math.sin(truth), 20 * Math.cos(truth)];
    const [sin, cos] = [Math.sin(heading), Math.cos(heading)];
    return { atS: n - 60, forwardMps: eastMps * sin + northMps * cos, rightMps: eastMps * cos - northMps * sin, rightEast: cos, rightNorth: -sin };
  });
  const [told, untold] = [fitDrift(bend, 0.8, 0.0005)!, fitDrift(bend, 0.8, 0.002)!];
  expect(told.significance).toBeGreaterThan(5);
  expect(untold.significance).toBeLessThan(1.5);
});

test('no rows, no drift', () => {
  expect(fitDrift([], 0.3, 0.0005)).toMatchObject({ speedMps: 0, significance: 0 });
});
