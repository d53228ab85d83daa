/** The state of an optimizer as plain tensors by name, to save and resume. */
import { type Parameter, ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { requireObject } from '../internal/options.ts';
import { shapeMismatch } from '../internal/shape-check.ts';

/** Tensors by name, for any file of named tensors. */
export type OptimizerState = Readonly<Record<string, Tensor>>;

/** One tensor of an optimizer's state. */
export interface StateField {
  readonly name: string;
  /** A tensor of its shape and dtype. */
  readonly like: Tensor;
  /** Whether a saved state may lack it. */
  readonly optional: boolean;
  /** A copy of its value; null if it is not saved. */
  readonly read: () => Tensor | null;
  /** Checks a value. @returns a function that stores it. */
  readonly load: (op: string, x: Tensor) => () => void;
}

function numberField<K extends string>(
  name: string,
  holder: { [P in K]: number | null },
  key: K,
  dtype: 'int32' | 'float64',
): StateField {
  const read = (): Tensor | null => {
    const value = holder[key];
    return value === null ? null : tensor(value, { dtype });
  };
  const load = (op: string, x: Tensor): (() => void) => {
    const value = x.item();
    if (value >= 0 && value < Infinity) return () => void Object.assign(holder, { [key]: value });
    throw new ValueError(`${op}: expected a number from 0 on for ${name} in the state, got ${value}`);
  };
  return { name, like: tensor(0, { dtype }), optional: key === 'lr', read, load };
}

/** A number of updates: int32 []. */
export function countField(name: string, holder: { steps: number }): StateField {
  return numberField(name, holder, 'steps', 'int32');
}

/** A learning rate before the schedule: float64 [], optional. Null is not saved. */
export function rateField(name: string, holder: { lr: number | null }): StateField {
  return numberField(name, holder, 'lr', 'float64');
}

/** A tensor of a parameter's state. */
export function tensorField(name: string, x: Parameter): StateField {
  const read = (): Tensor => tensor(x.toTypedArray(), { shape: x.shape });
  return { name, like: x, optional: false, read, load: (_, value) => () => void x.assign(value) };
}

/** Copies of all fields. */
export function writeState(fields: readonly StateField[]): OptimizerState {
  const saved = fields.map(({ name, read }) => [name, read()] as const);
  return Object.fromEntries(saved.filter((each): each is [string, Tensor] => each[1] !== null));
}

/**
 * Restores what `writeState` returned.
 * @throws ShapeError naming everything that does not fit. ValueError for an invalid count or rate.
 * Nothing is changed then.
 */
export function readState(op: string, state: OptimizerState, fields: readonly StateField[]): void {
  requireObject(op, state, `the result of state() of an ${op}`, 'the state');
  const expected = fields.filter(({ name, optional }) => !optional || name in state);
  const likes = new Map(expected.map(({ name, like }) => [name, like]));
  const wrong = shapeMismatch([...likes], new Map(Object.entries(state)), (name) => likes.has(name));
  if (wrong !== null) {
    throw new ShapeError(
      `${op}: the state does not fit this optimizer: ${wrong}; load the state() of an ${op} with the same model and settings`,
    );
  }
  const stores = expected.map(({ name, load }) => load(op, state[name]!));
  for (const store of stores) store();
}
