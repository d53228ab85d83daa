/** What an optimizer needs in order to go on, as plain tensors by name. */
import { type Parameter, ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { requireObject } from '../internal/options.ts';
import { misfit } from '../internal/shape-check.ts';

/** Tensors by name, for saving in any file of named tensors. */
export type OptimizerState = Readonly<Record<string, Tensor>>;

/** Tensors that are kept of one parameter. */
export type Kept = Readonly<Record<string, Parameter>>;

/** What is kept of one parameter, and how many updates it had. */
export interface Stateful {
  readonly parameter: Parameter;
  readonly slots: Kept;
  steps: number;
}

const STEPS = 'steps';
const scalar = (value: number): Tensor => tensor(value, { dtype: 'int32' });
const double = (value: number): Tensor => tensor(value, { dtype: 'float64' });

/** Copies of all that counts. */
export function writeState(steps: number, entries: ReadonlyMap<string, Stateful>): OptimizerState {
  const state: [string, Tensor][] = [[STEPS, scalar(steps)]];
  for (const [name, entry] of entries) {
    state.push([`${STEPS}.${name}`, scalar(entry.steps)]);
    for (const [slot, { shape }] of Object.entries(entry.slots))
      state.push([`${slot}.${name}`, tensor(entry.slots[slot]!.toTypedArray(), { shape })]);
  }
  return Object.fromEntries(state);
}

/**
 * Whose learning rate is saved: the optimizer, then its groups in their order. A group's is null
 * where it follows the optimizer.
 */
type Rated = { readonly lr: number | null };

const LR = 'lr';
const rateName = (at: number): string => (at === 0 ? LR : `${LR}.${at - 1}`);

/** Learning rates before the schedule: `lr`, and `lr.<group>` of each group that has its own. */
export function writeRates(rated: readonly Rated[]): OptimizerState {
  const named = rated.flatMap(({ lr }, at) => (lr === null ? [] : [[rateName(at), double(lr)] as const]));
  return Object.fromEntries(named);
}

/**
 * What `readState` found: how many updates were made, and the rates, undefined for those that stay
 * as they are.
 */
export interface ReadState {
  readonly steps: number;
  readonly rates: readonly (number | null | undefined)[];
}

/**
 * Puts back what `writeState` gave, but for what it returns. A state without rates leaves them as
 * they are.
 * @throws ShapeError naming everything that does not fit; nothing is changed then. @throws
 * ValueError for a count or a rate that cannot be.
 */
export function readState(
  op: string,
  state: OptimizerState,
  entries: ReadonlyMap<string, Stateful>,
  rated: readonly Rated[],
): ReadState {
  requireObject(op, state, `what state() of an ${op} gave`, 'the state');
  const rateNames = rated.map((_, at) => rateName(at)).filter((name) => name in state);
  const expected = new Map([
    ...Object.entries(writeState(0, entries)),
    ...rateNames.map((name) => [name, double(0)] as const),
  ]);
  const wrong = misfit([...expected], new Map(Object.entries(state)), (name) => expected.has(name));
  if (wrong !== null) {
    throw new ShapeError(
      `${op}: the state does not fit this optimizer: ${wrong}; load what state() of an ${op} of the same model and settings gave`,
    );
  }
  const numberAt = (name: string): number => numberOf(op, name, state[name]!);
  const counts = new Map([...entries.keys()].map((name) => [name, numberAt(`${STEPS}.${name}`)]));
  const steps = numberAt(STEPS);
  const none = LR in state ? null : undefined;
  const rates = rated.map((_, at) => (rateName(at) in state ? numberAt(rateName(at)) : none));
  for (const [name, entry] of entries) {
    entry.steps = counts.get(name)!;
    for (const [slot, kept] of Object.entries(entry.slots)) kept.assign(state[`${slot}.${name}`]!);
  }
  return { steps, rates };
}

function numberOf(op: string, name: string, x: Tensor): number {
  const value = x.item();
  if (value >= 0 && value < Infinity) return value;
  throw new ValueError(`${op}: expected a number from 0 on for ${name} in the state, got ${value}`);
}
