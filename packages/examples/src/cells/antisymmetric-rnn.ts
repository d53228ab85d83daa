import { type LayerOptions, Linear, ProjectedCell, type Step } from '@chronograd/nn';
import type { Tensor } from '@chronograd/tensor';

/** Options of the cell. The defaults suit text. Long memory needs smaller values. */
export type AntisymmetricRNNOptions = LayerOptions & {
  /** Step size ε. Default: 0.5. */
  readonly epsilon?: number;
  /** Decay γ of the state. Default: 1. */
  readonly gamma?: number;
};

/**
 * A step along a differential equation. Its Jacobian has eigenvalues near the imaginary axis, so
 * gradients neither vanish nor explode. Chang, Chen, Haber and Chi, 2019. In rows, h·W is Wᵀ·h.
 *     h' = h + ε·tanh((W − Wᵀ − γ·I)·h + V·x + b)
 */
export class AntisymmetricRNNCell extends ProjectedCell<Tensor> {
  readonly input: Linear;
  readonly hidden: Linear;
  readonly epsilon: number;
  readonly gamma: number;
  constructor(inputSize: number, hiddenSize: number, options: AntisymmetricRNNOptions) {
    super();
    this.input = new Linear(inputSize, hiddenSize, options);
    this.hidden = new Linear(hiddenSize, hiddenSize, { ...options, bias: false });
    this.epsilon = options.epsilon ?? 0.5;
    this.gamma = options.gamma ?? 1;
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.hidden.inputSize);
  }
  project(x: Tensor): Tensor {
    return this.input.forward(x);
  }
  advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const rotated = this.hidden.forward(h).sub(h.matmul(this.hidden.weight)).sub(h.mul(this.gamma));
    const next = h.add(rotated.add(projected).tanh().mul(this.epsilon));
    return { output: next, state: next };
  }
}
