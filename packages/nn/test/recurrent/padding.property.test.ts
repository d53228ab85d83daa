import { grad } from '@chronograd/autograd';
import { Parameter, Random, type Tensor, tensor, where, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnyCell, Cell, type Layer, Recurrent, type Step } from '../../src/index.ts';
import { paddingOf } from '../../src/recurrent/padding.ts';
import { mapState } from '../../src/recurrent/state-leaves.ts';
import { cellOf, gradientError, type Kind, leaves, measure, numbers, someKind } from './problems.ts';

interface Problem {
  readonly kinds: readonly (readonly Kind[])[];
  /** Which steps are real, one list for each sequence. */
  readonly real: readonly (readonly boolean[])[];
  /** Whether padding is only at the end, so that lengths describe it. */
  readonly prefix: boolean;
  /** The contents of the padding. */
  readonly garbage: number;
  readonly seed: number;
}

const problem: fc.Arbitrary<Problem> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }), fc.boolean())
  .chain(([T, B, prefix]) =>
    fc.record({
      kinds: fc.array(fc.array(someKind, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }),
      real: fc.array(
        prefix
          ? fc.integer({ min: 0, max: T }).map((n) => Array.from({ length: T }, (_, t) => t < n))
          : fc.array(fc.boolean(), { minLength: T, maxLength: T }),
        { minLength: B, maxLength: B },
      ),
      prefix: fc.constant(prefix),
      garbage: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1e300, 0),
      seed: fc.nat(1000),
    }),
  );

const [F, H] = [3, 2];

function stackFor({ kinds, seed }: Problem): Recurrent<readonly Layer[]> {
  const random = new Random(seed);
  let width = F;
  const layers = kinds.map((layer): Layer => {
    const cells = layer.map((kind) => cellOf(kind, width, H, random));
    width = H * cells.length;
    return cells.length === 2 ? [cells[0] as AnyCell, cells[1] as AnyCell] : (cells[0] as AnyCell);
  });
  return new Recurrent(layers);
}

test('A padded batch equals separate runs of its sequences: outputs and final states to the bit, gradients, whatever the padding contains', () => {
  fc.assert(
    fc.property(problem, (p) => {
      const recurrent = stackFor(p);
      const [B, T] = [p.real.length, p.real[0]!.length];
      const mask = tensor(
        p.real[0]!.map((_, t) => p.real.map((row) => (row[t] ? 1 : 0))),
        { dtype: 'float64' },
      );
      const clean = numbers(p.seed, T, B, F);
      const x = where(mask.unsqueeze(-1), clean, p.garbage);
      let next = 0;
      const start = mapState(recurrent.initialState(B), (s) =>
        numbers(p.seed + next++, ...(s as Tensor).shape),
      ) as ReturnType<typeof recurrent.initialState>;
      const weights = (each: Tensor, i: number): Tensor =>
        numbers(100 + i, ...each.shape.with(i === 0 ? 1 : 0, B));
      const padding = p.prefix ? { lengths: p.real.map((row) => row.filter(Boolean).length) } : { mask };
      const whole = measure({ recurrent, x }, () => recurrent.forward(x, start, padding), weights);
      const { x: ofInputs, ...ofWeights } = Object.fromEntries(whole.grads);

      const total: Record<string, Tensor> = {};
      for (const [b, row] of p.real.entries()) {
        const steps = row.flatMap((is, t) => (is ? [t] : []));
        const finals = whole.states.map((s) => s.slice([b, b + 1]).toArray());
        const first = mapState(start, (s) => (s as Tensor).slice([b, b + 1])) as typeof start;
        if (steps.length === 0) {
          expect(finals).toEqual(leaves(first).map((s) => s.toArray()));
          continue;
        }
        const mine = (each: Tensor): Tensor =>
          each.slice(null, [b, b + 1]).gather(tensor(steps, { dtype: 'int32' }));
        const own = mine(clean);
        const alone = measure(
          { recurrent, own },
          () => recurrent.forward(own, first),
          (each, i) =>
            i === 0 ? mine(numbers(100, T, B, each.shape[2]!)) : weights(each, i).slice([b, b + 1]),
        );
        expect(mine(whole.outputs).toArray()).toEqual(alone.outputs.toArray());
        expect(finals).toEqual(alone.states.map((s) => s.toArray()));
        const { own: ofOwn, ...rest } = Object.fromEntries(alone.grads);
        expect(
          gradientError(new Map([['x', mine(ofInputs!)]]), new Map([['x', ofOwn!]])),
        ).toBeLessThanOrEqual(1e-11);
        for (const [name, g] of Object.entries(rest)) total[name] = total[name]?.add(g) ?? g;
      }
      const inPadding = (each: Tensor): number => where(mask.unsqueeze(-1), 0, each).abs().sum().item();
      expect(inPadding(whole.outputs)).toBe(0);
      expect(inPadding(ofInputs!)).toBe(0);
      for (const [name, g] of Object.entries(ofWeights)) total[name] ??= g.mul(0);
      expect(
        gradientError(new Map(Object.entries(ofWeights)), new Map(Object.entries(total))),
      ).toBeLessThanOrEqual(1e-11);
    }),
    { seed: 1, numRuns: 40 },
  );
});

/**
 * h' = h + x with output exp(w·h), which overflows at 710: after two steps of 400, not after one.
 */
class Growing extends Cell<Tensor> {
  readonly w: Parameter = new Parameter(tensor([1], { dtype: 'float64' }));
  initialState(batch: number): Tensor {
    return zeros([batch, 1], { dtype: 'float64' });
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const next = h.add(x);
    return { output: next.mul(this.w).exp(), state: next };
  }
}

test('A padded step computes with values of a real one: a cell that would overflow there has the gradients of its real steps, not NaN', () => {
  const x = tensor([400, 1, 400, 1, 400, 1], { shape: [3, 2, 1], dtype: 'float64' });
  for (const checkpoint of [false, 2]) {
    const [a, b] = [new Growing(), new Growing()];
    const recurrent = new Recurrent([[a, b]], { checkpoint });
    const run = grad({ a, b, x }, () => recurrent.forward(x, undefined, { lengths: [1, 3] }).outputs.sum());
    const { a: forward, b: backward, x: ofInputs } = run();
    // d/dw of exp(400·w) + Σ exp(n·w), n = 1, 2, 3, at w = 1
    const wanted = 400 * Math.exp(400);
    for (const g of [forward.w, backward.w]) expect(g.item() / wanted).toBeCloseTo(1, 12);
    expect(ofInputs.toTypedArray().map((g, i) => (i === 2 || i === 4 ? g : Math.sign(g)))).toEqual(
      Float64Array.of(1, 1, 0, 1, 0, 1),
    );
  }
});

test('A padded step receives the first real step of its sequence in running order, or of another one if it has none', () => {
  const [steps, batch] = [4, 3];
  const size = steps * batch;
  const real = fc.array(fc.boolean(), { minLength: size, maxLength: size });
  fc.assert(
    fc.property(real, fc.boolean(), (given, reverse) => {
      const mask = tensor(given.map(Number), { shape: [steps, batch] });
      const x = tensor(
        Float64Array.from(given, (is, at) => (is ? at : Number.NaN)),
        { shape: [steps, batch, 1] },
      );
      const filled = [...paddingOf({ mask }, steps, batch, false)!.fill(x, reverse).toTypedArray()];
      for (const [at, is] of given.entries()) {
        const own = [...given.keys()].filter((other) => given[other] && other % batch === at % batch);
        const found = is ? at : (own.at(reverse ? -1 : 0) ?? given.indexOf(true));
        expect(filled[at]).toBe(Math.max(found, 0));
      }
    }),
    { seed: 1, numRuns: 30 },
  );
});
