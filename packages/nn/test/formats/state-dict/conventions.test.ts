import { normal, Random, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { GRUCell, LSTMCell, loadStateDict, type Module, RNNCell, stateDict } from '../../../src/index.ts';

const F = 3;
const H = 4;
const random = new Random(11);
const options = { random, dtype: 'float64' } as const;
const x = normal([2, F], options);
const h = normal([2, H], options);

type AnyCell = Module & { step(x: Tensor, state: never): { output: Tensor } };
const output = (cell: AnyCell): Float64Array => {
  const state = cell instanceof LSTMCell ? { h, c: h } : h;
  return cell.step(x, state as never).output.toTypedArray() as Float64Array;
};
/** The largest difference between what two cells compute. */
const apart = (a: AnyCell, b: AnyCell): number => {
  const other = output(b);
  return Math.max(...output(a).map((value, i) => Math.abs(value - other[i]!)));
};

type Row = readonly [string, (biases: 1 | 2) => AnyCell];
const TWO_AND_ONE: readonly Row[] = [
  ['RNNCell', (biases) => new RNNCell(F, H, { ...options, biases })],
  ['LSTMCell', (biases) => new LSTMCell(F, H, { ...options, biases })],
  ['GRUCell before', (biases) => new GRUCell(F, H, { ...options, biases, reset: 'before' })],
];
const AFTER: Row = ['GRUCell after', (biases) => new GRUCell(F, H, { ...options, biases })];

test.each(TWO_AND_ONE)('%s with one bias takes the sum of two, and computes the same', (_, make) => {
  const [two, one] = [make(2), make(1)];
  loadStateDict(one, stateDict(two));
  expect(apart(two, one)).toBeLessThan(1e-15);
});

test.each([...TWO_AND_ONE, AFTER])(
  '%s with one bias is saved with zeros for the second, and gives the same results when loaded with two',
  (_, make) => {
    const [one, two] = [make(1), make(2)];
    const dict = stateDict(one);
    expect([...dict.get('bias_hh')!.data].every((value) => value === 0)).toBe(true);
    loadStateDict(two, dict);
    expect(apart(one, two)).toBeLessThan(1e-15);
    loadStateDict(one, stateDict(two));
    expect(apart(one, two)).toBeLessThan(1e-15);
  },
);

test('A GRU with one bias throws for two whose rows n do not add up, and takes them where the second is 0 there', () => {
  const two = new GRUCell(F, H, options);
  const one = new GRUCell(F, H, { ...options, biases: 1 });
  expect(() => loadStateDict(one, stateDict(two))).toThrow(
    'GRUCell (weight_ih, weight_hh, bias_ih, bias_hh): the rows n of bias_hh are not 0 and are inside the reset gate',
  );
  two.biasHh!.assign(tensor(Float64Array.from({ length: 3 * H }, (_, i) => (i < 2 * H ? i - 2.5 : 0))));
  loadStateDict(one, stateDict(two));
  expect(apart(two, one)).toBeLessThan(1e-15);
});

test('Biases of different sizes are not added up', () => {
  const one = new RNNCell(F, H, { ...options, biases: 1 });
  const dict = new Map(stateDict(one)).set('bias_hh', { dtype: 'F64', shape: [1], data: Float64Array.of(1) });
  expect(() => loadStateDict(one, dict)).toThrow(
    'expected bias_ih and bias_hh of equal shapes to add, got [4] and [1]',
  );
});

/** Makes the recurrent rows n of a cell diagonal. */
const diagonal = (cell: GRUCell): GRUCell => {
  const weight = cell.weightHh.toTypedArray();
  weight.forEach((_, i) => {
    const [row, column] = [Math.floor(i / H), i % H];
    if (row >= 2 * H && row - 2 * H !== column) weight[i] = 0;
  });
  cell.weightHh.assign(tensor(weight, { shape: [3 * H, H] }));
  return cell;
};

const gru = (reset: 'after' | 'before', biases: 0 | 1 | 2 = 2) =>
  new GRUCell(F, H, { ...options, reset, biases });

test("A GRU's recurrent weight has PyTorch's name only if its reset gate is applied where PyTorch applies it", () => {
  expect([...stateDict(gru('after')).keys()]).toEqual(['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']);
  expect([...stateDict(gru('before')).keys()]).toContain('weight_hh_reset_before');
  const again = gru('before');
  const first = gru('before');
  loadStateDict(again, stateDict(first));
  expect(apart(again, first)).toBe(0);
});

test('A GRU throws for weights of the other convention and says why', () => {
  expect(() => loadStateDict(gru('before'), stateDict(gru('after')))).toThrow(
    "the weights are of a GRU with its reset gate after the recurrent product, as PyTorch's, and this cell has it before: " +
      '(r∘h)·Wᵀ and r∘(h·Wᵀ + b) are equal only if the rows n of the recurrent weight are diagonal and those of bias_hh, ' +
      "inside the gate, are 0; make the cell with reset: 'after'",
  );
  expect(() => loadStateDict(gru('after'), stateDict(gru('before')))).toThrow(
    'reset gate before the recurrent product, and this cell has it after: (r∘h)·Wᵀ and r∘(h·Wᵀ + b) are equal only if',
  );
  const dict = new Map([...stateDict(gru('before')), ...stateDict(gru('after'))]);
  expect(() => loadStateDict(gru('after'), dict)).toThrow(
    'expected one of weight_hh and weight_hh_reset_before, got both',
  );
});

test('A GRU of the other convention is converted where both compute the same', () => {
  for (const biases of [0, 1, 2] as const) {
    const before = diagonal(gru('before', biases));
    const after = gru('after', biases === 1 ? 2 : biases);
    loadStateDict(after, stateDict(before));
    expect(apart(before, after)).toBeLessThan(1e-15);

    const narrow = diagonal(gru('after', biases === 2 ? 1 : biases));
    const back = gru('before', biases);
    loadStateDict(back, stateDict(narrow));
    expect(apart(narrow, back)).toBeLessThan(1e-15);
  }
  const inside = diagonal(gru('after'));
  expect(() => loadStateDict(gru('before'), stateDict(inside))).toThrow(
    'those of bias_hh, inside the gate, are 0',
  );
});
