/** The state of an optimizer as plain tensors by name, to save and resume. */
import { type Parameter, ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { requireObject } from '../internal/options.ts';
import { shapeMismatch } from '../internal/shape-check.ts';

/** Tensors by name, for any file of named tensors. */
export type OptimizerState = Readonly<Record<string, Tensor>>;

/** The tensors of one parameter's state, by name. */
export type StateTensors = Readonly<Record<string, Parameter>>;

/** A parameter with its state and its number of updates. */
export interface HasState {
  readonly parameter: Parameter;
  readonly slots: StateTensors;
  steps: number;
}

const STEPS = 'steps';
const scalar = (value: number): Tensor => tensor(value, { dtype: 'int32' });
const double = (value: number): Tensor => tensor(value, { dtype: 'float64' });

/** Copies of all state except learning rates. */
export function writeState(steps: number, entries: ReadonlyMap<string, HasState>): OptimizerState {
  const state: [string, Tensor][] = [[STEPS, scalar(steps)]];
  for (const [name, entry] of entries) {
    state.push([`${STEPS}.${name}`, scalar(entry.steps)]);
    for (const [slot, { shape }] of Object.entries(entry.slots))
      state.push([`${slot}.${name}`, tensor(entry.slots[slot]!.toTypedArray(), { shape })]);
  }
  return Object.fromEntries(state);
}

/** The optimizer, or a group. `lr` is null for a group with the optimizer's rate. */
type HasRate = { readonly lr: number | null };

const LR = 'lr';
const rateName = (at: number): string => (at === 0 ? LR : `${LR}.${at - 1}`);

/** Learning rates before the schedule: `lr`, and `lr.<group>` of each group with its own. */
export function writeRates(rated: readonly HasRate[]): OptimizerState {
  const named = rated.flatMap(({ lr }, at) => (lr === null ? [] : [[rateName(at), double(lr)] as const]));
  return Object.fromEntries(named);
}

/** The number of updates, and the rates, undefined for those to leave as they are. */
export interface ReadState {
  readonly steps: number;
  readonly rates: readonly (number | null | undefined)[];
}

/**
 * Restores what `writeState` returned, except for the returned parts. A state without rates leaves
 * them as they are.
 * @throws ShapeError naming everything that does not fit. ValueError for an invalid count or rate.
 * Nothing is changed then.
 */
export function readState(
  op: string,
  state: OptimizerState,
  entries: ReadonlyMap<string, HasState>,
  rated: readonly HasRate[],
): ReadState {
  requireObject(op, state, `the result of state() of an ${op}`, 'the state');
  const rateNames = rated.map((_, at) => rateName(at)).filter((name) => name in state);
  const expected = new Map([
    ...Object.entries(writeState(0, entries)),
    ...rateNames.map((name) => [name, double(0)] as const),
  ]);
  const wrong = shapeMismatch([...expected], new Map(Object.entries(state)), (name) => expected.has(name));
  if (wrong !== null) {
    throw new ShapeError(
      `${op}: the state does not fit this optimizer: ${wrong}; load the state() of an ${op} with the same model and settings`,
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
