import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readmeFigure } from '../../src/experiments/readme-figure.ts';
import { COLORS } from '../../src/plots/theme.ts';
import { layoutProblems } from '../plots/layout.ts';

const file = readFileSync(new URL('../../../../docs/gradient-flow.svg', import.meta.url), 'utf8');

// Where this fails, run packages/examples/scripts/readme-figure.mjs after a build.
test('the figure of the README is the one that the program draws', async () => {
  expect(await readmeFigure()).toBe(file);
}, 120_000);

test('it is small, its words are legible, and it follows the reader’s color scheme', () => {
  expect(Buffer.byteLength(file)).toBeLessThanOrEqual(20_000);
  expect(layoutProblems(file)).toEqual([]);
  expect(file).toContain('@media (prefers-color-scheme: dark)');
  // Every ink has a light color for renderers that do not know CSS variables.
  expect(file).not.toMatch(/var\(--ink-\w+\)/);
  expect(file).toContain(`var(--ink-page, ${COLORS.light.page})`);
});
