/** Dropout with the same mask at all time steps. */
import { replayRandom } from '@chronograd/autograd';
import { bernoulli, DtypeError, isFloat, type Random, type Tensor, ValueError } from '@chronograd/tensor';
import type { OptionKeys } from '@chronograd/tensor/engine';
import { requireRandom } from '../internal/options.ts';
import { requireProbability } from '../internal/require.ts';
import { presentSequence } from '../internal/sequence.ts';
import { mapLeaves } from '../recurrent/state-leaves.ts';
import type { AnyCell } from '../recurrent/types.ts';
import { ProjectedCell, type StateOf, type Step } from './cell.ts';
import { dropped, ratesOf, requireCell, type StateRates, WrappedCell } from './wrapped.ts';

/** Options of `variationalDropout`. */
export interface VariationalDropoutOptions {
  /** The probability of dropping each element of the input. Default: 0. */
  readonly input?: number;
  /**
   * The probability of dropping each element of the state where products read it. A number is for
   * a state that is one tensor, or for its tensor h. Others need names. Default: 0.
   */
  readonly state?: StateRates;
  /** The source of the masks. Each sequence in training mode advances its state. */
  readonly random: Random;
}

const VARIATIONAL: OptionKeys<VariationalDropoutOptions> = { input: true, state: true, random: true };

/**
 * Wraps a cell so that in training mode elements of its inputs and of the state that it reads are
 * dropped. They are the same at all time steps. The others are divided by 1 − p. Each call of
 * `Recurrent.forward` draws new masks, for each sequence of the batch; so does a step outside of
 * it. Gal and Ghahramani, 2016; PyTorch has no such layer.
 *
 * What a cell carries on without a product stays whole: c of an LSTM, z∘h of a GRU. In your own
 * cell, `stepReading` says which is which.
 * @throws ValueError unless `cell` is a cell, probabilities are from 0 to 1, and `random` is given.
 * @example
 * const cell = new LSTMCell(65, 128, { random });
 * new Recurrent(variationalDropout(cell, { input: 0.2, state: 0.3, random }));
 */
export function variationalDropout<C extends AnyCell>(
  cell: C,
  options: VariationalDropoutOptions,
): VariationalDropout<C> {
  return new VariationalDropout(cell, options);
}

/** A cell with variational dropout. */
export class VariationalDropout<C extends AnyCell> extends WrappedCell<C> {
  readonly input: number;
  /** The probability of each tensor of the state by name; '' if the state is a tensor. */
  readonly state: ReadonlyMap<string, number>;

  constructor(cell: C, options: VariationalDropoutOptions) {
    const op = 'variationalDropout';
    requireCell(op, cell);
    const { input = 0, state = 0, random } = requireRandom(op, options, VARIATIONAL);
    requireProbability(op, 'input', input);
    super(cell, random);
    this.input = input;
    this.state = ratesOf(op, 'state', state, cell, hiddenOf);
  }

  override get draws(): boolean {
    return this.training && (this.input > 0 || this.state.size > 0);
  }

  override get dropsInput(): boolean {
    return this.input > 0;
  }

  override project(x: Tensor): Tensor {
    if (!(this.cell instanceof ProjectedCell)) return x;
    const allSteps = presentSequence()?.projecting === true;
    return super.project(this.#dropInput(x, allSteps ? x.shape.slice(1) : x.shape));
  }

  override stepReading(projected: Tensor, state: StateOf<C>, read: StateOf<C>): Step<StateOf<C>> {
    const x = this.cell instanceof ProjectedCell ? projected : this.#dropInput(projected, projected.shape);
    if (!this.training) return this.inner(x, state, read);
    return this.inner(x, state, mapLeaves(read, (leaf, path) => this.#drop(leaf, path)) as StateOf<C>);
  }

  /** @param shape of the mask: [B, …]. */
  #dropInput(x: Tensor, shape: readonly number[]): Tensor {
    if (!this.training || this.input === 0) return x;
    if (!isFloat(x.dtype)) {
      throw new DtypeError(
        `variationalDropout: expected float inputs for the probability input, got ${x.dtype}; look indices up in an Embedding first, or drop only the state`,
      );
    }
    return dropped(x, this.#mask('input', x, shape, this.input), this.input);
  }

  #drop(leaf: Tensor, path: string): Tensor {
    const p = this.state.get(path);
    return p === undefined ? leaf : dropped(leaf, this.#mask(`state ${path}`, leaf, leaf.shape, p), p);
  }

  #mask(name: string, x: Tensor, shape: readonly number[], p: number): Tensor {
    const draw = (): Tensor =>
      bernoulli(shape, 1 - p, { random: this.random, dtype: x.dtype as 'float32' | 'float64' });
    return presentSequence()?.drawn(this, name, draw) ?? replayRandom(draw);
  }
}

/** The tensors that a single probability is for. */
function hiddenOf(paths: readonly string[]): readonly string[] {
  const hidden = paths.filter((path) => path === '' || path === 'h');
  if (hidden.length > 0) return hidden;
  throw new ValueError(
    `variationalDropout: expected probabilities by name for the state, which has no h, got one number; for example { state: { ${paths[0]}: 0.3 } }`,
  );
}
