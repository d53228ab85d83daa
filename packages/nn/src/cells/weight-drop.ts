/** DropConnect on the weights of a cell. */
import { replayRandom } from '@chronograd/autograd';
import { bernoulli, type Parameter, type Random, type Tensor, ValueError } from '@chronograd/tensor';
import { nodeAt, type OptionKeys, showValue } from '@chronograd/tensor/engine';
import { requireRandom } from '../internal/options.ts';
import { belongingTo, put } from '../internal/places.ts';
import { requireProbability } from '../internal/require.ts';
import { presentSequence } from '../internal/sequence.ts';
import type { AnyCell } from '../recurrent/types.ts';
import type { StateOf, Step } from './cell.ts';
import { dropped, requireCell, WrappedCell } from './wrapped.ts';

/** Options of `weightDrop`. */
export interface WeightDropOptions {
  /**
   * Names of the parameters, such as `weightHh`, or whole paths in the cell. Default: all named
   * `weightHh`.
   */
  readonly names?: readonly string[];
  /** The source of the masks. Each sequence in training mode advances its state. */
  readonly random: Random;
}

const WEIGHT_DROP: OptionKeys<WeightDropOptions> = { names: true, random: true };

/**
 * Wraps a cell so that in training mode elements of its recurrent weights are dropped with
 * probability p. They are the same at all time steps and for the whole batch. The others are
 * divided by 1 − p. Each call of `Recurrent.forward` draws a new mask. So does a step outside of
 * it. Merity, Keskar and Socher, 2017 (AWD-LSTM); DropConnect of Wan and others, 2013.
 * @throws ValueError unless `cell` is a cell with such parameters, p is from 0 to 1, and `random`
 * is given.
 * @example new Recurrent(weightDrop(new LSTMCell(65, 128, { random }), 0.5, { random }));
 */
export function weightDrop<C extends AnyCell>(cell: C, p: number, options: WeightDropOptions): WeightDrop<C> {
  return new WeightDrop(cell, p, options);
}

/** A path in a cell, as keys: those of what holds the parameter, and its own. */
interface WeightPlace {
  readonly path: string;
  readonly above: readonly string[];
  readonly key: string;
}

/** A cell with weight drop. */
export class WeightDrop<C extends AnyCell> extends WrappedCell<C> {
  readonly p: number;
  /** The paths of the parameters in the cell. */
  readonly names: readonly string[];
  readonly #places: readonly WeightPlace[];

  constructor(cell: C, p: number, options: WeightDropOptions) {
    const op = 'weightDrop';
    requireCell(op, cell);
    const { names = ['weightHh'], random } = requireRandom(op, options, WEIGHT_DROP);
    requireProbability(op, 'p', p);
    super(cell, random);
    this.p = p;
    this.names = pathsOf(op, cell, names);
    this.#places = this.names.map((path) => {
      const keys = path.split('.');
      return { path, above: keys.slice(0, -1), key: keys.at(-1) ?? '' };
    });
  }

  override get draws(): boolean {
    return this.training && this.p > 0;
  }

  override project(x: Tensor): Tensor {
    return this.#withDropped(() => super.project(x));
  }

  override stepReading(projected: Tensor, state: StateOf<C>, read: StateOf<C>): Step<StateOf<C>> {
    return this.#withDropped(() => this.inner(projected, state, read));
  }

  /** Runs `body` with the dropped weights in their places. */
  #withDropped<R>(body: () => R): R {
    if (!this.draws) return body();
    const undo: (() => void)[] = [];
    try {
      for (const { path, above, key } of this.#places) {
        const holder = nodeAt(this.cell, above) as Record<string, unknown>;
        const weight = holder[key] as Tensor;
        const place = { path, holder, key, parameter: belongingTo(holder, key, weight) as Parameter };
        put(place, this.#dropped(path, weight));
        undo.push(() => put(place, weight));
      }
      return body();
    } finally {
      for (const restore of undo) restore();
    }
  }

  #dropped(path: string, weight: Tensor): Tensor {
    const { p, random } = this;
    const { shape, dtype } = weight;
    const draw = (): Tensor => bernoulli(shape, 1 - p, { random, dtype: dtype as 'float32' | 'float64' });
    const sequence = presentSequence();
    const kept = sequence?.drawn(this, path, draw) ?? replayRandom(draw);
    const make = (): Tensor => dropped(weight, kept, p);
    return sequence?.computed(this, weight, make) ?? make();
  }
}

/** The paths of the parameters with these names. */
function pathsOf(op: string, cell: AnyCell, names: readonly string[]): readonly string[] {
  const all = cell.namedParameters().map(([path]) => path);
  if (!Array.isArray(names) || names.length === 0) {
    throw new ValueError(`${op}: expected a list of names for names, got ${showValue(names)}`);
  }
  return names.flatMap((name: unknown) => {
    const found = all.filter((path) => path === name || path.endsWith(`.${name}`));
    if (found.length > 0) return found;
    throw new ValueError(
      `${op}: expected names of parameters of the cell for names, got ${showValue(name)}; the parameters are ${all.join(', ') || 'none'}`,
    );
  });
}
