import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import { Random, type Tensor, zerosLike } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { functionalCall, Recurrent } from '../../src/index.ts';
import { gradientFlow } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { cellOf, leaves, numbers, someKind } from '../recurrent/problems.ts';
import { build, someNet } from './problems.ts';

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
