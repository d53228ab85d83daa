import { expect, test } from 'vitest';
import { COLORS, SERIES_INKS, type Theme, textInk } from '../../src/plots/theme.ts';
import { contrast, distance, EYES } from './color.ts';

const THEMES: readonly Theme[] = ['light', 'dark'];

test('contrast and distance are those of the definitions', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 10);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(distance('#000000', '#ffffff', EYES['all cones'])).toBeCloseTo(1, 3);
  // A red and a green that are one color to those without cones for middle waves.
  expect(distance('#d55e00', '#8a8a00', EYES['all cones'])).toBeGreaterThan(0.1);
  expect(distance('#d55e00', '#8a8a00', EYES.deuteranopia)).toBeLessThan(0.1);
});

test.each(THEMES)('%s: lines have a contrast of 3 : 1 with their page, and words of 4.5 : 1', (theme) => {
  const colors = COLORS[theme];
  for (const ink of SERIES_INKS) {
    expect(contrast(colors[ink], colors.page), ink).toBeGreaterThanOrEqual(3);
    expect(contrast(colors[textInk(ink)], colors.page), textInk(ink)).toBeGreaterThanOrEqual(4.5);
  }
  for (const ink of ['text', 'quiet'] as const)
    expect(contrast(colors[ink], colors.page), ink).toBeGreaterThanOrEqual(4.5);
});

test.each(THEMES)('%s: words stay legible on the strongest shade of a value', (theme) => {
  const { text, above, below } = COLORS[theme];
  for (const shade of [above, below]) expect(contrast(text, shade)).toBeGreaterThanOrEqual(4.5);
});

test.each(THEMES)(
  '%s: any two lines, and the shades of the two signs, stay apart for every kind of eye',
  (theme) => {
    const colors = COLORS[theme];
    for (const [name, eyes] of Object.entries(EYES)) {
      SERIES_INKS.forEach((a, i) => {
        for (const b of SERIES_INKS.slice(i + 1))
          expect(distance(colors[a], colors[b], eyes), `${a} and ${b}, ${name}`).toBeGreaterThan(0.1);
      });
      expect(distance(colors.above, colors.below, eyes), name).toBeGreaterThan(0.2);
    }
  },
);
