import { jvp } from '@chronograd/autograd';
import { oneHot, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Embedding, GRUCell, Linear, LSTMCell, Recurrent } from '../../src/index.ts';
import { connectivity } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { numbers } from '../recurrent/problems.ts';
import { build, someNet } from './problems.ts';
import { frobenius } from './whole-jacobian.ts';

/**
 * The same by jvp of the whole sequence: a tangent for each element of the input.
 * @param run inputs [T, B, F] to outputs [T, B, K]
 */
function byTangents(run: (x: Tensor) => Tensor, x: Tensor): Float64Array {
  const [T, B, F] = x.shape as [number, number, number];
  const squares = new Float64Array(T * T * B);
  for (let s = 0; s < T; s++)
    for (let f = 0; f < F; f++) {
      const direction = new Float64Array(T * B * F);
      for (let b = 0; b < B; b++) direction[(s * B + b) * F + f] = 1; // streams are independent
      const { tangent } = jvp(run, x, tensor(direction, { shape: [T, B, F] }));
      for (let t = 0; t < T; t++)
        for (let b = 0; b < B; b++)
          squares[(t * T + s) * B + b]! += frobenius(tangent.select(t).select(b).toTypedArray()) ** 2;
    }
  return squares.map(Math.sqrt);
}

const sizes = fc.record({
  T: fc.integer({ min: 1, max: 4 }),
  B: fc.integer({ min: 1, max: 2 }),
  F: fc.integer({ min: 1, max: 3 }),
  K: fc.integer({ min: 1, max: 3 }),
});

test('connectivity is the norm of the Jacobian by jvp, to 1e-10, of any cells in layers, with a readout, learned initial states and padding', () => {
  fc.assert(
    fc.property(
      someNet(1),
      sizes,
      fc.boolean(),
      fc.boolean(),
      (net, { T, B, F, K }, padded, learnInitialState) => {
        const recurrent = build(net, F, 2, { learnInitialState });
        recurrent.start?.forEach((each, i) => void each.assign(numbers(net.seed + i, ...each.shape)));
        const decoder = new Linear(2, K, { random: new Random(net.seed), dtype: 'float64' });
        const x = numbers(net.seed, T, B, F);
        const padding = padded ? { lengths: Array.from({ length: B }, (_, b) => 1 + (b % T)) } : {};
        const run = (given: Tensor) => {
          const outputs = recurrent.forward(given, undefined, padding).outputs;
          const real = Array.from({ length: T * B }, (_, i) =>
            padded && Math.floor(i / B) >= padding.lengths![i % B]! ? 0 : 1,
          );
          return decoder.forward(outputs).mul(tensor(real, { shape: [T, B, 1], dtype: 'float64' }));
        };
        const wanted = byTangents(run, x);
        const got = connectivity(recurrent, x, { read: (h) => decoder.forward(h), padding });
        expect(got.shape).toEqual([T, T, B]);
        expect(relativeError(got.toTypedArray(), wanted, 1e-200)).toBeLessThan(1e-10);
      },
    ),
    { seed: 1, numRuns: 20 },
  );
});

test('Indices are differentiated as their one-hot or embedded vectors, also with the batch first', () => {
  const options = { random: new Random(1), dtype: 'float64' } as const;
  const [T, B, V] = [4, 2, 5];
  const indices = tensor(
    Int32Array.from({ length: T * B }, (_, i) => (3 * i) % V),
    { shape: [T, B] },
  );
  const cell = new LSTMCell(V, 3, options);
  const wanted = byTangents((x) => new Recurrent(cell).forward(x).outputs, oneHot(indices, V, 'float64'));
  for (const batchFirst of [false, true]) {
    const recurrent = new Recurrent(cell, { classes: V, batchFirst });
    const got = connectivity(recurrent, batchFirst ? indices.transpose(0, 1) : indices);
    expect(relativeError(got.toTypedArray(), wanted, 1e-200)).toBeLessThan(1e-10);
  }
  const embedding = new Embedding(V, 2, options);
  const embedded = new Recurrent(new GRUCell(2, 3, options), { embedding });
  const of = (x: Tensor) => new Recurrent(embedded.cell).forward(x).outputs;
  const got = connectivity(embedded, indices);
  expect(relativeError(got.toTypedArray(), byTangents(of, embedding.forward(indices)), 1e-200)).toBeLessThan(
    1e-10,
  );
});

test('A state that is carried is the one that counts, and later inputs never do', () => {
  const recurrent = new Recurrent(new GRUCell(2, 3, { random: new Random(1), dtype: 'float64' }));
  const [x, state] = [numbers(1, 3, 1, 2), numbers(2, 1, 3)];
  const got = connectivity(recurrent, x, { state });
  const wanted = byTangents((given) => recurrent.forward(given, state).outputs, x);
  expect(relativeError(got.toTypedArray(), wanted, 1e-200)).toBeLessThan(1e-10);
  for (const [t, s] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const)
    expect(got.select(t).select(s).item()).toBe(0);
});

test('Indices without classes, two directions and anything but a Recurrent are errors', () => {
  const options = { random: new Random(1) };
  const cell = new GRUCell(3, 2, options);
  const indices = zeros([2, 1], { dtype: 'int32' });
  expect(() => connectivity(new Recurrent(cell), indices)).toThrow(
    'connectivity: expected numbers, or indices of a Recurrent with classes or an embedding, got int32 inputs; construct it with { classes: V }',
  );
  const both = new Recurrent([[cell, new GRUCell(3, 2, options)]]);
  expect(() => connectivity(both, zeros([2, 1, 3]))).toThrow('connectivity: expected one direction');
  expect(() => connectivity(cell as never, zeros([2, 1, 3]))).toThrow('connectivity: expected a Recurrent');
});
