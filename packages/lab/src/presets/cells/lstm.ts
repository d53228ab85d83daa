import { Cell, type LayerOptions, type LSTMState, type Step, uniformInit } from '@chronograd/nn';
import { linear, Parameter, type Tensor, zeros } from '@chronograd/tensor';

/**
 * Long short-term memory. Hochreiter and Schmidhuber, 1997; forget gate by Gers and others, 2000.
 * Gate f keeps the cell state c, gate i writes the candidate g, gate o shows it.
 */
export class LSTM extends Cell<LSTMState> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly bias: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    const init = uniformInit(hiddenSize);
    this.weightIh = new Parameter(init([4 * hiddenSize, inputSize], options));
    this.weightHh = new Parameter(init([4 * hiddenSize, hiddenSize], options));
    this.bias = new Parameter(zeros([4 * hiddenSize], options));
  }
  initialState(batch: number): LSTMState {
    const none = this.zeroState(batch, this.bias.size / 4);
    return { h: none, c: none };
  }
  override blocks() {
    const gates = ['i', 'f', 'g', 'o'];
    return { weightIh: gates, weightHh: gates, bias: gates };
  }
  step(x: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const z = linear(h, this.weightHh, linear(x, this.weightIh, this.bias));
    const [zi, zf, zg, zo] = z.chunk(4, -1);
    const i = this.tap('i', zi.sigmoid());
    const f = this.tap('f', zf.sigmoid());
    const g = this.tap('g', zg.tanh());
    const o = this.tap('o', zo.sigmoid());
    const cell = f.mul(c).add(i.mul(g));
    const next = o.mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}
