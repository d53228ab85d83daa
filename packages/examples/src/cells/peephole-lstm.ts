import { type LayerOptions, Linear, type LSTMState, ProjectedCell, type Step } from '@chronograd/nn';
import { linear, Parameter, type Tensor, zeros } from '@chronograd/tensor';

/**
 * An LSTM whose gates also read the cell state: i and f the previous, o the new one. p starts at 0.
 * Gers and Schmidhuber, 2000, "Recurrent nets that time and count"; form of Greff and others, 2017.
 *     i = σ(W_i·x + R_i·h + p_i∘c + b_i)     f = σ(W_f·x + R_f·h + p_f∘c + b_f)
 *     g = tanh(W_g·x + R_g·h + b_g)          c' = f∘c + i∘g
 *     o = σ(W_o·x + R_o·h + p_o∘c' + b_o)    h' = o∘tanh(c')
 */
export class PeepholeLSTMCell extends ProjectedCell<LSTMState> {
  readonly input: Linear;
  readonly hidden: Linear;
  readonly peepholes: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.input = new Linear(inputSize, 4 * hiddenSize, options);
    this.hidden = new Linear(hiddenSize, 4 * hiddenSize, { ...options, bias: false });
    this.peepholes = new Parameter(zeros([3, hiddenSize], { dtype: options.dtype }));
  }
  initialState(batch: number): LSTMState {
    const none = this.zeroState(batch, this.hidden.inputSize);
    return { h: none, c: none };
  }
  override blocks(): Readonly<Record<string, readonly string[]>> {
    const gates = ['i', 'f', 'g', 'o'];
    return { 'input.weight': gates, 'input.bias': gates, 'hidden.weight': gates, peepholes: ['i', 'f', 'o'] };
  }
  project(x: Tensor): Tensor {
    return this.input.forward(x);
  }
  advance(projected: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const [zi, zf, zg, zo] = linear(h, this.hidden.weight, projected).chunk(4, -1);
    const [pi, pf, po] = this.peepholes.chunk(3);
    const [i, f] = [this.tap('i', zi.add(pi.mul(c)).sigmoid()), this.tap('f', zf.add(pf.mul(c)).sigmoid())];
    const cell = this.tap('c', f.mul(c).add(i.mul(this.tap('g', zg.tanh()))));
    const next = this.tap('o', zo.add(po.mul(cell)).sigmoid()).mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}
