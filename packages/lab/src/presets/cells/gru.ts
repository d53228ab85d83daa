import { Cell, type LayerOptions, type Step, uniformInit } from '@chronograd/nn';
import { linear, Parameter, type Tensor, zeros } from '@chronograd/tensor';

/**
 * Gated recurrent unit. Cho and others, 2014; the reset gate acts after the product, as in PyTorch.
 * Gate r lets the old state into the candidate n, gate z keeps the old state.
 */
export class GRU extends Cell<Tensor> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter;
  readonly biasHh: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    const init = uniformInit(hiddenSize);
    this.weightIh = new Parameter(init([3 * hiddenSize, inputSize], options));
    this.weightHh = new Parameter(init([3 * hiddenSize, hiddenSize], options));
    this.biasIh = new Parameter(zeros([3 * hiddenSize], options));
    this.biasHh = new Parameter(zeros([3 * hiddenSize], options));
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.biasIh.size / 3);
  }
  override blocks() {
    const gates = ['r', 'z', 'n'];
    return { weightIh: gates, weightHh: gates, biasIh: gates, biasHh: gates };
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const [rx, zx, nx] = linear(x, this.weightIh, this.biasIh).chunk(3, -1);
    const [rh, zh, nh] = linear(h, this.weightHh, this.biasHh).chunk(3, -1);
    const r = this.tap('r', rx.add(rh).sigmoid());
    const z = this.tap('z', zx.add(zh).sigmoid());
    const n = this.tap('n', nx.add(r.mul(nh)).tanh());
    const next = n.add(z.mul(h.sub(n)));
    return { output: next, state: next };
  }
}
