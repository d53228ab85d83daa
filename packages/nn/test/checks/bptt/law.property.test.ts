import { Random } from '@chronograd/tensor';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { autograd, byHand, type Setting, worstDifference } from './network.ts';
import { parameters } from './problems.ts';
import { continued, dense, randomProblems, type TextProblem } from './random-problems.ts';

/** In float64 both take sums in other orders, and nothing else differs. */
const TOLERANCE = { float64: 1e-10, float32: 1e-4 };
/**
 * Below its smallest normal number float32 has few digits, or none: a gradient can fade that far in
 * 25 steps.
 */
const TINY = { float64: 0, float32: 2 ** -126 };
const settings: readonly Setting[] = [
  { dtype: 'float64', kernels: 'strict' },
  { dtype: 'float64', kernels: 'reference' },
  { dtype: 'float32', kernels: 'strict' },
];

const worst = { 'float64 strict': 0, 'float64 reference': 0, 'float32 strict': 0 };
let problems = 0;
let chaotic = 0;

afterAll(() => {
  const errors = Object.entries(worst).map(([name, error]) => `${name} ${error.toExponential(1)}`);
  console.log(
    `BPTT law: worst relative error ${errors.join(', ')} (${problems} problems; ${chaotic} too chaotic for float32)`,
  );
});

/**
 * Handwritten and automatic: the same loss, last state, and gradient of every parameter and of the
 * initial state.
 */
function agree(p: TextProblem, inputs: 'indices' | 'numbers'): void {
  const wanted = byHand(p);
  problems++;
  for (const setting of settings) {
    if (setting.dtype === 'float32' && amplification(p) > 50) {
      chaotic++;
      continue;
    }
    const error = worstDifference(autograd(p, { ...setting, inputs }), wanted, TINY[setting.dtype]);
    const name = `${setting.dtype} ${setting.kernels}` as keyof typeof worst;
    worst[name] = Math.max(worst[name], error);
    expect(error, name).toBeLessThanOrEqual(TOLERANCE[setting.dtype]);
  }
}

/**
 * By how many half-ulps of float32 the result moves when each weight moves by one. A saturated
 * recurrence can be chaotic, and a gradient can be the small difference of large terms; no
 * computation in float32, right or wrong, has digits left then.
 */
function amplification(p: TextProblem): number {
  const random = new Random(1);
  const halfUlp = 2 ** -24;
  const { h0, weights } = structuredClone(p);
  for (const row of parameters({ ...weights, h0 }).flat()) {
    row.forEach((x, i) => {
      row[i] = x * (1 + (random.uniform() < 0.5 ? -halfUlp : halfUlp));
    });
  }
  const moved = byHand({ ...p, weights, h0 });
  return (
    worstDifference({ ...moved, state: moved.lastState, outputs: [], biasHh: null }, byHand(p)) / halfUlp
  );
}

test('The BPTT law: over characters, the path of train, autograd gives what handwritten BPTT gives', () => {
  fc.assert(
    fc.property(randomProblems(), (p) => agree(p, 'indices')),
    { seed: 1, numRuns: 200 },
  );
});

test('The BPTT law holds where characters are one-hot vectors in place of indices', () => {
  fc.assert(
    fc.property(randomProblems(), (p) => agree(p, 'numbers')),
    { seed: 2, numRuns: 60 },
  );
});

test('The BPTT law holds where inputs are any numbers', () => {
  fc.assert(
    fc.property(randomProblems(), (p) => agree(dense(p), 'numbers')),
    { seed: 3, numRuns: 100 },
  );
});

test('The BPTT law holds where the last state is used further, so that a gradient arrives from after the window', () => {
  fc.assert(
    fc.property(randomProblems(), (p) => agree(continued(p), 'indices')),
    { seed: 4, numRuns: 100 },
  );
});

test('The BPTT law holds for one step of one stream through one unit, and for one class, where all gradients are 0', () => {
  fc.assert(
    fc.property(randomProblems({ steps: 1, batch: 1, size: 1 }), (p) => {
      agree(p, 'indices');
      const { value, gradients } = autograd(p, { dtype: 'float64' });
      expect(value).toBe(0);
      expect(parameters(gradients).flat(2).map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
    }),
    { seed: 5, numRuns: 20 },
  );
});

test('Strict and reference kernels give the same bits of loss, states and gradients, in float32 and float64', () => {
  fc.assert(
    fc.property(randomProblems(), fc.boolean(), (drawn, characters) => {
      const p = continued(characters ? drawn : dense(drawn));
      for (const dtype of ['float32', 'float64'] as const) {
        const setting: Setting = { dtype, inputs: characters ? 'indices' : 'numbers' };
        expect(autograd(p, { ...setting, kernels: 'reference' })).toEqual(
          autograd(p, { ...setting, kernels: 'strict' }),
        );
      }
    }),
    { seed: 6, numRuns: 60 },
  );
});

test('Nearly all of these problems leave float32 digits, so that the law is checked in float32 too', () => {
  expect(chaotic).toBeLessThanOrEqual(problems / 10);
});
