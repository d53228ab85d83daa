import { customGradient } from '@chronograd/autograd';
import { Cell, type LayerOptions, Linear, type Step } from '@chronograd/nn';
import { linear, type Tensor } from '@chronograd/tensor';

/**
 * relu with a backward by hand that has the slope of tanh, 1 − y², in place of 0 or 1.
 * pytorch/pytorch#11662 (2018) is about wrong gradients of an RNN cell with relu.
 */
const relu = customGradient(
  (z: Tensor) => z.relu(),
  (dy, y) => [dy.mul(y.square().neg().add(1))], // the mistake: dy where y > 0, else 0
  'relu',
);

/** h' = relu(W_ih x + W_hh h + b) */
export class ReluRNN extends Cell<Tensor> {
  readonly input: Linear;
  readonly hidden: Linear;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.input = new Linear(inputSize, hiddenSize, options);
    this.hidden = new Linear(hiddenSize, hiddenSize, { ...options, bias: false });
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.hidden.inputSize);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const next = relu(linear(h, this.hidden.weight, this.input.forward(x)));
    return { output: next, state: next };
  }
}
