import { grad, gradcheck } from '@chronograd/autograd';
import {
  arange,
  concat,
  DtypeError,
  normal,
  plan,
  Random,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
  where,
  zeros,
} from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import {
  AdditiveAttention,
  Cell,
  type Context,
  DotProductAttention,
  dotProductAttention,
  GRUCell,
  type Memory,
  Recurrent,
  type Step,
} from '../../src/index.ts';
import { relativeError } from '../differences.ts';

const dtype = 'float64';
const random = new Random(3);
const draw = (...shape: number[]): Tensor => normal(shape, { random, dtype });
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];
const near = (a: Tensor, b: Tensor): number => relativeError(numbers(a), numbers(b));

describe('dotProductAttention', () => {
  const [q, k, v] = [draw(2, 3, 4), draw(2, 5, 4), draw(2, 5, 6)];

  test('The output is Σ e^(s·q·k) / Σ e^(s·q·k) · v, in plain loops', () => {
    const { output, weights } = dotProductAttention(q, k, v, { scale: 0.7 });
    const [Q, K, V] = [q, k, v].map((x) => x.toArray() as number[][][]) as [
      number[][][],
      number[][][],
      number[][][],
    ];
    for (let b = 0; b < 2; b++)
      for (let i = 0; i < 3; i++) {
        const e = K[b]!.map((key) => Math.exp(0.7 * key.reduce((sum, x, d) => sum + x * Q[b]![i]![d]!, 0)));
        const total = e.reduce((a, c) => a + c);
        const row = e.map((each) => each / total);
        expect(relativeError(numbers(weights.slice(b, i)), row)).toBeLessThanOrEqual(1e-14);
        const mean = V[b]![0]!.map((_, m) => row.reduce((sum, w, j) => sum + w * V[b]![j]![m]!, 0));
        expect(relativeError(numbers(output.slice(b, i)), mean)).toBeLessThanOrEqual(1e-14);
      }
  });

  test('An output depends on the keys and values that mask and causal leave, and on no other', () => {
    const mask = tensor([[1, 0, 1, 1, 1]]); // for each query
    for (const causal of [false, true])
      for (let i = 0; i < 3; i++) {
        const outputOf = ([keys, values]: readonly [Tensor, Tensor]): Tensor =>
          dotProductAttention(q, keys, values, { mask, causal }).output.select(i, 1).sum();
        const [ofKeys, ofValues] = grad(outputOf)([k, v]).map((g) =>
          numbers(g.abs().sum([0, 2]).notEqual(0)),
        );
        const used = [0, 1, 2, 3, 4].map((j) => (j === 1 || (causal && j > i) ? 0 : 1));
        expect(ofValues).toEqual(used);
        // A single key has weight 1, whatever it is.
        expect(ofKeys).toEqual(used.filter((each) => each === 1).length > 1 ? used : [0, 0, 0, 0, 0]);
      }
  });

  test('The order of keys with their values does not matter', () => {
    const order = tensor([3, 0, 4, 1, 2], { dtype: 'int32' });
    const [keys, values] = [k, v].map((x) => x.transpose(0, 1).gather(order).transpose(0, 1)) as [
      Tensor,
      Tensor,
    ];
    const [a, b] = [dotProductAttention(q, k, v), dotProductAttention(q, keys, values)];
    expect(near(a.output, b.output)).toBeLessThanOrEqual(1e-14);
    const moved = a.weights.transpose(0, 2).gather(order).transpose(0, 2);
    expect(near(moved, b.weights)).toBeLessThanOrEqual(1e-14);
  });

  test('A query without a key has output and weights 0, and passes no gradient', () => {
    const mask = tensor([[1], [0], [1]]);
    const { output, weights } = dotProductAttention(q, k, v, { mask });
    expect(numbers(output.select(1, 1)).every((value) => value === 0)).toBe(true);
    expect(weights.sum(-1).toArray()).toEqual([0, 1].map(() => [expect.closeTo(1), 0, expect.closeTo(1)]));
    const g = grad((x: Tensor) => dotProductAttention(x, k, v, { mask }).output.square().sum())(q);
    expect(numbers(g.select(1, 1)).every((value) => value === 0)).toBe(true);
  });

  test('Its gradients equal differences, first and second order', () => {
    const mask = arange(5, { dtype: 'int32' }).less(4);
    const f = (a: Tensor, b: Tensor, c: Tensor) =>
      dotProductAttention(a, b, c, { mask, causal: true }).output;
    gradcheck(f, [q, k, v], { order: 2 });
  });

  test('Arguments that do not fit are named', () => {
    const call = (...args: Parameters<typeof dotProductAttention>) =>
      expect(() => dotProductAttention(...args));
    call(q, draw(2, 5, 3), v).toThrow(ShapeError);
    call(q, k, draw(2, 4, 6)).toThrow('got [2, 3, 4], [2, 5, 4] and [2, 4, 6]');
    call(draw(4), k, v).toThrow('expected query [..., Q, D]');
    call(draw(2, 3, 0), draw(2, 5, 0), v).toThrow(ShapeError);
    call(q.cast('int32'), k, v).toThrow(DtypeError);
    call(q, k, v, { mask: zeros([4]) }).toThrow('a mask that broadcasts to [2, 3, 5], got [4]');
    call(q, k, v, { mask: zeros([1, 1, 1, 1]) }).toThrow(ShapeError);
    call(q, k, v, { scale: Number.NaN }).toThrow(ValueError);
  });
});

const options = { random, dtype } as const;
const kinds = {
  AdditiveAttention: () => new AdditiveAttention(3, 4, 5, options),
  DotProductAttention: () => new DotProductAttention(3, 4, options),
};

describe.each(Object.entries(kinds))('%s', (name, make) => {
  const attention = make();
  const [encoded, query] = [draw(5, 2, 4), draw(2, 3)];
  const lengths = [5, 2];
  const mask = tensor([1, 1, 1, 1, 1].map((_, t) => lengths.map((length) => (t < length ? 7 : 0))));

  test('Weights sum to 1, and are exactly 0 at padded steps; lengths and their mask are the same', () => {
    const a = attention.forward(query, attention.memory(encoded, { lengths }));
    const b = attention.forward(query, attention.memory(encoded, { mask }));
    expect(numbers(a.weights.sum(-1))).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)]);
    expect(numbers(a.weights.slice(1, [2]))).toEqual([0, 0, 0]);
    expect([numbers(b.context), numbers(b.weights)]).toEqual([numbers(a.context), numbers(a.weights)]);
  });

  test('Each sequence attends as it does alone, without its padding', () => {
    const { context, weights } = attention.forward(query, attention.memory(encoded, { lengths }));
    for (const [b, length] of lengths.entries()) {
      const own = attention.memory(encoded.slice([0, length], [b, b + 1]));
      const alone = attention.forward(query.slice([b, b + 1]), own);
      expect(near(context.select(b), alone.context)).toBeLessThanOrEqual(1e-14);
      expect(near(weights.slice(b, [0, length]), alone.weights)).toBeLessThanOrEqual(1e-14);
    }
  });

  test('NaN in padding changes no number and no gradient', () => {
    const dirty = where(mask.unsqueeze(2), encoded, Number.NaN);
    const lossOf = ([x, y]: readonly [Tensor, Tensor]): Tensor =>
      attention.forward(y, attention.memory(x, { mask })).context.square().sum();
    const all = (x: Tensor): number[] => [lossOf([x, query]), ...grad(lossOf)([x, query])].flatMap(numbers);
    expect(all(dirty)).toEqual(all(encoded));
  });

  test('Its gradients equal differences, first and second order', () => {
    const f = (module: typeof attention, x: Tensor, y: Tensor): Tensor =>
      module.forward(y, module.memory(x, { lengths })).context;
    gradcheck(f as never, [attention, encoded, query] as never, { order: 2 });
  });

  test('Arguments that do not fit are named', () => {
    const call = (run: () => unknown) => expect(run);
    call(() => attention.memory(draw(5, 2, 3))).toThrow(
      `${name}.memory: expected the encoder's outputs [T, B, 4]`,
    );
    call(() => attention.memory(encoded, { mask: zeros([2, 5]) })).toThrow(
      'expected a mask [5, 2], got [2, 5]',
    );
    call(() => attention.memory(encoded, { lengths: [5, 6] })).toThrow(
      '2 whole numbers from 0 to 5 for lengths, one for each sequence of the batch, got [5, 6]',
    );
    call(() => attention.memory(encoded, { lengths, mask })).toThrow('expected lengths or mask, got both');
    call(() => attention.forward(draw(3, 3), attention.memory(encoded))).toThrow(
      'expected a query [2, 3], got [3, 3]',
    );
  });

  /** A decoder whose state holds what the encoder wrote. */
  interface DecoderState {
    readonly h: Tensor;
    readonly memory: Memory;
  }
  class Decoder extends Cell<DecoderState> {
    readonly attention = make();
    readonly cell = new GRUCell(2 + 4, 3, options);
    initialState(): DecoderState {
      throw new Error('A decoder starts with a memory');
    }
    step(x: Tensor, { h, memory }: DecoderState): Step<DecoderState> {
      const { context, weights }: Context = this.attention.forward(h, memory);
      this.tap('weights', weights);
      const next = this.cell.step(concat([x, context], 1), h).output;
      return { output: concat([next, weights], 1), state: { h: next, memory } };
    }
  }

  test('A decoder trains in Recurrent with the memory in its state, planned as without a plan', () => {
    const decoder = new Recurrent(new Decoder());
    const lossOf = ([xs, memoryOf]: readonly [Tensor, Tensor], real: Tensor): Tensor => {
      const memory = decoder.cell.attention.memory(memoryOf, { mask: real });
      return decoder
        .forward(xs, { h: zeros([2, 3], { dtype }), memory })
        .outputs.square()
        .sum();
    };
    const gradients = grad(lossOf);
    const planned = plan((xs: Tensor, memoryOf: Tensor, real: Tensor) => gradients([xs, memoryOf], real));
    for (let n = 0; n < 3; n++) {
      const [xs, memoryOf] = [draw(4, 2, 2), draw(5, 2, 4)];
      const real = tensor([0, 1, 2, 3, 4].map((t) => [1, t <= n ? 1 : 0]));
      const wanted = gradients([xs, memoryOf], real);
      const got = planned(xs, memoryOf, real);
      expect(got.map(numbers)).toEqual(wanted.map(numbers));
    }
  });
});
