import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import { plan, Random, type Tensor, zerosLike } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { functionalCall, LSTMCell, Recurrent } from '../../src/index.ts';
import { gradientFlow, normsOf, recordTaps } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { cellOf, leaves, numbers, someKind } from '../recurrent/problems.ts';
import { build, NamingCell, someNet } from './problems.ts';

const [T, B, F, H] = [5, 2, 3, 2];

/** A loss that weighs every output and every final state differently. */
const weighed = ({ outputs, state }: { outputs: Tensor; state: unknown }): Tensor =>
  [outputs, ...leaves(state)]
    .map((x, i) => x.mul(numbers(100 + i, ...x.shape)).sum())
    .reduce((a, b) => a.add(b));

const norm = (x: Tensor): number =>
  Math.sqrt(Array.from(x.toTypedArray()).reduce((sum, each) => sum + each * each, 0));

test('Contributions by step sum to the gradient of each weight, to 1e-12, and the loss keeps its bits, of any cells, directions and padding', () => {
  fc.assert(
    fc.property(
      someNet(2),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      (net, padded, checkpoint, learnInitialState) => {
        const recurrent = build(net, F, H, { checkpoint, learnInitialState });
        const x = numbers(net.seed, T, B, F);
        const loss = () => weighed(recurrent.forward(x, undefined, padded ? { lengths: [T, 2] } : {}));
        const { value, grads } = valueAndGrad(recurrent, loss)();
        const flow = gradientFlow(recurrent, loss, { keepSteps: true });
        expect(Object.is(flow.value, value.item())).toBe(true);
        const gradients = leavesOf('test', grads).filter(({ path }) => !path.startsWith('start'));
        expect(Object.keys(flow.contributions).sort()).toEqual(gradients.map(({ path }) => path).sort());
        for (const { path, leaf } of gradients) {
          const { steps, norms } = flow.contributions[path]!;
          expect(steps).toHaveLength(T);
          const sum = steps!.reduce((a, b) => a.add(b));
          expect(relativeError(sum.toTypedArray(), leaf.toTypedArray(), 1e-13)).toBeLessThan(1e-12);
          expect(relativeError(norms, steps!.map(norm), 1e-300)).toBeLessThan(1e-14);
        }
      },
    ),
    { seed: 1, numRuns: 15 },
  );
});

test('Gradients of states and contributions of steps equal those of a loop by hand, with nudges of each state and weights for each step', () => {
  fc.assert(
    fc.property(someKind, fc.nat(1000), (kind, seed) => {
      const cell = cellOf(kind, F, H, new Random(seed));
      const x = numbers(seed, T, B, F);
      const start = cell.initialState(B);
      const nudges = Array.from({ length: T }, () => leaves(start).map((leaf) => zerosLike(leaf)));
      const weights = Array.from({ length: T }, () =>
        Object.fromEntries(cell.namedParameters().map(([name, w]) => [name, w.add(0)])),
      );
      const { grads } = valueAndGrad((target: { nudges: typeof nudges; weights: typeof weights }) => {
        let state: unknown = start;
        let loss: Tensor | null = null;
        for (let t = 0; t < T; t++) {
          const now = state;
          const step = functionalCall(cell, target.weights[t]!, () => cell.step(x.select(t), now));
          const moved = leaves(step.state).map((leaf, i) => leaf.add(target.nudges[t]![i]!));
          // In all these cells the output is the hidden state, which comes first.
          const term = moved[0]!.mul(numbers(t, B, H)).sum();
          loss = loss === null ? term : loss.add(term);
          state = moved.length === 1 ? moved[0]! : { h: moved[0]!, c: moved[1]! };
        }
        return loss!;
      })({ nudges, weights });
      const recurrent = new Recurrent(cell);
      const { norms, contributions } = gradientFlow(recurrent, () => {
        const { outputs } = recurrent.forward(x);
        return Array.from({ length: T }, (_, t) =>
          outputs
            .select(t)
            .mul(numbers(t, B, H))
            .sum(),
        ).reduce((a, b) => a.add(b));
      });
      const names = leaves(start).length === 1 ? ['cell.state'] : ['cell.state.h', 'cell.state.c'];
      names.forEach((name, i) => {
        const wanted = grads.nudges.map((each) => norm(each[i]!));
        expect(relativeError(norms[name]!, wanted, 1e-300)).toBeLessThan(1e-12);
      });
      expect(norms['cell.output']).toEqual(norms[names[0]!]);
      for (const [name] of cell.namedParameters()) {
        const wanted = grads.weights.map((each) => norm(each[name]!));
        expect(relativeError(contributions[`cell.${name}`]!.norms, wanted, 1e-300)).toBeLessThan(1e-12);
      }
    }),
    { seed: 1, numRuns: 12 },
  );
});

test('A sequence that ends earlier has the gradients that it has by itself, and none in its padding', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const x = numbers(1, T, 1, F);
  const alone = gradientFlow(recurrent, () =>
    recurrent
      .forward(x.slice([0, 3]))
      .outputs.square()
      .sum(),
  );
  const padded = gradientFlow(recurrent, () =>
    recurrent
      .forward(x, undefined, { lengths: [3] })
      .outputs.square()
      .sum(),
  );
  for (const [name, wanted] of Object.entries(alone.norms)) {
    expect(relativeError(padded.norms[name]!, [...wanted, 0, 0], 1e-300)).toBeLessThan(1e-14);
  }
});

test('Gates have gradients too; frozen weights have no contributions, and states theirs all the same', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const loss = () =>
    recurrent
      .forward(numbers(1, T, B, F))
      .outputs.square()
      .sum();
  const free = gradientFlow(recurrent, loss);
  expect(Object.keys(free.norms).sort()).toEqual(['cell.n', 'cell.output', 'cell.state.h', 'cell.z']);
  expect(free.norms['cell.z']!.every((each) => each > 0)).toBe(true);
  recurrent.cell.hidden.freeze();
  const part = gradientFlow(recurrent, loss);
  expect(Object.keys(part.contributions)).toEqual(['cell.input.weight', 'cell.input.bias']);
  recurrent.freeze();
  const frozen = gradientFlow(recurrent, loss);
  expect(frozen.contributions).toEqual({});
  expect(part.norms).toEqual(free.norms);
  expect(frozen.norms).toEqual(free.norms);
});

test("An LSTM's cell state has its way through the output gate where it is made, and not where it is handed on", () => {
  const options = { random: new Random(1), dtype: 'float64' } as const;
  const recurrent = new Recurrent(new LSTMCell(F, H, options));
  const run = () => weighed(recurrent.forward(numbers(1, T, B, F)));
  const { result: flow, taps } = recordTaps(recurrent, () =>
    gradientFlow(recurrent, run, { keepSteps: true }),
  );
  const of = (name: string): Tensor => flow.gradients![`cell.${name}`]!;
  const squashed = taps['cell.c']!.tanh();
  const shown = of('state.h').mul(taps['cell.o']!).mul(squashed.square().neg().add(1));
  const total = of('state.c').add(shown);
  expect(relativeError(of('c').toTypedArray(), total.toTypedArray())).toBeLessThan(1e-14);
  for (const [name, g] of Object.entries(flow.gradients!)) {
    const norms = Array.from({ length: T }, (_, t) => norm(g.select(t)));
    expect(relativeError(flow.norms[name]!, norms, 1e-300)).toBeLessThan(1e-14);
  }
});

test('A step on which the loss does not depend contributes nothing', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const flow = gradientFlow(
    recurrent,
    () =>
      recurrent
        .forward(numbers(1, T, B, F))
        .outputs.select(2)
        .sum(),
    {
      keepSteps: true,
    },
  );
  const { norms, steps } = flow.contributions['cell.input.weight']!;
  expect([...norms].map((each) => each > 0)).toEqual([true, true, true, false, false]);
  expect(steps![4]!.toArray()).toEqual(zerosLike(recurrent.cell.input.weight).toArray());
  expect([...flow.norms['cell.state.h']!].map((each) => each > 0)).toEqual([true, true, true, false, false]);
});

test('Gradients are measured where a planned function is called, and inside of a plan that is refused in words', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const x = numbers(1, T, B, F);
  const loss = (x: Tensor) => recurrent.forward(x).outputs.square().sum();
  const planned = plan(loss);
  planned(x);
  expect(gradientFlow(recurrent, () => planned(x)).norms).toEqual(
    gradientFlow(recurrent, () => loss(x)).norms,
  );
  const inside = plan((x: Tensor) => {
    gradientFlow(recurrent, () => loss(x));
    return x;
  });
  expect(() => inside(x)).toThrow('plan: gradientFlow measured gradients inside');
  expect(Object.getOwnPropertyNames(recurrent.cell)).not.toContain('step');
});

test('Norms of trees are those of their tensors by path, where squares would be too small or too large too', () => {
  const cell = new NamingCell(F, H, new Random(1));
  const norms = normsOf(cell);
  expect(Object.keys(norms)).toEqual(cell.namedParameters().map(([name]) => name));
  for (const [name, w] of cell.namedParameters())
    expect(relativeError([norms[name]!], [norm(w)])).toBeLessThan(1e-15);
  const [tiny, huge] = [1e-200, 1e200].map((scale) => numbers(1, 3).mul(scale));
  const { a, b, c, d } = normsOf({ a: tiny, b: huge, c: tiny!.mul(0), d: tiny!.div(0) });
  const one = norm(numbers(1, 3));
  expect(relativeError([a! * 1e200, b! / 1e200], [one, one])).toBeLessThan(1e-14);
  expect([c, d]).toEqual([0, Number.POSITIVE_INFINITY]);
  expect(normsOf({ nan: numbers(1, 2).mul(Number.NaN) })).toEqual({ nan: Number.NaN });
});
