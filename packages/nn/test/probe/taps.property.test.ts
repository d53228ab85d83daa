import { valueAndGrad } from '@chronograd/autograd';
import { Random, type Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cell, Recurrent, RNNCell, type Step } from '../../src/index.ts';
import { recordTaps } from '../../src/probe/index.ts';
import { leaves, measure, numbers } from '../recurrent/problems.ts';
import { bits, build, NamingCell, someNet } from './problems.ts';

const [T, B, F, H] = [5, 2, 3, 2];

test('Recording changes no value and no gradient by a bit, of any cells, directions, padding and checkpoints, within a differentiated function or around it', () => {
  fc.assert(
    fc.property(someNet(2), fc.boolean(), fc.boolean(), fc.boolean(), (net, padded, checkpoint, around) => {
      const recurrent = build(net, F, H, {
        checkpoint,
        dropout: 0.3 * (net.layers.length - 1),
        random: new Random(1),
      });
      const x = numbers(net.seed, T, B, F);
      const run = () => recurrent.forward(x, undefined, padded ? { lengths: [T, 2] } : {});
      const target = { recurrent, x };
      const plain = measure(target, run);
      if (recurrent.dropout !== null) recurrent.dropout.random = new Random(1);
      const seen = around
        ? recordTaps(recurrent, () => measure(target, run))
        : { result: measure(target, () => recordTaps(recurrent, run).result) };
      expect(bits(seen.result.outputs)).toBe(bits(plain.outputs));
      expect(seen.result.states.map(bits)).toEqual(plain.states.map(bits));
      expect([...seen.result.grads].map(([name, g]) => [name, bits(g)])).toEqual(
        [...plain.grads].map(([name, g]) => [name, bits(g)]),
      );
    }),
    { seed: 1, numRuns: 20 },
  );
});

test('What is recorded of a cell is its outputs and its states after each step, in order of time in both directions, as they are in padding', () => {
  fc.assert(
    fc.property(someNet(2), fc.boolean(), fc.boolean(), (net, padded, checkpoint) => {
      const recurrent = build(net, F, H, { checkpoint });
      const x = numbers(net.seed, T, B, F);
      const { result, taps } = recordTaps(recurrent, () =>
        valueAndGrad(recurrent, () => {
          const aux = recurrent.forward(x, undefined, padded ? { lengths: [T, 2] } : {});
          return { value: aux.outputs.sum(), aux };
        })(),
      );
      const last = net.layers.length - 1;
      net.layers.forEach((kinds, l) => {
        kinds.forEach((_, d) => {
          const path = kinds.length === 1 ? `cell.${l}` : `cell.${l}.${d}`;
          const names = Object.keys(taps).filter((name) => name.startsWith(`${path}.state`));
          const final = names.map((name) => bits(taps[name]!.select(d === 1 ? 0 : T - 1)));
          const state = kinds.length === 1 ? result.aux.state[l] : (result.aux.state[l] as unknown[])[d];
          expect(final).toEqual(leaves(withoutCounts(state)).map(bits));
          if (l === last) {
            const outputs = result.aux.outputs.slice(null, null, [d * H, (d + 1) * H]);
            expect(bits(taps[`${path}.output`]!)).toBe(bits(outputs));
          }
        });
      });
    }),
    { seed: 2, numRuns: 15 },
  );
});

const withoutCounts = (state: unknown): unknown =>
  typeof state === 'object' && state !== null && 'steps' in state && 'h' in state ? { h: state.h } : state;

test('Named tensors come with time in front, and give back the states that they make', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const { taps } = recordTaps(recurrent, () => recurrent.forward(numbers(1, T, B, F)));
  expect(Object.keys(taps).sort()).toEqual(['cell.n', 'cell.output', 'cell.state.h', 'cell.z']);
  expect(taps['cell.z']!.shape).toEqual([T, B, H]);
  let h = recurrent.initialState(B).h;
  for (let t = 0; t < T; t++) {
    const [z, n] = [taps['cell.z']!.select(t), taps['cell.n']!.select(t)];
    h = h.add(z.mul(n.sub(h)));
    expect(bits(taps['cell.state.h']!.select(t))).toBe(bits(h));
  }
});

test('Windows follow one another, and steps called by hand are in order of calls', () => {
  const cell = new NamingCell(F, H, new Random(1));
  const recurrent = new Recurrent(cell);
  const x = numbers(1, T, B, F);
  const whole = recordTaps(recurrent, () => recurrent.forward(x)).taps;
  const windows = recordTaps(recurrent, () => {
    const { state } = recurrent.forward(x.slice([0, 2]));
    return recurrent.forward(x.slice([2, T]), state);
  }).taps;
  const byHand = recordTaps(cell, () => {
    let state = cell.initialState(B);
    for (let t = 0; t < T; t++) ({ state } = cell.step(x.select(t), state));
  }).taps;
  for (const name of ['z', 'output', 'state.h']) {
    expect(bits(windows[`cell.${name}`]!)).toBe(bits(whole[`cell.${name}`]!));
    expect(bits(byHand[name]!)).toBe(bits(whole[`cell.${name}`]!));
  }
});

test('Projected cells are recorded by step and by advance, and a cell inside a cell under its own path', () => {
  class Twice extends Cell<Tensor> {
    readonly inner: RNNCell = new RNNCell(F, H, { random: new Random(1), dtype: 'float64' });
    initialState(batch: number): Tensor {
      return this.inner.initialState(batch);
    }
    step(x: Tensor, h: Tensor): Step<Tensor> {
      const { state } = this.inner.step(x, this.inner.advance(this.inner.project(x), h).state);
      return { output: this.tap('inner', state), state };
    }
  }
  const cell = new Twice();
  const { taps } = recordTaps(cell, () => new Recurrent(cell).forward(numbers(1, T, B, F)));
  expect(taps['inner.state']!.shape).toEqual([2 * T, B, H]);
  const second = taps['inner.state']!.reshape([T, 2, B, H]).select(1, 1);
  expect(bits(second)).toBe(bits(taps.state!));
  expect(bits(taps.inner!)).toBe(bits(taps.state!));
});
