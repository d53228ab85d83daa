import { type LayerOptions, Linear, ProjectedCell, type Step } from '@chronograd/nn';
import { Parameter, type Tensor, uniform } from '@chronograd/tensor';

/**
 * Li and others, 2018, "Independently recurrent neural network (IndRNN)": each unit reads only its
 * own state, so the recurrent weight is a vector. It is initialized uniformly in 0 … 1: units
 * remember for different times, and no state grows.
 *
 *     h' = relu(W·x + u∘h + b)
 */
export class IndRNNCell extends ProjectedCell<Tensor> {
  readonly input: Linear;
  readonly u: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.input = new Linear(inputSize, hiddenSize, options);
    const { random, dtype } = options;
    this.u = new Parameter(uniform([hiddenSize], { random, dtype }));
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.u.size);
  }
  project(x: Tensor): Tensor {
    return this.input.forward(x);
  }
  advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const next = projected.add(this.u.mul(h)).relu();
    return { output: next, state: next };
  }
}
