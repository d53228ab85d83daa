/** Mistakes that travel back in time, as bends of a walk, with the words for each. */
import { nameState } from '../../../recurrent/state-leaves.ts';
import { MISSING } from './format.ts';
import { type Product, sentBack } from './products.ts';
import type { Bend, Numbers, StepBack } from './walk.ts';

/** A mistake of one kind. */
export interface Hypothesis {
  readonly bend: Bend;
  /** Over so many steps the result is affine in k. */
  readonly affineSteps: 1 | 2;
  /** Null: the mistake has no size, k is 0. */
  readonly sized: boolean;
  /** @param is how the term is wrong: `is missing`, `has the wrong sign`. */
  readonly words: (is: string) => string;
}

export const scaled = (values: Float64Array, k: number): Float64Array => values.map((each) => k * each);
export const plus = (a: Float64Array, b: Float64Array, k: number): Float64Array =>
  a.map((each, i) => each + k * b[i]!);
export const withPart = (numbers: Numbers, path: string, values: Float64Array): Numbers =>
  new Map(numbers).set(path, values);
const BACK = 'in the way back through time';

/** What may be wrong with a cell whose state has float parts at `paths`. From the likely to the far-fetched. */
export function hypothesesFor(paths: readonly string[], products: readonly Product[]): Hypothesis[] {
  const subsets = paths.length > 1 ? [paths, ...paths.map((path) => [path])] : [paths];
  const ofState = products.filter(({ state }) => state !== null);
  return [
    ...subsets.map(ignoredStart),
    ...subsets.map(notArriving),
    ...subsets.map(notCarried),
    ...ofState.flatMap((product) => [
      scaledProduct(product, product.gates),
      ...(product.gates.length > 1 ? product.gates.map((gate) => scaledProduct(product, [gate])) : []),
    ]),
    ...paths.map((path) => scaledDirect(path, ofState)),
    ...products.flatMap(transposedProduct),
  ];
}

const named = (paths: readonly string[], root = 'state'): string =>
  paths.map((path) => nameState(path, root)).join(' and ');

function ignoredStart(paths: readonly string[]): Hypothesis {
  return {
    bend: { start: (path, values, k) => (paths.includes(path) ? scaled(values, k) : values) },
    affineSteps: 1,
    sized: true,
    words: (is) =>
      is === MISSING
        ? `${named(paths, 'dState')} ${paths.length > 1 ? 'are' : 'is'} ignored: begin the walk back with what arrives, not with zeros`
        : `${named(paths, 'dState')} ${is}: begin the walk back with it as it is`,
  };
}

function notArriving(paths: readonly string[]): Hypothesis {
  const bend = (path: string, values: Float64Array, k: number): Float64Array =>
    paths.includes(path) ? scaled(values, k) : values;
  return {
    bend: { start: bend, carry: bend },
    affineSteps: 1,
    sized: true,
    words: (is) =>
      `a term ${is} ${BACK}: add what arrives at ${named(paths)} from the step after (dState at the last step)`,
  };
}

function notCarried(paths: readonly string[]): Hypothesis {
  return {
    bend: { carry: (path, values, k) => (paths.includes(path) ? scaled(values, k) : values) },
    affineSteps: 2,
    sized: true,
    words: (is) =>
      `a term ${is} ${BACK}: hand the gradient of ${named(paths)} from each step to the one before`,
  };
}

function scaledProduct(product: Product, gates: Product['gates']): Hypothesis {
  const path = product.state!;
  const names = gates.flatMap(({ name }) => name ?? []);
  const of =
    names.length === 0 || gates.length === product.gates.length ? '' : ` of gate ${names.join(', ')}`;
  return {
    bend: {
      step: (back, k) => {
        const state = gates.reduce(
          (sum, gate) => plus(sum, sentBack(product, gate, back), k - 1),
          back.state.get(path)!,
        );
        return { ...back, state: withPart(back.state, path, state) };
      },
    },
    affineSteps: 2,
    sized: true,
    words: (is) =>
      `a term ${is} ${BACK}: ${product.parameter}ᵀ · dz${of}, which goes back to ${nameState(path)}`,
  };
}

function scaledDirect(path: string, products: readonly Product[]): Hypothesis {
  const own = products.filter(({ state }) => state === path);
  return {
    bend: {
      step: (back, k) => {
        const through = own.flatMap((product) => product.gates.map((gate) => sentBack(product, gate, back)));
        const all = back.state.get(path)!;
        const direct = through.reduce((rest, each) => plus(rest, each, -1), all);
        return { ...back, state: withPart(back.state, path, plus(all, direct, k - 1)) };
      },
    },
    affineSteps: 2,
    sized: true,
    words: (is) =>
      `a term ${is} ${BACK}: the direct path to ${nameState(path)}, past the matrices (such as f ∘ dc or z ∘ dh)`,
  };
}

/** W dz in place of Wᵀ dz: where the gates, or all rows at once, are square. */
function transposedProduct(product: Product): Hypothesis[] {
  const { columns, gates, state, parameter } = product;
  if (!gates.every(({ from, to }) => to - from === columns)) return [];
  const to = state === null ? 'inputs' : nameState(state);
  const each = gates.length > 1 ? ', gate by gate' : '';
  const bent = (values: Float64Array, back: StepBack): Float64Array =>
    gates.reduce(
      (sum, gate) =>
        plus(plus(sum, sentBack(product, gate, back), -1), sentBack(product, gate, back, true), 1),
      values,
    );
  return [
    {
      bend: {
        step: (back) =>
          state === null
            ? { ...back, inputs: bent(back.inputs!, back) }
            : { ...back, state: withPart(back.state, state, bent(back.state.get(state)!, back)) },
      },
      affineSteps: 1,
      sized: false,
      words: () =>
        `a transpose is missing: what goes back to ${to} is ${parameter}ᵀ · dz, and is ${parameter} · dz by hand${each}`,
    },
  ];
}
