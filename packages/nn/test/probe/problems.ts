/** Cells that name what they compute, and networks of any cells. */
import { Random, type Tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import {
  type AnyCell,
  Cell,
  type Layer,
  Linear,
  Recurrent,
  type RecurrentOptions,
  type Step,
} from '../../src/index.ts';
import { cellOf, type Kind, someKind } from '../recurrent/problems.ts';

/** A gate that mixes a state with a candidate. It names both. */
export class NamingCell extends Cell<{ readonly h: Tensor; readonly steps: number }> {
  readonly input: Linear;
  readonly hidden: Linear;
  readonly units: number;
  constructor(inputs: number, units: number, random: Random) {
    super();
    this.input = new Linear(inputs, 2 * units, { random, dtype: 'float64' });
    this.hidden = new Linear(units, 2 * units, { random, dtype: 'float64' });
    this.units = units;
  }
  initialState(batch: number): { h: Tensor; steps: number } {
    return { h: zeros([batch, this.units], { dtype: 'float64' }), steps: 0 };
  }
  step(x: Tensor, { h, steps }: { h: Tensor; steps: number }): Step<{ h: Tensor; steps: number }> {
    const [a, b] = this.input.forward(x).add(this.hidden.forward(h)).chunk(2, -1);
    const z = this.tap('z', a.sigmoid());
    const n = this.tap('n', b.tanh());
    const next = h.add(z.mul(n.sub(h)));
    return { output: next, state: { h: next, steps: steps + 1 } };
  }
}

/** What a network is made of. */
export interface Net {
  readonly layers: readonly (readonly (Kind | 'naming')[])[];
  readonly seed: number;
}

/** @param directions 1: forward only. */
export const someNet = (directions: 1 | 2): fc.Arbitrary<Net> =>
  fc.record({
    layers: fc.array(
      fc.array(fc.oneof(someKind, fc.constant('naming' as const)), { minLength: 1, maxLength: directions }),
      { minLength: 1, maxLength: 2 },
    ),
    seed: fc.nat(1000),
  });

export function build(
  { layers, seed }: Net,
  inputs: number,
  units: number,
  options: RecurrentOptions = {},
): Recurrent<readonly Layer[]> {
  const random = new Random(seed);
  let width = inputs;
  const cells = layers.map((kinds): Layer => {
    const made = kinds.map(
      (kind): AnyCell =>
        kind === 'naming' ? new NamingCell(width, units, random) : cellOf(kind, width, units, random),
    );
    width = units * kinds.length;
    const [first, second] = made as [AnyCell, AnyCell?];
    return second === undefined ? first : [first, second];
  });
  return new Recurrent(cells, options);
}

/** The elements, zeros of both signs apart: a buffer that is added to starts from +0. */
export const bits = (x: Tensor): string => String(x.add(0).toArray());
