import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import { normal, Random, Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import type { AnyCell } from '../../src/index.ts';
import { GRUCell, LSTMCell, RNNCell } from '../../src/index.ts';
import { LstmCell } from '../cells/lstm.ts';
import { relativeError } from '../differences.ts';

/** Built-in cells, and one of a user's. */
const kinds = {
  rnn: (inputs: number, units: number, random: Random) =>
    new RNNCell(inputs, units, { random, dtype: 'float64' }),
  lstm: (inputs: number, units: number, random: Random) =>
    new LSTMCell(inputs, units, { random, dtype: 'float64' }),
  gru: (inputs: number, units: number, random: Random) =>
    new GRUCell(inputs, units, { random, dtype: 'float64' }),
  before: (inputs: number, units: number, random: Random) =>
    new GRUCell(inputs, units, { random, dtype: 'float64', reset: 'before' }),
  projected: (inputs: number, units: number, random: Random) =>
    new LSTMCell(inputs, units + 1, { random, dtype: 'float64', projectionSize: units }),
  own: (inputs: number, units: number, random: Random) => new LstmCell(inputs, units, random),
} as const;
export type Kind = keyof typeof kinds;

/** A cell whose output has `units` numbers. */
export function cellOf(kind: Kind, inputs: number, units: number, random: Random): AnyCell {
  return kinds[kind](inputs, units, random);
}

export const someKind: fc.Arbitrary<Kind> = fc.constantFrom(...(Object.keys(kinds) as Kind[]));

/** Numbers from a seed, the same for the same seed and shape. */
export const numbers = (seed: number, ...shape: number[]): Tensor =>
  normal(shape, { random: new Random(seed), dtype: 'float64' });

/** All tensors of a state, in order; one in two places twice. */
export function leaves(state: unknown): Tensor[] {
  if (state instanceof Tensor) return [state];
  return Object.values(state as object).flatMap(leaves);
}

/**
 * The results of a run: values, and the gradients, by name, of a loss that weighs every output and
 * every final state differently.
 */
export interface Measured {
  readonly outputs: Tensor;
  readonly states: readonly Tensor[];
  readonly grads: ReadonlyMap<string, Tensor>;
}

/**
 * @param target The tree to differentiate by.
 * @param weigh The weights of an output or a final state.
 */
export function measure(
  target: object,
  run: () => { readonly outputs: Tensor; readonly state: unknown },
  weigh: (x: Tensor, index: number) => Tensor = (x, index) => numbers(100 + index, ...x.shape),
): Measured {
  const { grads, aux } = valueAndGrad(target, () => {
    const { outputs, state } = run();
    const states = leaves(state);
    const terms = [outputs, ...states].map((x, i) => x.mul(weigh(x, i)).sum());
    return { value: terms.reduce((a, b) => a.add(b)), aux: { outputs, states } };
  })();
  return { ...aux, grads: new Map(leavesOf('test', grads).map(({ path, leaf }) => [path, leaf])) };
}

/** The largest relative error of any gradient; infinity where names differ. */
export function gradientError(a: Measured['grads'], b: Measured['grads']): number {
  if (a.size !== b.size || a.size === 0) return Number.POSITIVE_INFINITY;
  const errors = [...b].map(([name, g]) =>
    relativeError(a.get(name)?.toTypedArray() ?? [], g.toTypedArray(), 1e-15),
  );
  return Math.max(...errors);
}
