import { Cell, type LayerOptions, type Step, uniformInit } from '@chronograd/nn';
import { linear, Parameter, type Tensor, zeros } from '@chronograd/tensor';

/** The simple recurrent cell: h' = tanh(W_ih x + W_hh h + b). Elman, 1990. */
export class RNN extends Cell<Tensor> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly bias: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    const init = uniformInit(hiddenSize);
    this.weightIh = new Parameter(init([hiddenSize, inputSize], options));
    this.weightHh = new Parameter(init([hiddenSize, hiddenSize], options));
    this.bias = new Parameter(zeros([hiddenSize], options));
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.bias.size);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const z = linear(h, this.weightHh, linear(x, this.weightIh, this.bias));
    const next = z.tanh();
    return { output: next, state: next };
  }
}
