/** One try: a cell of some sizes with everything it needs, all drawn from one seed. */
import { type FloatDtype, isFloat, normal, Random, type Shape, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, showShape } from '@chronograd/tensor/engine';
import type { Cell } from '../../cells/cell.ts';
import { mapLeaves } from '../../recurrent/state-leaves.ts';
import type { CellLawOptions, MakeCell, TrialSizes } from './options.ts';

/** Seeds of one try are far apart, so that no two of its draws are the same numbers. */
const STRIDE = 1_000_003;

export class Trial {
  readonly sizes: TrialSizes;
  readonly options: CellLawOptions;
  readonly #make: MakeCell<Cell<unknown>>;

  constructor(make: MakeCell<Cell<unknown>>, sizes: TrialSizes, options: CellLawOptions) {
    this.#make = make;
    this.sizes = sizes;
    this.options = options;
  }

  /** The same with other sizes or another seed. */
  with(sizes: Partial<TrialSizes>): Trial {
    return new Trial(this.#make, { ...this.sizes, ...sizes }, this.options);
  }

  /** The cell as it begins. */
  fresh(dtype: FloatDtype = 'float64'): Cell<unknown> {
    const { inputSize, hiddenSize } = this.sizes;
    return this.#make({ inputSize, hiddenSize, dtype, random: this.#random(0) });
  }

  /** The cell in general position: all weights a little off, so that those which begin as zeros, or equal, hide nothing. */
  cell(): Cell<unknown> {
    const cell = this.fresh();
    const random = this.#random(1);
    for (const parameter of cell.parameters()) {
      parameter.assign(parameter.add(normal(parameter.shape, { random, dtype: 'float64', std: 0.2 })));
    }
    return cell;
  }

  /** Shape [T, B, F], or what the caller draws, [T, B, …]; float64 or int32. */
  inputs(): Tensor {
    const { steps, batch, inputSize } = this.sizes;
    const random = this.#random(2);
    const { inputs } = this.options;
    if (inputs === undefined) return normal([steps, batch, inputSize], { random, dtype: 'float64' });
    const drawn: unknown = inputs(this.sizes, random);
    if (drawn instanceof Tensor && drawn.shape[0] === steps && drawn.shape[1] === batch)
      return isFloat(drawn.dtype) ? drawn.cast('float64') : drawn;
    const got = drawn instanceof Tensor ? `${drawn.dtype} ${showShape(drawn.shape)}` : describeValue(drawn);
    throw new ValueError(
      `cellLaws: expected inputs of shape [T, B, …] = [${steps}, ${batch}, …], got ${got}; draw them from the sizes that inputs receives`,
    );
  }

  /** A state to start from: the caller's own, or one around the initial state. All its tensors are distinct. */
  state(cell: Cell<unknown>): unknown {
    const random = this.#random(3);
    const { state } = this.options;
    const { batch } = this.sizes;
    if (state !== undefined) return mapLeaves(state(cell, batch, random), (leaf) => leaf.add(0));
    return mapLeaves(cell.initialState(batch), (leaf) =>
      isFloat(leaf.dtype) ? leaf.add(normal(leaf.shape, { random, dtype: leaf.dtype, std: 0.5 })) : leaf,
    );
  }

  /** What a result is weighted with to make it one number. @param which results of the same shape have different ones. */
  weights(which: number, shape: Shape): Tensor {
    return normal(shape, { random: this.#random(4 + which), dtype: 'float64' });
  }

  /** A whole number below `below`, the same for the same try. @param which others of the same try. */
  pick(below: number, which = 0): number {
    return new Random(this.sizes.seed + 17 * (which + 1)).integer(below);
  }

  #random(which: number): Random {
    return new Random(this.sizes.seed + STRIDE * (which + 1));
  }
}
