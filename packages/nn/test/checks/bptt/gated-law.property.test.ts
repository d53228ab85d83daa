import { stopGradient } from '@chronograd/autograd';
import { concat } from '@chronograd/tensor';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type GatedSetting, gatedAutograd, overCharacters, resultError, treeError } from './gated-network.ts';
import {
  type GatedProblem,
  gatedByHand,
  gatedProblems,
  gatedWindow,
  type Kind,
  kinds,
  type Tree,
} from './gated-problems.ts';

const float64 = { dtype: 'float64' } as const;
/**
 * 1 − s of a saturated gate s is known to half an ulp of 1 only: a gradient that passed through
 * nothing else has no digits below this.
 */
const UNSURE = 2 ** -53;
const worst = new Map<string, number>();

afterAll(() => {
  const errors = [...worst].map(([name, error]) => `${name} ${error.toExponential(1)}`);
  console.log(`BPTT law, gated: worst relative error ${errors.join('; ')}`);
});

/**
 * Handwritten and automatic: the same value, last state, and gradient of every parameter and of the
 * initial state.
 */
function agree(p: GatedProblem, setting: GatedSetting, tolerance: number, tiny: number, name: string): void {
  const error = resultError(gatedAutograd(p, setting), gatedByHand(p), tiny);
  worst.set(name, Math.max(worst.get(name) ?? 0, error));
  expect(error, name).toBeLessThanOrEqual(tolerance);
}

/**
 * Inputs drive most gates to 0 or 1. Recurrent weights stay small: large ones make it chaotic, and
 * then no computation has digits left.
 */
const saturated = (kind: Kind) =>
  gatedProblems(kind, { scales: [0.25, 0.5] }).map((p) => {
    const large = (rows: number[][]) => rows.map((row) => row.map((w) => 16 * w));
    return { ...p, weights: { ...p.weights, Wxh: large(p.weights.Wxh), bx: large(p.weights.bx) } };
  });

/** Over a problem with a sum as loss and two steps at least: where to cut it. */
const cuts = (kind: Kind) =>
  fc
    .tuple(gatedProblems(kind, { steps: 12 }), fc.nat())
    .filter(([p]) => p.ids.length > 1)
    .map(([p, draw]) => ({
      p: { ...p, reduction: 'sum' } satisfies GatedProblem,
      cut: 1 + (draw % (p.ids.length - 1)),
    }));

/** Sums of two windows' gradients; those of the initial state are the first window's. */
const added = (first: Tree, second: Tree): Tree =>
  Object.fromEntries(
    Object.entries(first).map(([name, rows]) => [
      name,
      name === 'h0' || name === 'c0'
        ? rows
        : rows.map((row, i) => row.map((g, j) => g + second[name]![i]![j]!)),
    ]),
  );

describe.each(kinds)('%s', (kind) => {
  test('The BPTT law: autograd gives what handwritten BPTT gives, over characters and any numbers, whatever comes after', () => {
    fc.assert(
      fc.property(gatedProblems(kind), (p) => {
        agree(p, float64, 1e-10, 0, `${kind} float64`);
        agree(p, { ...float64, kernels: 'reference' }, 1e-10, 0, `${kind} float64 reference`);
        if (overCharacters(p)) agree(p, { ...float64, indices: true }, 1e-10, 0, `${kind} float64 indices`);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test('The BPTT law holds for weights near 0', () => {
    fc.assert(
      fc.property(gatedProblems(kind, { scales: [2 ** -20] }), (p) =>
        agree(p, float64, 1e-10, 0, `${kind} tiny weights`),
      ),
      { seed: 2, numRuns: 15 },
    );
  });

  test('The BPTT law holds where gates are saturated', () => {
    fc.assert(
      fc.property(saturated(kind), (p) => agree(p, float64, 1e-10, UNSURE, `${kind} saturated`)),
      { seed: 3, numRuns: 25 },
    );
  });

  test('The BPTT law holds in float32, at weights for which no recurrence is chaotic', () => {
    fc.assert(
      fc.property(gatedProblems(kind, { scales: [0.25, 0.5] }), (p) =>
        agree(p, { dtype: 'float32' }, 1e-4, 2 ** -126, `${kind} float32`),
      ),
      { seed: 4, numRuns: 25 },
    );
  });

  test('Truncated BPTT, the whole state passed from call to call, equals the handwritten one window by window', () => {
    fc.assert(
      fc.property(cuts(kind), ({ p, cut }) => {
        const head = gatedWindow(p, 0, cut);
        const [first, second] = [gatedAutograd(head, float64), gatedByHand(head)];
        expect(resultError(first, second)).toBeLessThanOrEqual(1e-10);
        const carried = { h0: first.state.h!, ...(kind === 'LSTM' ? { c0: first.state.c! } : {}) };
        const tail = { ...gatedWindow(p, cut), ...carried };
        const last = gatedAutograd(tail, float64);
        expect(resultError(last, gatedByHand(tail))).toBeLessThanOrEqual(1e-10);
        expect(last.state).toEqual(gatedAutograd(p, float64).state);
      }),
      { seed: 5, numRuns: 15 },
    );
  });

  test('A split sequence has the gradients of the whole; with stopGradient between, of its windows by hand', () => {
    fc.assert(
      fc.property(cuts(kind), fc.boolean(), ({ p, cut }, truncated) => {
        const split = gatedAutograd(p, {
          ...float64,
          unroll: (run, x, start) => {
            const first = run(x.slice([0, cut]), start);
            const second = run(x.slice([cut]), truncated ? first.state.map(stopGradient) : first.state);
            return { outputs: concat([first.outputs, second.outputs]), state: second.state };
          },
        });
        if (!truncated) {
          const whole = gatedAutograd(p, float64);
          expect(split.state).toEqual(whole.state);
          expect(treeError(split.gradients, whole.gradients)).toBeLessThanOrEqual(1e-12);
          return;
        }
        const none = p.h0.map((row) => row.map(() => 0));
        const head = gatedByHand({ ...gatedWindow(p, 0, cut), dhnext: none, dcnext: none });
        const { h, c = p.c0 } = head.state;
        const tail = gatedByHand({ ...gatedWindow(p, cut), h0: h!, c0: c });
        expect(treeError(split.gradients, added(head.gradients, tail.gradients))).toBeLessThanOrEqual(1e-10);
      }),
      { seed: 6, numRuns: 20 },
    );
  });
});
