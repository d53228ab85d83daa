/** The network that the page trains: a cell of the user over time, and a linear output. */
import { type AnyCell, Linear, Module, Recurrent } from '@chronograd/nn';
import { Random, scope, type Tensor, zeros } from '@chronograd/tensor';
import type { Program } from '../program.ts';

export interface ModelSizes {
  readonly hiddenSize: number;
  readonly seed: number;
  /** Features of the input, or classes of the indices. */
  readonly inputs: number;
  readonly outputs: number;
  /** Whether inputs are indices, which stand for one-hot vectors. */
  readonly indices: boolean;
}

export class Model extends Module {
  readonly recurrent: Recurrent<AnyCell>;
  readonly decoder: Linear;

  constructor({ makeCell, options }: Program, sizes: ModelSizes) {
    super();
    const { hiddenSize, seed, inputs, outputs, indices } = sizes;
    const random = new Random(seed);
    const unit = options.hiddenMultiple ?? 1;
    const H = unit * Math.ceil(hiddenSize / unit);
    const cell = makeCell({ inputSize: inputs, hiddenSize: H, dtype: 'float32', random });
    this.recurrent = new Recurrent(cell, indices ? { classes: inputs } : {});
    const x = indices ? zeros([1, 1], { dtype: 'int32' }) : zeros([1, 1, inputs]);
    const [, , width] = scope(() => this.recurrent.forward(x).outputs.shape);
    this.decoder = new Linear(width!, outputs, { random });
  }

  initialState(batch: number): unknown {
    return this.recurrent.initialState(batch);
  }

  /** @returns logits [T, B, …] and the state after the last step */
  forward(x: Tensor, before?: unknown): { readonly logits: Tensor; readonly state: unknown } {
    const { outputs, state } = this.recurrent.forward(x, before);
    return { logits: this.decoder.forward(outputs), state };
  }
}
