import { type LayerOptions, Linear, ProjectedCell, type Step } from '@chronograd/nn';
import { linear, type Tensor } from '@chronograd/tensor';

/**
 * Zhou and others, 2016, "Minimal gated unit for recurrent neural networks": a GRU with one gate.
 * It scales the state that the candidate reads, and the update.
 *
 *     f = σ(W_f·x + U_f·h + b_f)    n = tanh(W_n·x + U_n·(f∘h) + b_n)    h' = (1 − f)∘h + f∘n
 */
export class MGUCell extends ProjectedCell<Tensor> {
  readonly input: Linear;
  readonly gate: Linear;
  readonly candidate: Linear;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.input = new Linear(inputSize, 2 * hiddenSize, options);
    this.gate = new Linear(hiddenSize, hiddenSize, { ...options, bias: false });
    this.candidate = new Linear(hiddenSize, hiddenSize, { ...options, bias: false });
  }
  initialState(batch: number): Tensor {
    return this.zeroState(batch, this.gate.inputSize);
  }
  override blocks(): Readonly<Record<string, readonly string[]>> {
    return { 'input.weight': ['f', 'n'], 'input.bias': ['f', 'n'] };
  }
  project(x: Tensor): Tensor {
    return this.input.forward(x);
  }
  advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const [xf, xn] = projected.chunk(2, -1);
    const f = this.tap('f', linear(h, this.gate.weight, xf).sigmoid());
    const n = this.tap('n', linear(f.mul(h), this.candidate.weight, xn).tanh());
    const next = h.add(f.mul(n.sub(h))); // (1 − f)∘h + f∘n
    return { output: next, state: next };
  }
}
