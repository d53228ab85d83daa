import { Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { GRUCell, LSTMCell, Recurrent, RNNCell } from '../../src/index.ts';
import { gradientFlow, recordTaps } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { leaves, numbers } from '../recurrent/problems.ts';
import { type ByHand, gru, lstm, type Matrix, rnn, type Sequence, type Weights } from './by-hand.ts';

const [T, B, F, H] = [4, 2, 3, 2];
const options = (seed: number) => ({ random: new Random(seed), dtype: 'float64' }) as const;

type BuiltIn = RNNCell | LSTMCell | GRUCell;
type Case = readonly [
  name: string,
  make: (seed: number) => BuiltIn,
  byHand: (w: Weights, of: Sequence) => ByHand,
];
const cases: readonly Case[] = [
  ['an RNN', (seed) => new RNNCell(F, H, options(seed)), rnn],
  ['an LSTM', (seed) => new LSTMCell(F, H, { ...options(seed), forgetBias: 1 }), lstm],
  ['an LSTM that projects', (seed) => new LSTMCell(F, H + 1, { ...options(seed), projectionSize: H }), lstm],
  ['a GRU', (seed) => new GRUCell(F, H, options(seed)), (w, of) => gru(w, of, 'after')],
  [
    'a GRU that resets before the product',
    (seed) => new GRUCell(F, H, { ...options(seed), reset: 'before' }),
    (w, of) => gru(w, of, 'before'),
  ],
];

/** Sequence `b` of [T, B, …], as rows. */
const ofSequence = (x: Tensor, b: number): Matrix => x.select(b, 1).toArray() as number[][];

test.each(cases)(
  'What %s names, at every step: its value and its gradient are those by hand, to 1e-12',
  (_, make, byHand) => {
    for (const seed of [1, 2]) {
      const cell = make(seed);
      const recurrent = new Recurrent<BuiltIn>(cell);
      const w = Object.fromEntries(cell.namedParameters().map(([name, p]) => [name, p.toArray()]));
      const x = numbers(seed, T, B, F);
      // The states before are not 0: else a gate upon them would count for nothing at first.
      const start = leaves(cell.initialState(B)).map(({ shape }, i) => numbers(seed + 10 + i, ...shape));
      const [h, c] = start as [Tensor, Tensor?];
      const [v, u] = [numbers(seed + 20, T, B, H), numbers(seed + 21, ...(c ?? h).shape)];
      const loss = (): Tensor => {
        const state = (c === undefined ? h : { h, c }) as never;
        const after = recurrent.forward(x, state);
        const last = leaves(after.state)[1];
        const ofOutputs = after.outputs.mul(v).sum();
        return last === undefined ? ofOutputs : ofOutputs.add(last.mul(u).sum());
      };
      const { result: flow, taps } = recordTaps(recurrent, () =>
        gradientFlow(recurrent, loss, { keepSteps: true }),
      );
      const wanted = Array.from({ length: B }, (_, b) => {
        const row = (of: Tensor): number[] => of.select(b).toArray() as number[];
        return byHand(w as unknown as Weights, {
          x: ofSequence(x, b),
          h: row(h),
          c: c === undefined ? [] : row(c),
          v: ofSequence(v, b),
          u: row(u),
        });
      });
      const names = Object.keys(wanted[0]!.values).map((name) => `cell.${name}`);
      expect(Object.keys(taps).sort()).toEqual(names.toSorted());
      expect(Object.keys(flow.gradients!).sort()).toEqual(names.toSorted());
      for (const name of names) {
        const short = name.slice('cell.'.length);
        wanted.forEach(({ values, gradients }, b) => {
          const error = (found: Tensor, of: Matrix): number =>
            relativeError(ofSequence(found, b).flat(), of.flat());
          expect([name, error(taps[name]!, values[short]!) < 1e-12]).toEqual([name, true]);
          expect([name, error(flow.gradients![name]!, gradients[short]!) < 1e-12]).toEqual([name, true]);
        });
        const norms = Array.from({ length: T }, (_, t) =>
          Math.hypot(...wanted.flatMap(({ gradients }) => gradients[short]![t]!)),
        );
        expect(relativeError(flow.norms[name]!, norms)).toBeLessThan(1e-12);
      }
    }
  },
);
