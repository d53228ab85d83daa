import { type LayerOptions, Linear, ProjectedCell, type Step } from '@chronograd/nn';
import type { Tensor } from '@chronograd/tensor';

/**
 * Feng and others, 2024, "Were RNNs all we needed?": a GRU whose gate and candidate read only the
 * input. The state is a moving average of candidates, and all matrix products are before the loop.
 *
 *     z = σ(W_z·x + b_z)    n = W_n·x + b_n    h' = (1 − z)∘h + z∘n
 */
export class MinGRUCell extends ProjectedCell<Tensor> {
  readonly input: Linear;
  readonly hiddenSize: number;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.input = new Linear(inputSize, 2 * hiddenSize, options);
    this.hiddenSize = hiddenSize;
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.hiddenSize);
  }
  override blocks(): Readonly<Record<string, readonly string[]>> {
    return { 'input.weight': ['z', 'n'], 'input.bias': ['z', 'n'] };
  }
  project(x: Tensor): Tensor {
    return this.input.forward(x);
  }
  advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const [z, n] = projected.chunk(2, -1);
    const next = h.add(this.tap('z', z.sigmoid()).mul(this.tap('n', n).sub(h))); // (1 − z)∘h + z∘n
    return { output: next, state: next };
  }
}
