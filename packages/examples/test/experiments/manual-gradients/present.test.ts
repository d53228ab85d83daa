import { expect, test } from 'vitest';
import { manualGradients } from '../../../src/experiments/manual-gradients/present.ts';
import type { Config } from '../../../src/experiments/manual-gradients/run.ts';

const parts = manualGradients.parts('tiny');

test.each(['rnn', 'lstm', 'gru'])(
  'errors of an %s are roundings of its dtype: small, and not nothing',
  async (cell) => {
    for (const config of parts.filter((each) => each.cell === cell && each.steps === 8)) {
      const { steps, parameters } = (await manualGradients.run(config)).outcome;
      const rounding = config.dtype === 'float64' ? 2 ** -53 : 2 ** -24;
      expect(steps).toHaveLength(8);
      const worst = Math.max(...steps);
      expect(worst).toBeGreaterThan(rounding / 100);
      expect(worst).toBeLessThan(rounding * 100);
      expect(Math.max(...Object.values(parameters))).toBeLessThan(rounding * 100);
    }
  },
);

/** Runs whose errors grow with T as a law has it. */
function presented(errorOf: (config: Config) => number): ReturnType<typeof manualGradients.present> {
  return manualGradients.present(
    parts.map((config) => ({
      config,
      outcome: {
        parameters: { a: errorOf(config) / 2, b: errorOf(config) },
        steps: Array.from({ length: config.steps }, () => errorOf(config)),
      },
      measured: {},
    })),
  );
}

test('growth is fitted to each seed’s worst parameter, and comes with spread and R²', () => {
  const { tables } = presented(({ steps, seed }) => 1e-16 * steps ** (seed / 2));
  const [cell, exponent, r2] = tables![1]!.rows[0]!;
  expect([cell, exponent, r2]).toEqual(['RNN', '0.8 (0.5 … 1)', '1']);
});

test('manual and autograd are said to agree, or not to', () => {
  const said = (error: number): string => presented(() => error).headline;
  expect(said(1e-16)).toContain('Handwritten gradients and autograd agree');
  expect(said(1e-3)).toContain('Handwritten gradients and autograd do not agree');
});
