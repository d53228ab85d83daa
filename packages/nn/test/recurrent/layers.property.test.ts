import { concat, Random, type Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnyCell, Dropout, Recurrent } from '../../src/index.ts';
import { cellOf, gradientError, leaves, measure, numbers, someKind } from './problems.ts';

const three = fc.tuple(someKind, someKind, someKind);
const [T, B, F, H] = [5, 2, 3, 2];

/** Three layers of cells, all different. */
function stackFor(kinds: readonly Parameters<typeof cellOf>[0][], seed: number): [AnyCell, AnyCell, AnyCell] {
  const random = new Random(seed);
  return kinds.map((kind, l) => cellOf(kind, l === 0 ? F : H, H, random)) as [AnyCell, AnyCell, AnyCell];
}

test('Three layers equal three networks of one layer, each on the outputs of the one before: values to the bit, every gradient', () => {
  fc.assert(
    fc.property(three, fc.nat(1000), (kinds, seed) => {
      const cell = stackFor(kinds, seed);
      const recurrent = new Recurrent(cell);
      const x = numbers(seed, T, B, F);
      const whole = measure({ cell, x }, () => recurrent.forward(x));
      const byHand = measure({ cell, x }, () => {
        const first = new Recurrent(cell[0]).forward(x);
        const second = new Recurrent(cell[1]).forward(first.outputs);
        const third = new Recurrent(cell[2]).forward(second.outputs);
        return { outputs: third.outputs, state: [first.state, second.state, third.state] };
      });
      expect(whole.outputs.toArray()).toEqual(byHand.outputs.toArray());
      expect(whole.states.map(String)).toEqual(byHand.states.map(String));
      expect(gradientError(whole.grads, byHand.grads)).toBe(0);
    }),
    { seed: 1, numRuns: 15 },
  );
});

test('A backward cell is a forward one on the reversed sequence, its outputs reversed back and put behind the forward ones', () => {
  fc.assert(
    fc.property(someKind, someKind, fc.nat(1000), (kind, other, seed) => {
      const random = new Random(seed);
      const pair = [cellOf(kind, F, H, random), cellOf(other, F, 3, random)] as const;
      const recurrent = new Recurrent([pair]);
      const x = numbers(seed, T, B, F);
      const both = measure({ pair, x }, () => recurrent.forward(x));
      const byHand = measure({ pair, x }, () => {
        const forward = new Recurrent(pair[0]).forward(x);
        const backward = new Recurrent(pair[1]).forward(x.flip(0));
        const outputs = concat([forward.outputs, backward.outputs.flip(0)], -1);
        return { outputs, state: [forward.state, backward.state] };
      });
      expect(both.outputs.shape).toEqual([T, B, H + 3]);
      expect(both.outputs.toArray()).toEqual(byHand.outputs.toArray());
      expect(both.states.map(String)).toEqual(byHand.states.map(String));
      // A projection's gradient adds up over time, and in reverse another way round.
      expect(gradientError(both.grads, byHand.grads)).toBeLessThanOrEqual(1e-12);
    }),
    { seed: 1, numRuns: 15 },
  );
});

test('A sequence in two parts equals the whole where the state is passed on: outputs to the bit, every gradient', () => {
  fc.assert(
    fc.property(three, fc.integer({ min: 1, max: T - 1 }), fc.nat(1000), (kinds, cut, seed) => {
      const recurrent = new Recurrent(stackFor(kinds, seed));
      const x = numbers(seed, T, B, F);
      const whole = measure({ recurrent, x }, () => recurrent.forward(x));
      const parts = measure({ recurrent, x }, () => {
        const first = recurrent.forward(x.slice([0, cut]));
        const second = recurrent.forward(x.slice([cut]), first.state);
        return { outputs: concat([first.outputs, second.outputs]), state: second.state };
      });
      expect(parts.outputs.toArray()).toEqual(whole.outputs.toArray());
      expect(parts.states.map(String)).toEqual(whole.states.map(String));
      expect(gradientError(parts.grads, whole.grads)).toBeLessThanOrEqual(1e-12);
    }),
    { seed: 1, numRuns: 15 },
  );
});

test('With the batch first nothing changes but the axes: inputs, outputs and masks are transposed, states are not', () => {
  const cell = stackFor(['rnn', 'lstm', 'gru'], 1);
  const x = numbers(1, B, T, F);
  const mask = numbers(2, B, T).greater(0);
  const first = new Recurrent(cell, { batchFirst: true }).forward(x, undefined, { mask });
  const time = new Recurrent(cell).forward(x.transpose(0, 1), undefined, { mask: mask.transpose() });
  expect(first.outputs.toArray()).toEqual(time.outputs.transpose(0, 1).toArray());
  expect(leaves(first.state).map(String)).toEqual(leaves(time.state).map(String));
});

test('Dropout acts between layers and not after the last, draws the same from the same seed, and is off in evaluation', () => {
  const cell = stackFor(['rnn', 'gru', 'lstm'], 1);
  const x = numbers(1, T, B, F);
  const outputs = (recurrent: { forward(x: Tensor): { readonly outputs: Tensor } }): string =>
    String(recurrent.forward(x).outputs);
  const dropping = (seed: number, dropout = 0.5) =>
    new Recurrent(cell, { dropout, random: new Random(seed) });
  expect(outputs(dropping(1))).toBe(outputs(dropping(1)));
  expect(outputs(dropping(1))).not.toBe(outputs(dropping(2)));
  const again = dropping(1);
  expect(outputs(again)).not.toBe(outputs(again));
  expect(outputs(dropping(1).evaluate())).toBe(outputs(new Recurrent(cell)));

  const byHand = new Dropout(0.5, { random: new Random(1) });
  const first = byHand.forward(new Recurrent(cell[0]).forward(x).outputs);
  const second = byHand.forward(new Recurrent(cell[1]).forward(first).outputs);
  expect(outputs(dropping(1))).toBe(String(new Recurrent(cell[2]).forward(second).outputs));
});
