/** What an optimizer needs in order to go on, as plain tensors by name. */
import { type Parameter, ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { misfit } from '../fit.ts';
import { requireObject } from '../options.ts';

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
 * Puts back what `writeState` gave.
 * @returns how many updates were made. @throws ShapeError naming everything that does not fit; nothing is changed then.
 */
export function readState(op: string, state: OptimizerState, entries: ReadonlyMap<string, Stateful>): number {
  const expected = new Map(Object.entries(writeState(0, entries)));
  requireObject(op, state, `what state() of an ${op} gave`, 'the state');
  const wrong = misfit([...expected], new Map(Object.entries(state)), (name) => expected.has(name));
  if (wrong !== null) {
    throw new ShapeError(
      `${op}: the state does not fit this optimizer: ${wrong}; load what state() of an ${op} of the same model and settings gave`,
    );
  }
  const steps = (name: string): number => countOf(op, name, state[name]!);
  const counts = new Map([...entries.keys()].map((name) => [name, steps(`${STEPS}.${name}`)]));
  const all = steps(STEPS);
  for (const [name, entry] of entries) {
    entry.steps = counts.get(name)!;
    for (const [slot, kept] of Object.entries(entry.slots)) kept.assign(state[`${slot}.${name}`]!);
  }
  return all;
}

function countOf(op: string, name: string, x: Tensor): number {
  const count = x.item();
  if (count >= 0) return count;
  throw new ValueError(`${op}: ${name} ${count} came in the state, a count from 0 on was expected`);
}
