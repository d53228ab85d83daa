import { LSTMCell, type LSTMState, type Step } from '@chronograd/nn';
import { linear, type Tensor, tensor } from '@chronograd/tensor';

/**
 * The sums of the gates leave the graph: their numbers are copied into a new tensor.
 * As in early versions of Deepbox (before commit 6dcf47f), where no weight received a gradient.
 */
export class LSTM extends LSTMCell {
  override advance(projected: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const sums = linear(h, this.weightHh, projected);
    const copied = tensor(sums.toArray() as number[][], { dtype: sums.dtype }); // the mistake
    const [i, f, g, o] = copied.chunk(4, -1);
    const cell = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    const next = o.sigmoid().mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}
