import { type LayerOptions, Linear, ProjectedCell, type Step } from '@chronograd/nn';
import { linear, Parameter, type Tensor, tensor, zeros } from '@chronograd/tensor';

/**
 * Kusupati and others, 2018, "FastGRNN: a fast, accurate, stable and tiny kilobyte sized gated
 * recurrent neural network": gate and candidate share weights but not biases. ζ and ν are numbers
 * in 0 … 1, learned as logits with initial values 1 and −4.
 *
 *     z = σ(W·x + U·h + b_z)    n = tanh(W·x + U·h + b_n)    h' = (ζ·(1 − z) + ν)∘n + z∘h
 */
export class FastGRNNCell extends ProjectedCell<Tensor> {
  readonly input: Linear;
  readonly hidden: Linear;
  readonly bias: Parameter;
  readonly zetaNu: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.input = new Linear(inputSize, hiddenSize, { ...options, bias: false });
    this.hidden = new Linear(hiddenSize, hiddenSize, { ...options, bias: false });
    this.bias = new Parameter(zeros([2, hiddenSize], { dtype: options.dtype }));
    this.zetaNu = new Parameter(tensor([1, -4], { dtype: options.dtype }));
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.hidden.inputSize);
  }
  override blocks(): Readonly<Record<string, readonly string[]>> {
    return { bias: ['z', 'n'], zetaNu: ['ζ', 'ν'] };
  }
  project(x: Tensor): Tensor {
    return this.input.forward(x);
  }
  advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const sum = linear(h, this.hidden.weight, projected);
    const [bz, bn] = this.bias.chunk(2);
    const [zeta, nu] = this.zetaNu.sigmoid().chunk(2);
    const [z, n] = [this.tap('z', sum.add(bz).sigmoid()), this.tap('n', sum.add(bn).tanh())];
    const next = zeta.mul(z.neg().add(1)).add(nu).mul(n).add(z.mul(h));
    return { output: next, state: next };
  }
}
