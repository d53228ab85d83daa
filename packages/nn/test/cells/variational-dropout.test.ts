import { ones, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { GRUCell, LSTMCell, Recurrent, RNNCell, variationalDropout } from '../../src/index.ts';
import { recordTaps } from '../../src/probe/index.ts';
import { B, bits, drawn, dtype, EchoCell, F, H, numbers } from './wrappers.ts';

describe('variationalDropout', () => {
  test('drops the same elements at all steps, others in each sequence, direction and call, in shares of p', () => {
    const cell = () => variationalDropout(new EchoCell(), { input: 0.4, state: 0.2, random });
    const random = new Random(3);
    const recurrent = new Recurrent([[cell(), cell()]]);
    const run = (batch: number) => recurrent.forward(ones([3, batch, F], { dtype })).outputs;
    const first = run(400);
    for (const t of [1, 2]) expect(numbers(first.select(t))).toEqual(numbers(first.select(0)));
    const [forward, backward] = first.select(0).chunk(2, -1);
    expect(numbers(forward)).not.toEqual(numbers(backward));
    expect(numbers(run(400))).not.toEqual(numbers(first));
    expect(new Set((forward.toArray() as number[][]).map(String)).size).toBe(2 ** (F + H));
    const share = (x: Tensor, p: number) => {
      const values = numbers(x);
      expect(new Set(values)).toEqual(new Set([0, 1 / (1 - p)]));
      const zero = values.filter((value) => value === 0).length / values.length;
      expect(Math.abs(zero - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / values.length));
    };
    share(forward.slice(null, [0, F]), 0.4);
    share(forward.slice(null, [F, F + H]), 0.2);
  });

  test('A step outside of a loop is a separate sequence', () => {
    const cell = variationalDropout(new EchoCell(), { input: 0.5, random: new Random(1) });
    const step = () => numbers(cell.step(ones([40, F], { dtype }), cell.initialState(40)).output);
    expect(step()).not.toEqual(step());
  });

  test('What is carried on stays whole: with all of the state dropped, a GRU keeps z∘h, and an LSTM keeps c', () => {
    const x = drawn(1, 1, B, F);
    const [h, c] = [drawn(2, B, H), drawn(3, B, H)];
    const gru = new GRUCell(F, H, { random: new Random(1), dtype });
    const { taps } = recordTaps(gru, () => gru.step(x.select(0), zeros([B, H], { dtype })));
    const [z, n] = [taps.z!.select(0), taps.n!.select(0)];
    const wrapped = new Recurrent(variationalDropout(gru, { state: 1, random: new Random(1) }));
    expect(numbers(wrapped.forward(x, h).state)).toEqual(numbers(n.add(z.mul(h.sub(n)))));
    const lstm = new LSTMCell(F, H, { random: new Random(1), dtype });
    const alone = lstm.step(x.select(0), { h: zeros([B, H], { dtype }), c }).state;
    const both = new Recurrent(variationalDropout(lstm, { state: 1, random: new Random(1) }));
    expect(bits(both.forward(x, { h, c }).state.c)).toBe(bits(alone.c));
    const byName = new Recurrent(variationalDropout(lstm, { state: { c: 1 }, random: new Random(1) }));
    const without = lstm.step(x.select(0), { h, c: zeros([B, H], { dtype }) }).state;
    expect(bits(byName.forward(x, { h, c }).state.c)).toBe(bits(without.c));
  });

  test('Indices cannot be dropped as inputs, and the error says what can', () => {
    const cell = (input: number) =>
      variationalDropout(new RNNCell(5, H, { random: new Random(1) }), {
        input,
        state: 0.5,
        random: new Random(1),
      });
    const indices = tensor([[1, 4]], { dtype: 'int32' });
    expect(new Recurrent(cell(0)).forward(indices).outputs.shape).toEqual([1, 2, H]);
    expect(() => new Recurrent(cell(0.5)).forward(indices)).toThrow(
      'got int32; look indices up in an Embedding',
    );
  });
});
