import { Parameter, Random, ShapeError, type Tensor, tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneHot } from '../../src/checks/bptt/rnn.ts';
import { Linear, Module, normalInit } from '../../src/index.ts';
import { errorAgainstDifferences, relativeError } from '../differences.ts';

const random = new Random(1);
const some = (...shape: number[]): Tensor => normalInit(1)(shape, { random, dtype: 'float64' });

/** A layer with an input that can be differentiated too. */
class WithInput extends Module {
  readonly layer: Linear;
  readonly x: Parameter;
  constructor(layer: Linear, x: Tensor) {
    super();
    this.layer = layer;
    this.x = new Parameter(x);
  }
}

test('A linear layer is x·Wᵀ + b in plain numbers, over any leading axes', () => {
  const size = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(fc.array(size, { maxLength: 2 }), size, size, fc.boolean(), (lead, inputs, outputs, bias) => {
      const layer = new Linear(inputs, outputs, { random, bias, dtype: 'float64' });
      const x = some(...lead, inputs);
      const y = layer.forward(x);
      expect(y.shape).toEqual([...lead, outputs]);
      const [xs, w] = [x.toTypedArray(), layer.weight.toTypedArray()];
      const b = layer.bias?.toTypedArray() ?? new Float64Array(outputs);
      const wanted = Array.from({ length: y.size }, (_, at) => {
        const [row, o] = [Math.floor(at / outputs), at % outputs];
        let sum = b[o]!;
        for (let i = 0; i < inputs; i++) sum += xs[row * inputs + i]! * w[o * inputs + i]!;
        return sum;
      });
      expect(relativeError(y.toTypedArray(), wanted)).toBeLessThanOrEqual(1e-12);
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('Indices give exactly what one-hot vectors give, in values and in shape', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    const layer = new Linear(5, 3, { random, dtype });
    const ids = [
      [4, 0],
      [2, 2],
      [1, 3],
    ];
    const vectors = tensor(
      ids.map((row) => row.map((id) => oneHot(id, 5))),
      { dtype },
    );
    const looked = layer.forward(tensor(ids, { dtype: 'int32' }));
    expect(looked.shape).toEqual([3, 2, 3]);
    expect(looked.toArray()).toEqual(layer.forward(vectors).toArray());
    expect(layer.forward(tensor(ids[0]!, { dtype: 'int32' })).shape).toEqual([2, 3]);
  }
});

test('Gradients of weight, bias and input equal differences', () => {
  const model = new WithInput(new Linear(4, 3, { random, dtype: 'float64' }), some(2, 5, 4));
  const loss = () => model.layer.forward(model.x).tanh().sum();
  expect(errorAgainstDifferences(model, loss)).toBeLessThanOrEqual(1e-9);
});

test('Gradients through indices equal differences: columns that were not looked up get 0', () => {
  const layer = new Linear(4, 3, { random, dtype: 'float64' });
  const x = tensor([1, 3, 1], { dtype: 'int32' });
  expect(errorAgainstDifferences(layer, () => layer.forward(x).tanh().sum())).toBeLessThanOrEqual(1e-9);
});

test('A layer without bias has one parameter; one with an index outside of its inputs, or a wrong size, throws an error', () => {
  const layer = new Linear(4, 3, { random, bias: false });
  expect(layer.bias).toBe(null);
  expect(layer.namedParameters().map(([name, { shape }]) => [name, shape])).toEqual([['weight', [3, 4]]]);
  expect(() => layer.forward(tensor([4], { dtype: 'int32' }))).toThrow(
    'expected indices from 0 to 3, got 4 at position 0',
  );
  expect(() => layer.forward(tensor([[1, 2, 3]]))).toThrow(ShapeError);
  expect(() => layer.forward(tensor([[1, 2, 3]]))).toThrow(
    'expected x [..., I] and weight [O, I], got [1, 3] and [3, 4]',
  );
});

test('In plain JavaScript, the error for missing options shows what to write', () => {
  const plain = Linear as unknown as new (...args: unknown[]) => Linear;
  expect(() => new plain(3, 4)).toThrow(
    'Linear: expected { random: new Random(seed) } for the options, got undefined',
  );
  expect(() => new plain(3, 4, {})).toThrow(
    'expected { random: new Random(seed) } for random, got undefined',
  );
});
