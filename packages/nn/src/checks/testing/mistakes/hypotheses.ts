/** Mistakes that propagate back in time, as faults of a backward pass, with their descriptions. */
import type { Cell } from '../../../cells/cell.ts';
import { nameState } from '../../../recurrent/state-leaves.ts';
import type { Fault, Numbers, StepBack } from './backward-pass.ts';
import { addScaled, MISSING, scaled } from './explain.ts';
import { type Gate, type Product, sentBack } from './products.ts';

/** A mistake of one kind. */
export interface Hypothesis {
  readonly fault: Fault;
  /** Over this many steps the result is affine in k. */
  readonly affineSteps: 1 | 2;
  /** Whether the mistake has a size. If not, k is 0. */
  readonly sized: boolean;
  /** @param is how the term is wrong: `is missing`, `has the wrong sign`. */
  readonly describe: (is: string) => string;
}

const sized = (affineSteps: 1 | 2, fault: Fault, describe: Hypothesis['describe']): Hypothesis => ({
  fault,
  affineSteps,
  sized: true,
  describe,
});

const withPart = (numbers: Numbers, path: string, values: Float64Array): Numbers =>
  new Map(numbers).set(path, values);
const BACK = 'in the backward pass';

/** Possible mistakes for a state with float parts at `paths`, from likely to unlikely. */
export function hypothesesFor(paths: readonly string[], products: readonly Product[]): Hypothesis[] {
  const subsets = paths.length > 1 ? [paths, ...paths.map((path) => [path])] : [paths];
  const ofState = products.filter(({ state }) => state !== null);
  return [
    ...STATE_FAULTS.flatMap((make) => subsets.map(make)),
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

/** Scales the gradients of some parts of the state. */
const scaleAt = (paths: readonly string[]) => (path: string, values: Float64Array, k: number) =>
  paths.includes(path) ? scaled(values, k) : values;

/** Mistakes in the gradients of some parts of the state. */
const STATE_FAULTS: readonly ((paths: readonly string[]) => Hypothesis)[] = [
  (paths) =>
    sized(1, { start: scaleAt(paths) }, (is) =>
      is === MISSING
        ? `${named(paths, 'dState')} ${paths.length > 1 ? 'are' : 'is'} ignored: begin the backward pass with ${paths.length > 1 ? 'them' : 'it'}, not with zeros`
        : `${named(paths, 'dState')} ${is}: begin the backward pass with it as it is`,
    ),
  (paths) =>
    sized(
      1,
      { start: scaleAt(paths), carry: scaleAt(paths) },
      (is) =>
        `a term ${is} ${BACK}: add what arrives at ${named(paths)} from the step after (dState at the last step)`,
    ),
  (paths) =>
    sized(
      2,
      { carry: scaleAt(paths) },
      (is) => `a term ${is} ${BACK}: pass the gradient of ${named(paths)} from each step to the one before`,
    ),
];

function scaledProduct(product: Product, gates: Product['gates']): Hypothesis {
  const path = product.state!;
  const names = gates.flatMap(({ name }) => name ?? []);
  const of =
    names.length === 0 || gates.length === product.gates.length ? '' : ` of gate ${names.join(', ')}`;
  const step = (back: StepBack, k: number): StepBack => {
    const state = gates.reduce(
      (sum, gate) => addScaled(sum, sentBack(product, gate, back), k - 1),
      back.state.get(path)!,
    );
    return { ...back, state: withPart(back.state, path, state) };
  };
  const term = `${product.parameter}ᵀ · dz${of}, which flows back to ${nameState(path)}`;
  return sized(2, { step }, (is) => `a term ${is} ${BACK}: ${term}`);
}

function scaledDirect(path: string, products: readonly Product[]): Hypothesis {
  const own = products.filter(({ state }) => state === path);
  const step = (back: StepBack, k: number): StepBack => {
    const through = own.flatMap((product) => product.gates.map((gate) => sentBack(product, gate, back)));
    const all = back.state.get(path)!;
    const direct = through.reduce((rest, each) => addScaled(rest, each, -1), all);
    return { ...back, state: withPart(back.state, path, addScaled(all, direct, k - 1)) };
  };
  const term = `the direct path to ${nameState(path)}, past the matrices (such as f ∘ dc or z ∘ dh)`;
  return sized(2, { step }, (is) => `a term ${is} ${BACK}: ${term}`);
}

/** W dz in place of Wᵀ dz, if the gates are square. */
function transposedProduct(product: Product): Hypothesis[] {
  const { columns, gates, state, parameter } = product;
  if (!gates.every(({ from, to }) => to - from === columns)) return [];
  const to = state === null ? 'inputs' : nameState(state);
  const each = gates.length > 1 ? ', gate by gate' : '';
  const wrong = (values: Float64Array, back: StepBack): Float64Array =>
    gates.reduce((sum, gate) => {
      const rest = addScaled(sum, sentBack(product, gate, back), -1);
      return addScaled(rest, sentBack(product, gate, back, true), 1);
    }, values);
  const step = (back: StepBack): StepBack =>
    state === null
      ? { ...back, inputs: wrong(back.inputs!, back) }
      : { ...back, state: withPart(back.state, state, wrong(back.state.get(state)!, back)) };
  const describe = (): string =>
    `a transpose is missing: ${parameter}ᵀ · dz flows back to ${to}, by hand it is ${parameter} · dz${each}`;
  return [{ fault: { step }, affineSteps: 1, sized: false, describe }];
}

/** A gate of a parameter. */
export interface Block {
  readonly parameter: string;
  readonly gate: Gate;
}

/**
 * Some rows of z have k times their derivative, at every step: the derivative of a gate is wrong.
 * @param blocks the wrong rows of the parameters
 */
export function scaledRows(
  cell: Cell<unknown>,
  blocks: readonly Block[],
  products: readonly Product[],
): Hypothesis {
  const isWrong = (parameter: string, { from }: Gate): boolean =>
    blocks.some((block) => block.parameter === parameter && block.gate.from === from);
  const shapes = new Map(cell.namedParameters().map(([name, { shape }]) => [name, shape]));
  const step = (back: StepBack, k: number): StepBack => {
    let { inputs, state } = back;
    for (const product of products) {
      for (const gate of product.gates.filter((each) => isWrong(product.parameter, each))) {
        const more = sentBack(product, gate, back);
        const path = product.state;
        if (path === null) inputs = addScaled(inputs!, more, k - 1);
        else state = withPart(state, path, addScaled(state.get(path)!, more, k - 1));
      }
    }
    const gradients = new Map([...back.cell].map(([path, values]) => [path, values.slice()]));
    for (const { parameter, gate } of blocks) {
      const size = shapes
        .get(parameter)!
        .slice(1)
        .reduce((a, b) => a * b, 1);
      const values = gradients.get(parameter)!;
      values.set(scaled(values.subarray(gate.from * size, gate.to * size), k), gate.from * size);
    }
    return { ...back, cell: gradients, inputs, state };
  };
  return sized(1, { step }, (is) => `the derivative ${is} in ${nameBlocks(cell, blocks)}, at every step`);
}

/** `gate z` for whole gates, otherwise the parameters. */
export function nameBlocks(cell: Cell<unknown>, blocks: readonly Block[]): string {
  const names = [...new Set(blocks.map(({ gate }) => gate.name))];
  const paths = [...new Set(blocks.map(({ parameter }) => parameter))];
  const parameters = paths.map((path) => `cell.${path}`).join(', ');
  if (names.includes(null)) return parameters;
  const gates = `gate${names.length > 1 ? 's' : ''} ${names.join(', ')}`;
  return Object.keys(cell.blocks()).every((path) => paths.includes(path))
    ? gates
    : `${gates} of ${parameters}`;
}
