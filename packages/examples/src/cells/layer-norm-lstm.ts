import type { LayerOptions, LSTMState, Step } from '@chronograd/nn';
import { LayerNorm, Linear, ProjectedCell } from '@chronograd/nn';
import type { Tensor } from '@chronograd/tensor';

/**
 * An LSTM with layer norms N of both projections and of the cell state before the output. Ba, Kiros
 * and Hinton, 2016, "Layer normalization", eqs. 20–22. The biases of N_x and N_h include its b.
 *
 *     i, f, g, o = N_x(W·x) + N_h(R·h)    c' = σ(f)∘c + σ(i)∘tanh(g)    h' = σ(o)∘tanh(N_c(c'))
 */
export class LayerNormLSTMCell extends ProjectedCell<LSTMState> {
  readonly input: Linear;
  readonly hidden: Linear;
  readonly norms: readonly [x: LayerNorm, h: LayerNorm, c: LayerNorm];
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.input = new Linear(inputSize, 4 * hiddenSize, { ...options, bias: false });
    this.hidden = new Linear(hiddenSize, 4 * hiddenSize, { ...options, bias: false });
    const norm = (size: number): LayerNorm => new LayerNorm(size, { dtype: options.dtype ?? 'float32' });
    this.norms = [norm(4 * hiddenSize), norm(4 * hiddenSize), norm(hiddenSize)];
  }
  initialState(batch: number): LSTMState {
    const none = this.zeroState(batch, this.hidden.inputSize);
    return { h: none, c: none };
  }
  override blocks(): Readonly<Record<string, readonly string[]>> {
    const named = this.namedParameters().filter(([name]) => !name.startsWith('norms.2'));
    return Object.fromEntries(named.map(([name]) => [name, ['i', 'f', 'g', 'o']]));
  }
  project(x: Tensor): Tensor {
    return this.norms[0].forward(this.input.forward(x));
  }
  advance(projected: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const [i, f, g, o] = projected.add(this.norms[1].forward(this.hidden.forward(h))).chunk(4, -1);
    const kept = this.tap('f', f.sigmoid()).mul(c);
    const cell = this.tap('c', kept.add(this.tap('i', i.sigmoid()).mul(this.tap('g', g.tanh()))));
    const next = this.tap('o', o.sigmoid()).mul(this.norms[2].forward(cell).tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}
