import { oneHot, ones, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import {
  type AnyCell,
  Cell,
  GRUCell,
  LSTMCell,
  ProjectedCell,
  Recurrent,
  RNNCell,
  type Step,
  type VariationalDropout,
  variationalDropout,
} from '../../src/index.ts';
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

  test('By default products read all of the state, and the step is one from the state that they read', () => {
    class Plain extends Cell<Tensor> {
      readonly inner: RNNCell = new RNNCell(F, H, { random: new Random(1), dtype });
      initialState(batch: number): Tensor {
        return this.inner.initialState(batch);
      }
      step(x: Tensor, h: Tensor): Step<Tensor> {
        return this.inner.step(x, h);
      }
    }
    const [plain, x, h] = [new Plain(), drawn(1, B, F), drawn(2, B, H)];
    const wrapped = variationalDropout(plain, { state: 1, random: new Random(1) });
    expect(numbers(wrapped.step(x, h).output)).toEqual(numbers(plain.step(x, h.mul(0)).output));
  });

  test('Inside of a cell of your own, each sequence of the batch has its own mask, the same at all steps', () => {
    const [steps, batch, size] = [3, 20, 4];
    const vectors = ones([steps, batch, size], { dtype });
    const echo = () => new RNNCell(size, size, { random: new Random(1), dtype, biases: 0 });
    const make = () => variationalDropout(echo(), { input: 0.5, random: new Random(3) });
    /** Looks its inputs up: they have the rank of one step's vectors. */
    class Lookup extends Cell<Tensor> {
      readonly inner: AnyCell = make();
      initialState(batch: number): Tensor {
        return zeros([batch, size], { dtype });
      }
      step(x: Tensor, h: Tensor): Step<Tensor> {
        const { output } = this.inner.step(oneHot(x, size, dtype).mul(0).add(1), h);
        return { output: output as Tensor, state: h };
      }
    }
    /** Projects all steps with the projection of the cell inside. */
    class Delegate extends ProjectedCell<Tensor> {
      readonly inner: VariationalDropout<RNNCell> = make();
      initialState(batch: number): Tensor {
        return zeros([batch, size], { dtype });
      }
      project(x: Tensor): Tensor {
        return this.inner.project(x);
      }
      advance(x: Tensor, h: Tensor): Step<Tensor> {
        return { output: this.inner.advance(x, h).output, state: h };
      }
    }
    const indices = zeros([steps, batch], { dtype: 'int32' });
    const runs = [
      new Recurrent(new Lookup()).forward(indices),
      new Recurrent(new Delegate()).forward(vectors),
    ];
    for (const { outputs } of runs) {
      for (let t = 1; t < steps; t++) expect(bits(outputs.select(t))).toBe(bits(outputs.select(0)));
      const rows = outputs.select(0).toArray() as number[][];
      expect(new Set(rows.map(String)).size).toBeGreaterThan(2 ** size / 2);
    }
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
