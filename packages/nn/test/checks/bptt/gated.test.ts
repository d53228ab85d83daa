import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { gruBackward, gruForward, lstmBackward, lstmForward } from '../../../src/index.ts';
import { treeError } from './gated-network.ts';
import {
  type GatedProblem,
  gatedByHand,
  gatedObjective,
  gatedParameters,
  gatedProblems,
  gatedStream,
  gatedWindow,
  type Kind,
  kinds,
  type Tree,
} from './gated-problems.ts';
import { differences, worstError } from './problems.ts';

const small = (kind: Kind) => gatedProblems(kind, { steps: 5, batch: 2, size: 4, scales: [0.5, 1] });
const summed = (kind: Kind) => small(kind).map((p) => ({ ...p, reduction: 'sum' }) satisfies GatedProblem);
const starts = ['h0', 'c0'];
let worst = 0;

afterAll(() => {
  console.log(`handwritten gated BPTT against differences: worst relative error ${worst.toExponential(1)}`);
});

/** Sums over runs by name; those of the initial states are given. */
function total(runs: readonly Tree[], initial: Tree): Tree {
  const [first, ...rest] = runs as [Tree, ...Tree[]];
  const names = Object.keys(first).filter((name) => !starts.includes(name));
  const sums = names.map((name) => [
    name,
    first[name]!.map((row, i) => row.map((g, j) => rest.reduce((sum, run) => sum + run[name]![i]![j]!, g))),
  ]);
  return { ...Object.fromEntries(sums), ...initial };
}

const startsOf = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([name]) => starts.includes(name)));

describe.each(kinds)('%s by hand', (kind) => {
  test('Gradients of every weight and of the initial state equal seven-point differences, whatever comes after the window', () => {
    fc.assert(
      fc.property(small(kind), (drawn) => {
        const p = structuredClone(drawn);
        const { gradients, value } = gatedByHand(p);
        expect(value).toBeCloseTo(gatedObjective(p), 12);
        for (const [name, rows] of Object.entries(gatedParameters(p))) {
          const wanted = differences(rows, () => gatedObjective(p));
          const error = worstError(gradients[name]!, wanted);
          worst = Math.max(worst, error);
          expect(error, name).toBeLessThanOrEqual(1e-8);
        }
        expect(p).toEqual(drawn);
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  test('A sequence split in two, with the state carried on and its gradient carried back, gives what the whole gives, step by step', () => {
    fc.assert(
      fc.property(summed(kind), fc.nat(), (p, draw) => {
        fc.pre(p.ids.length > 1);
        const cut = 1 + (draw % (p.ids.length - 1));
        const whole = gatedByHand(p);
        const head = gatedWindow(p, 0, cut);
        const state = gatedByHand(head).state;
        const tail = gatedByHand({ ...gatedWindow(p, cut), h0: state.h!, c0: state.c ?? p.c0 });
        const { h0, c0 = p.dcnext } = tail.gradients;
        const front = gatedByHand({ ...head, dhnext: h0!, dcnext: c0 });
        expect(
          treeError(whole.gradients, total([front.gradients, tail.gradients], startsOf(front.gradients))),
        ).toBeLessThanOrEqual(1e-13);
        expect([...front.records, ...tail.records.slice(1)]).toEqual(whole.records);
        expect(tail.state).toEqual(whole.state);
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  test('A batch gives the sum of the results of its streams', () => {
    fc.assert(
      fc.property(summed(kind), (p) => {
        const whole = gatedByHand(p);
        const runs = p.h0.map((_, b) => gatedByHand(gatedStream(p, b)));
        const initial = Object.fromEntries(
          Object.keys(startsOf(whole.gradients)).map((name) => [
            name,
            runs.map(({ gradients }) => gradients[name]![0]!),
          ]),
        );
        const sums = total(
          runs.map(({ gradients }) => gradients),
          initial,
        );
        expect(treeError(whole.gradients, sums)).toBeLessThanOrEqual(1e-13);
        expect(whole.state.h).toEqual(runs.map(({ state }) => state.h![0]));
      }),
      { seed: 3, numRuns: 30 },
    );
  });
});

test('With one unit and one step the GRUs are their formulas, and differ in the place of the reset gate alone', () => {
  const weights = {
    Wxh: [[1], [2], [3]],
    Whh: [[-1], [0.5], [2]],
    Why: [[1], [-1]],
    bx: [0.5, -0.5, 1],
    bh: [1, 2, -3],
    by: [0, 0],
  };
  const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));
  const [x, h] = [0.5, -2];
  const r = sigmoid(1 * x + 0.5 - 1 * h + 1);
  const z = sigmoid(2 * x - 0.5 + 0.5 * h + 2);
  for (const [reset, n] of [
    ['after', Math.tanh(3 * x + 1 + r * (2 * h - 3))],
    ['before', Math.tanh(3 * x + 1 + 2 * (r * h) - 3)],
  ] as const) {
    const [state] = gruForward(weights, [[[x]]], [[h]], reset).hs[1]!;
    expect(state![0]).toBeCloseTo((1 - z) * n + z * h, 14);
  }
});

test('A state left out is a state of zeros, the loss a mean, and the reset gate after the product', () => {
  const [lstm] = fc.sample(small('LSTM'), { seed: 1, numRuns: 1 });
  const [gru] = fc.sample(small('GRU, reset after'), { seed: 1, numRuns: 1 });
  const flat = <W extends GatedProblem['weights']>({ bx, bh, by, ...rest }: W) => ({
    ...rest,
    bx: bx[0]!,
    bh: bh[0]!,
    by: by[0]!,
  });
  const zero = (rows: number[][]) => rows.map((row) => row.map(() => 0));
  const { inputs, targets, h0, c0 } = lstm!;
  expect(lstmBackward(flat(lstm!.weights), inputs, targets)).toEqual(
    lstmBackward(flat(lstm!.weights), inputs, targets, { h: zero(h0), c: zero(c0) }, { reduction: 'mean' }),
  );
  expect(gruBackward(flat(gru!.weights), gru!.inputs, gru!.targets)).toEqual(
    gruBackward(flat(gru!.weights), gru!.inputs, gru!.targets, zero(gru!.h0), {
      reset: 'after',
      reduction: 'mean',
    }),
  );
});

test('Shapes that disagree throw errors with their names', () => {
  const four = { Wxh: [[1], [1], [1], [1]], Whh: [[1], [1], [1], [1]], bh: [0, 0, 0, 0] };
  const three = { Wxh: [[1], [1], [1]], Whh: [[1], [1], [1]], bx: [0, 0, 0], bh: [0, 0, 0] };
  const out = { Why: [[1]], by: [0] };
  const lstm = (changed: Partial<typeof four>, c = [[0]]) =>
    lstmForward({ ...four, ...out, ...changed }, [[[1]]], { h: [[0]], c });
  const gru = (changed: Partial<typeof three>, reset?: 'after') =>
    gruForward({ ...three, ...out, ...changed }, [[[1]]], undefined, reset);
  expect(() => lstm({})).not.toThrow();
  expect(() => gru({})).not.toThrow();
  expect(() => lstm({ bh: [0, 0, 0, 0, 0] })).toThrow(
    'bptt: expected length 4 for bh, got length 5; sizes are those of',
  );
  expect(() => lstm({ Wxh: three.Wxh })).toThrow('bptt: expected length 4 for Wxh, got length 3');
  expect(() => lstm({ bh: three.bh })).toThrow('H 0, V 1: all must be at least 1');
  expect(() => lstm({}, [[0, 0]])).toThrow('bptt: expected length 1 for c0[0], got length 2');
  expect(() => lstmBackward({ ...four, ...out }, [[[1]]], [[0]], undefined, { dcnext: [] })).toThrow(
    'bptt: expected length 1 for dcnext, got length 0',
  );
  expect(() => gru({ bx: [0] })).toThrow('bptt: expected length 3 for bx, got length 1');
  expect(() => gru({ Whh: four.Whh })).toThrow('bptt: expected length 3 for Whh, got length 4');
  expect(() => gru({}, 'never' as never)).toThrow("bptt: expected reset 'after' or 'before', got never");
});
