/** A cell of some sizes, with inputs and states, all drawn from one seed. */
import { type FloatDtype, isFloat, normal, Random, type Shape, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, showShape } from '@chronograd/tensor/engine';
import type { Cell } from '../../cells/cell.ts';
import { mapLeaves } from '../../recurrent/state-leaves.ts';
import type { CellLawOptions, MakeCell, TestCaseSizes } from './options.ts';

/** The distance of the seeds of one case: no two of its draws are the same numbers. */
const STRIDE = 1_000_003;

export class TestCase {
  readonly sizes: TestCaseSizes;
  readonly options: CellLawOptions;
  readonly #make: MakeCell<Cell<unknown>>;

  constructor(make: MakeCell<Cell<unknown>>, sizes: TestCaseSizes, options: CellLawOptions) {
    this.#make = make;
    this.sizes = sizes;
    this.options = options;
  }

  /** The same case with other sizes or another seed. */
  with(sizes: Partial<TestCaseSizes>): TestCase {
    return new TestCase(this.#make, { ...this.sizes, ...sizes }, this.options);
  }

  /** The cell as made. */
  fresh(dtype: FloatDtype = 'float64'): Cell<unknown> {
    const { inputSize, hiddenSize } = this.sizes;
    return this.#make({ inputSize, hiddenSize, dtype, random: this.#random(0) });
  }

  /** The cell with perturbed weights, so that equal or zero initial values hide nothing. */
  cell(): Cell<unknown> {
    const cell = this.fresh();
    const random = this.#random(1);
    for (const parameter of cell.parameters()) {
      parameter.assign(parameter.add(normal(parameter.shape, { random, dtype: 'float64', std: 0.2 })));
    }
    return cell;
  }

  /** Normal numbers [T, B, F], or the caller's inputs [T, B, …]. The dtype is float64 or int32. */
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

  /** The caller's state, or a random one around the initial state. All its tensors are distinct. */
  state(cell: Cell<unknown>): unknown {
    const random = this.#random(3);
    const { state } = this.options;
    const { batch } = this.sizes;
    if (state !== undefined) return mapLeaves(state(cell, batch, random), (leaf) => leaf.add(0));
    return mapLeaves(cell.initialState(batch), (leaf) =>
      isFloat(leaf.dtype) ? leaf.add(normal(leaf.shape, { random, dtype: leaf.dtype, std: 0.5 })) : leaf,
    );
  }

  /** Random weights of a result in the loss. @param which differs for results of equal shape. */
  weights(which: number, shape: Shape): Tensor {
    return normal(shape, { random: this.#random(4 + which), dtype: 'float64' });
  }

  /** A random integer from 0 to below `below`. @param which selects one of several of this case. */
  pick(below: number, which = 0): number {
    return new Random(this.sizes.seed + 17 * (which + 1)).integer(below);
  }

  #random(which: number): Random {
    return new Random(this.sizes.seed + STRIDE * (which + 1));
  }
}
