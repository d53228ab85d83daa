/** Cells around cells: the base of `zoneout`, `variationalDropout` and `weightDrop`. */
import { isFloat, type Random, type Tensor, ValueError, where, zerosLike } from '@chronograd/tensor';
import { describeValue, quoted } from '@chronograd/tensor/engine';
import type { StateForm } from '../formats/state-dict/form.ts';
import { requireProbability } from '../internal/require.ts';
import { stateLeaves } from '../recurrent/state-leaves.ts';
import type { AnyCell } from '../recurrent/types.ts';
import { Cell, ProjectedCell, type StateOf, type Step } from './cell.ts';

/**
 * A cell around another one, with its state, projection and names in a state dict. Probes see one
 * cell: the gates of the inner one, and outputs and states after the wrapper.
 */
export abstract class WrappedCell<C extends AnyCell> extends ProjectedCell<StateOf<C>> {
  /** The cell inside. Its parameters are named `cell.weightHh`. */
  readonly cell: C;
  /** The source of the masks. Assign another one to resume from a saved state. */
  random: Random;

  protected constructor(cell: C, random: Random) {
    super();
    this.cell = cell;
    this.random = random;
  }

  /** Whether it draws random numbers in the present mode. */
  abstract get draws(): boolean;

  /** Whether its projection drops elements of the input. */
  get dropsInput(): boolean {
    return false;
  }

  override initialState(batch: number): StateOf<C> {
    return this.cell.initialState(batch) as StateOf<C>;
  }

  override stateForm(): StateForm {
    return { names: { cell: '*' } };
  }

  override blocks(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(
      Object.entries(this.cell.blocks()).map(([name, gates]) => [`cell.${name}`, gates]),
    );
  }

  /** The projection of the inner cell; x if it has none. */
  override project(x: Tensor): Tensor {
    return this.cell instanceof ProjectedCell ? this.cell.project(x) : x;
  }

  override advance(projected: Tensor, state: StateOf<C>): Step<StateOf<C>> {
    return this.stepReading(projected, state, state);
  }

  /** A step of the inner cell. */
  protected inner(projected: Tensor, state: StateOf<C>, read: StateOf<C>): Step<StateOf<C>> {
    return this.cell.stepReading(projected, state, read) as Step<StateOf<C>>;
  }
}

/** @throws ValueError for anything but a cell. */
export function requireCell(op: string, cell: unknown): void {
  if (cell instanceof Cell) return;
  throw new ValueError(
    `${op}: expected a cell, got ${describeValue(cell)}; for example ${op}(new LSTMCell(…), …)`,
  );
}

/** A probability for all float tensors of a state, or for some by name: `{ h: 0.1, c: 0.5 }`. */
export type StateRates = number | Readonly<Record<string, number>>;

/**
 * The probability of each named tensor of a cell's state. A number is for those in `all`.
 * @throws ValueError for other names, and unless probabilities are from 0 to 1.
 */
export function ratesOf(
  op: string,
  name: string,
  rates: StateRates,
  cell: AnyCell,
  all: (paths: readonly string[]) => readonly string[],
): ReadonlyMap<string, number> {
  const paths = stateLeaves(cell.initialState(1)).flatMap(({ leaf, path }) =>
    isFloat(leaf.dtype) ? [path] : [],
  );
  if (typeof rates !== 'object' || rates === null) {
    requireProbability(op, name, rates);
    return new Map((rates === 0 ? [] : all(paths)).map((path) => [path, rates]));
  }
  for (const [path, rate] of Object.entries(rates)) {
    requireProbability(op, `${name}.${path}`, rate);
    if (paths.includes(path)) continue;
    const known = paths.map((each) => (each === '' ? 'none: it is one tensor, pass a number' : each));
    throw new ValueError(
      `${op}: expected names of float tensors in the state for ${name}, got ${quoted(path)}; the names are ${known.join(', ')}`,
    );
  }
  return new Map(Object.entries(rates).filter(([, rate]) => rate > 0));
}

/** x where `kept`, divided by the share that is kept, and 0 elsewhere, as `Dropout`. */
export const dropped = (x: Tensor, kept: Tensor, p: number): Tensor =>
  p === 1 ? zerosLike(x) : where(kept, x, 0).mul(1 / (1 - p));
