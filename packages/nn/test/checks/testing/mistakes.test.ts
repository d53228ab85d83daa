import { describe, expect, test } from 'vitest';
import { type CellSizes, cellLaws, type MakeCell } from '../../../src/checks/testing/index.ts';
import { GRUCell, LSTMCell, RNNCell } from '../../../src/index.ts';
import { failure } from './failure.ts';
import { type AnyCell, backwardWith, type Mistake } from './mistaken-backward.ts';

const cells: Readonly<Record<string, MakeCell<AnyCell>>> = {
  RNN: ({ inputSize, hiddenSize, ...options }: CellSizes) => new RNNCell(inputSize, hiddenSize, options),
  LSTM: ({ inputSize, hiddenSize, ...options }: CellSizes) => new LSTMCell(inputSize, hiddenSize, options),
  GRU: ({ inputSize, hiddenSize, ...options }: CellSizes) => new GRUCell(inputSize, hiddenSize, options),
};
const all = Object.keys(cells);
const gated = ['LSTM', 'GRU'];

const lawOf = (cell: string, mistakes: readonly Mistake[], gives: readonly ('inputs' | 'state')[] = []) =>
  cellLaws(cells[cell]!, { backward: backwardWith(mistakes, gives) }).find(({ id }) => id === 'backward')!;
const cureOf = (
  cell: string,
  mistakes: readonly Mistake[],
  gives: readonly ('inputs' | 'state')[] = [],
): string => failure(lawOf(cell, mistakes, gives).check).report.laws[0]!.broken!.cure;

const second: Readonly<Record<string, string>> = { LSTM: 'gate f', GRU: 'gate z' };
const kinds: readonly (readonly [
  mistake: Mistake,
  cells: readonly string[],
  says: (cell: string) => RegExp,
])[] = [
  [
    'no product',
    all,
    (cell) =>
      cell === 'GRU'
        ? /^a term is missing .*: weightHhᵀ · dz, which flows back to state$/
        : /^a term is missing in the backward pass/,
  ],
  [
    'no gate product',
    gated,
    (cell) => RegExp(`^a term is missing .*: weightHhᵀ · dz of ${second[cell]}, which flows back`),
  ],
  [
    'no direct path',
    gated,
    (cell) =>
      cell === 'GRU'
        ? /^a term is missing .*: the direct path to state, past/
        : /^a term is missing .* the gradient of state\.c/,
  ],
  ['no next', all, () => /^a term is missing .*: add what arrives at state.* from the step after/],
  [
    'no dState',
    all,
    (cell) => (cell === 'LSTM' ? /^dState\.h and dState\.c are ignored/ : /^dState is ignored/),
  ],
  ['first stream of the bias', all, () => /^cell\.biasHh is that of the first stream only/],
  ['last stream of the bias', all, () => /^cell\.biasHh is that of the last stream only/],
  ['last step of Whh', all, () => /^cell\.weightHh is that of the first step only/],
  ['mean of the bias', all, () => /^cell\.biasHh is divided by the number of streams: a mean/],
  ['mean of all', all, () => /^every gradient is divided by the number of streams: a mean/],
  ['mean over steps', all, () => /is divided by the number of steps: a mean/],
  ['half of Wxh', all, () => /^cell\.weightIh has a factor of 0\.5$/],
  [
    'twice a gate',
    all,
    (cell) =>
      RegExp(
        `^the derivative has a factor of 2 in ${second[cell] ?? 'cell.weightIh, cell.weightHh, cell.biasIh, cell.biasHh'}, at every step$`,
      ),
  ],
  ['twice what goes back', ['RNN', 'LSTM'], () => /^a term has a factor of 2 in the backward pass/],
  ['sign of Whh', all, () => /^cell\.weightHh has the wrong sign$/],
  [
    'sign of a gate of Whh',
    gated,
    (cell) => RegExp(`^${second[cell]} of cell\\.weightHh has the wrong sign$`),
  ],
  [
    'sign of a gate',
    all,
    (cell) =>
      RegExp(`^the derivative has the wrong sign in ${second[cell] ?? 'cell.weightIh.*'}, at every step$`),
  ],
  ['sign of what goes back', all, () => /^a term has the wrong sign in the backward pass/],
  [
    'sign of the candidate',
    ['GRU'],
    () => /^the derivative has the wrong sign in gates r, n, at every step$/,
  ],
  ['transposed Whh', all, () => /^cell\.weightHh is transposed/],
  [
    'Whh for its transpose',
    all,
    (cell) =>
      RegExp(
        `^a transpose is missing: weightHhᵀ · dz flows back to state(\\.h)?, by hand it is weightHh · dz${cell === 'RNN' ? '$' : ', gate by gate$'}`,
      ),
  ],
];

for (const cell of all) {
  describe(`A handwritten backward of the ${cell}`, () => {
    test('holds where it is right', () => {
      lawOf(cell, [], ['inputs', 'state']).check();
    });
    for (const [mistake, , says] of kinds.filter(([, of]) => of.includes(cell))) {
      test(`is called by its mistake: ${mistake}`, () => {
        expect(cureOf(cell, [mistake])).toMatch(says(cell));
        expect(cureOf(cell, [mistake], ['inputs', 'state'])).toMatch(says(cell));
      });
    }
    test('is called by none of these where its mistake is another', () => {
      for (const mistakes of cell === 'RNN'
        ? [['slope'] as const]
        : [['slope'] as const, ['initial state for zeros'] as const]) {
        const cure = cureOf(cell, mistakes, ['inputs', 'state']);
        for (const [, , says] of kinds) expect(cure).not.toMatch(says(cell));
        expect(cure).not.toMatch(/missing|factor|sign|transpos|mean|stream only|ignored/);
      }
    });
    test('is called by both mistakes, or by none, where it has two', () => {
      const pairs: readonly (readonly [Mistake, Mistake])[] = [
        ['no dState', 'first stream of the bias'],
        ['no product', 'transposed Whh'],
        ['sign of Whh', 'mean of the bias'],
        ['slope', 'sign of Whh'],
        ['slope', 'no dState'],
        ['no dState', 'Whh for its transpose'],
        ['twice a gate', 'no product'],
      ];
      const saysOf = (mistake: Mistake): RegExp | null => {
        const known = kinds.find(([name]) => name === mistake);
        return known === undefined ? null : RegExp(known[2](cell).source.replace(/^\^|\$$/g, ''));
      };
      for (const pair of pairs) {
        const cure = cureOf(cell, pair);
        const says = pair.map((mistake) => saysOf(mistake)?.test(cure) ?? false);
        const names = /missing|factor|sign|transpos|a mean|only: add|ignored/.test(cure);
        expect([pair, cure, says]).toEqual([pair, cure, names ? [true, true] : [false, false]]);
      }
    });
  });
}

test('a mistake in one gate of a cell that names no gates: the advice is to name them', () => {
  class Nameless extends LSTMCell {
    override blocks() {
      return {};
    }
  }
  const make: MakeCell<AnyCell> = ({ inputSize, hiddenSize, ...options }) =>
    new Nameless(inputSize, hiddenSize, options);
  const laws = cellLaws(make, { backward: backwardWith(['sign of a gate']) });
  const cure = failure(laws.find(({ id }) => id === 'backward')!.check).report.laws[0]!.broken!.cure;
  expect(cure).toContain('name the gates in blocks() of the cell');
});
