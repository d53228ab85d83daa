import { expect, test } from 'vitest';
import { presentSine } from '../../../src/experiments/memory/present-sine.ts';
import { learnSine, type SineConfig } from '../../../src/experiments/memory/sine.ts';

const config: SineConfig = { hidden: 4, noise: 0.1, steps: 50, batch: 4, lr: 0.01, iterations: 2, seed: 1 };

test('one who knows the sine is off by its noise, and repeating is off by a step of the sine and the noise twice', () => {
  for (const noise of [0.05, 0.2]) {
    const { known, repeated } = learnSine({ ...config, noise });
    expect(known / noise).toBeCloseTo(1, 1);
    // A sine of period 16 goes 2·sin(π/16) of its amplitude in a step, at most; its root mean
    // square is 1/√2 of that.
    const step = Math.SQRT2 * Math.sin(Math.PI / 16);
    expect(repeated / Math.hypot(step, Math.SQRT2 * noise)).toBeCloseTo(1, 1);
  }
});

test('what was predicted is of the same places as what came', () => {
  const { values, predicted, network } = learnSine({ ...config, hidden: 12, batch: 16, iterations: 150 });
  const off = (shift: number): number =>
    Math.sqrt(
      predicted.slice(12, 48).reduce((sum, value, t) => sum + (value - values[t + 12 + shift]!) ** 2, 0) / 36,
    );
  expect(off(0)).toBeLessThan(off(1));
  expect(off(0)).toBeLessThan(off(-1));
  expect(network).toBeLessThan(0.25);
});

test('the sentence gives the spread over the seeds', () => {
  const part = (seed: number, network: number): Parameters<typeof presentSine>[0][number] => ({
    config: { ...config, seed },
    outcome: { values: [0, 1], predicted: [0, 1], network, repeated: 0.3, known: 0.1 },
    measured: {},
  });
  expect(presentSine([part(1, 0.1), part(2, 0.2)]).findings[0]).toContain('with an error of 0.15 ± 0.07.');
});
