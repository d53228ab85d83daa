import { type Random, type Tensor, zeros } from '@chronograd/tensor';
import { Cell, Linear, type Step } from '../../src/index.ts';

/**
 * An LSTM as a user would write it, with an object as state. Hochreiter and Schmidhuber, 1997;
 * gates i, f, g, o as in PyTorch.
 */
export class LstmCell extends Cell<{ readonly h: Tensor; readonly c: Tensor }> {
  readonly input: Linear;
  readonly hidden: Linear;
  readonly hiddenSize: number;

  constructor(inputSize: number, hiddenSize: number, random: Random) {
    super();
    this.input = new Linear(inputSize, 4 * hiddenSize, { random, dtype: 'float64' });
    this.hidden = new Linear(hiddenSize, 4 * hiddenSize, { random, dtype: 'float64' });
    this.hiddenSize = hiddenSize;
  }

  initialState(batch: number): { readonly h: Tensor; readonly c: Tensor } {
    const none = zeros([batch, this.hiddenSize], { dtype: 'float64' });
    return { h: none, c: none };
  }

  step(x: Tensor, { h, c }: { h: Tensor; c: Tensor }): Step<{ readonly h: Tensor; readonly c: Tensor }> {
    const [i, f, g, o] = this.input.forward(x).add(this.hidden.forward(h)).chunk(4, -1);
    const cell = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    const next = o.sigmoid().mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}

/** Two numbers of state in a tuple: the average of the last two inputs. Only `gain` is learned. */
export class DelayCell extends Cell<readonly [last: Tensor, before: Tensor]> {
  readonly gain: Linear;
  readonly size: number;

  constructor(size: number, random: Random) {
    super();
    this.gain = new Linear(size, size, { random, dtype: 'float64' });
    this.size = size;
  }

  initialState(batch: number): readonly [Tensor, Tensor] {
    return [zeros([batch, this.size], { dtype: 'float64' }), zeros([batch, this.size], { dtype: 'float64' })];
  }

  step(x: Tensor, [last, before]: readonly [Tensor, Tensor]): Step<readonly [Tensor, Tensor]> {
    return { output: this.gain.forward(last.add(before).mul(0.5)).tanh(), state: [x, last] };
  }
}
