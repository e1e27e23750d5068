import { describe, expect, test } from 'vitest';
import { TOKENS, cssVariables, type Theme } from '../../viewer/tokens.ts';
import { contrast, distance, luminance, seen, VISIONS } from './colour-vision.ts';

const THEMES: readonly Theme[] = ['light', 'dark'];
const RAMPS = ['freshness', 'count', 'quality'] as const;
const LEAST_CONTRAST = 3;
const LEAST_DISTANCE = 7;

describe('colours keep their distance', () => {
  test('the measures themselves are right', () => {
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 5);
    expect(contrast('#767676', '#FFFFFF')).toBeCloseTo(4.54, 2);
    // Sharma's own pairs are in Lab; this one is red against green as browsers show them.
    expect(distance(seen('#FF0000', 'normal'), seen('#00FF00', 'normal'))).toBeCloseTo(86.6, 0);
  });

  test.each(THEMES)('each class of each ramp stands out from %s land', (theme) => {
    const { ramps, map } = TOKENS[theme];
    const ratios = RAMPS.flatMap((name) => ramps[name].map((colour) => ({ name, colour, ratio: contrast(colour, map.land) })));
    expect(ratios.filter(({ ratio }) => ratio < LEAST_CONTRAST - 0.05)).toEqual([]);
    expect(contrast(ramps.unknown, map.land)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });

  test.each(THEMES)('fresher, more and better is always the stronger contrast, in %s and in every vision', (theme) => {
    for (const name of RAMPS) {
      for (const vision of Object.keys(VISIONS)) {
        const light = TOKENS[theme].ramps[name].map((colour) => luminance(seen(colour, vision)));
        const sorted = light.toSorted((a, b) => (theme === 'light' ? a - b : b - a));
        expect(light, `${name}, ${vision}`).toEqual(sorted);
      }
    }
  });

  test.each(THEMES)('no two classes of a ramp can be taken for one another, %s', (theme) => {
    for (const name of RAMPS) expect(closest([...TOKENS[theme].ramps[name]]), name).toBeGreaterThanOrEqual(LEAST_DISTANCE);
  });

  test.each(THEMES)('verdicts stand out from land and from one another, %s', (theme) => {
    const { verdicts, map, ui } = TOKENS[theme];
    const { accepted, flagged, rejected, unverified, processing, withdrawn } = verdicts;
    for (const colour of [accepted, flagged, rejected, unverified, processing, withdrawn]) {
      expect(contrast(colour, map.land), colour).toBeGreaterThanOrEqual(LEAST_CONTRAST);
      expect(contrast(colour, ui.bg), colour).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    }
    // They share a page with no order among them, so they keep twice the distance that classes of a ramp do.
    expect(closest([accepted, flagged, rejected, unverified])).toBeGreaterThanOrEqual(2 * LEAST_DISTANCE);
  });

  test.each(THEMES)('text can be read, %s', (theme) => {
    const { ui, map } = TOKENS[theme];
    for (const ground of [ui.bg, ui.page, ui.raised]) {
      for (const ink of [ui.text, ui.muted, ui.accent]) expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(ui.border, ui.bg)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    expect(contrast(ui.onAccent, ui.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(map.label, map.land)).toBeGreaterThanOrEqual(4.5);
  });

  test('every colour of the interface becomes a variable', () => {
    const variables = new Map(cssVariables('dark'));
    expect(variables.get('--on-accent')).toBe(TOKENS.dark.ui.onAccent);
    expect(variables.get('--flagged')).toBe(TOKENS.dark.verdicts.flagged);
  });
});

function closest(colours: readonly string[]): number {
  const pairs = colours.flatMap((a, n) => colours.slice(n + 1).map((b) => [a, b] as const));
  return Math.min(...Object.keys(VISIONS).flatMap((vision) => pairs.map(([a, b]) => distance(seen(a, vision), seen(b, vision)))));
}
