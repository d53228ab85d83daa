import { compareGradients, GradientMismatchError, valueAndGrad } from '@chronograd/autograd';
import { tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byHand, modelOf, wholeSequence } from './network.ts';
import { randomProblems, type TextProblem, window } from './random-problems.ts';

/** Autograd's gradients, as the tree of tensors that it returns. */
function automatic(p: TextProblem, dtype: 'float64' | 'float32') {
  const model = modelOf(p, { dtype });
  const h0 = tensor(p.h0, { dtype });
  const int32 = (values: number[][]) => tensor(values, { dtype: 'int32' });
  const loss = () => wholeSequence(p, dtype)(model, int32(p.ids), int32(p.targets), h0).value;
  return valueAndGrad({ model, h0 }, loss)().grads;
}

/** Handwritten gradients under the names of the modules. */
const manual = ({ Wxh, Whh, Why, bh, by, h0 }: ReturnType<typeof byHand>['gradients']) => ({
  model: {
    recurrent: { cell: { weightIh: Wxh, weightHh: Whh, biasIh: bh } },
    decoder: { weight: Why, bias: by },
  },
  h0,
});

const problems = randomProblems({ scale: 0.5 });

test('compareGradients finds handwritten and automatic gradients equal at its own tolerances', () => {
  fc.assert(
    fc.property(problems, (p) => {
      for (const dtype of ['float64', 'float32'] as const) {
        const comparison = compareGradients(manual(byHand(p).gradients), automatic(p, dtype));
        comparison.assert();
        expect(comparison.parameters.map(({ name }) => name)).toEqual([
          'model.recurrent.cell.weightIh',
          'model.recurrent.cell.weightHh',
          'model.recurrent.cell.biasIh',
          'model.decoder.weight',
          'model.decoder.bias',
          'h0',
        ]);
      }
    }),
    { seed: 1, numRuns: 30 },
  );
});

test('A handwritten backward pass that omits dhnext once is detected, and the affected parameters are named', () => {
  const [p] = fc.sample(
    problems.filter(({ ids, weights }) => ids.length > 5 && weights.by.length > 1),
    {
      seed: 1,
      numRuns: 1,
    },
  ) as [TextProblem];
  const sum: TextProblem = { ...p, reduction: 'sum' };
  const cut = 3;
  const head = byHand(window(sum, 0, cut));
  const tail = byHand({ ...window(sum, cut), h0: head.lastState });
  const add = (a: number[][], b: number[][]) => a.map((row, i) => row.map((x, j) => x + b[i]![j]!));
  const [first, second] = [head.gradients, tail.gradients];
  const wrong = {
    Wxh: add(first.Wxh, second.Wxh),
    Whh: add(first.Whh, second.Whh),
    Why: add(first.Why, second.Why),
    bh: add([first.bh], [second.bh])[0]!,
    by: add([first.by], [second.by])[0]!,
    h0: first.h0,
  };
  const comparison = compareGradients(manual(wrong), automatic(sum, 'float64'));
  expect(comparison.passed).toBe(false);
  expect(comparison.parameters.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
    'model.recurrent.cell.weightIh',
    'model.recurrent.cell.weightHh',
    'model.recurrent.cell.biasIh',
    'h0',
  ]);
  expect(() => comparison.assert()).toThrow(GradientMismatchError);
});
