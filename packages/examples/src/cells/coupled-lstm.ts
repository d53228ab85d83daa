import { type LayerOptions, Linear, type LSTMState, ProjectedCell, type Step } from '@chronograd/nn';
import { linear, type Tensor } from '@chronograd/tensor';

/**
 * Greff and others, 2017, "LSTM: a search space odyssey", the variant CIFG without peepholes: an
 * LSTM with one gate for input and forgetting, f = 1 − i.
 *
 *     i = σ(W_i·x + R_i·h + b_i)    g = tanh(W_g·x + R_g·h + b_g)    o = σ(W_o·x + R_o·h + b_o)
 *     c' = (1 − i)∘c + i∘g          h' = o∘tanh(c')
 */
export class CoupledLSTMCell extends ProjectedCell<LSTMState> {
  readonly input: Linear;
  readonly hidden: Linear;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.input = new Linear(inputSize, 3 * hiddenSize, options);
    this.hidden = new Linear(hiddenSize, 3 * hiddenSize, { ...options, bias: false });
  }
  initialState(batch: number): LSTMState {
    const none = this.zeroState(batch, this.hidden.inputSize);
    return { h: none, c: none };
  }
  override blocks(): Readonly<Record<string, readonly string[]>> {
    const gates = ['i', 'g', 'o'];
    return { 'input.weight': gates, 'input.bias': gates, 'hidden.weight': gates };
  }
  project(x: Tensor): Tensor {
    return this.input.forward(x);
  }
  advance(projected: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const [zi, zg, zo] = linear(h, this.hidden.weight, projected).chunk(3, -1);
    const [i, g] = [this.tap('i', zi.sigmoid()), this.tap('g', zg.tanh())];
    const cell = this.tap('c', c.add(i.mul(g.sub(c)))); // (1 − i)∘c + i∘g
    const next = this.tap('o', zo.sigmoid()).mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}
