import { customGradient } from '@chronograd/autograd';
import { LSTMCell, type LSTMState, type Step } from '@chronograd/nn';
import { linear, type Tensor } from '@chronograd/tensor';

/**
 * The forget gate f = σ(z) with a backward by hand that multiplies by f, not by f (1 − f).
 * As in a much copied notebook, CaptainE/RNN-LSTM-in-numpy (issue #1, 2023).
 */
const forget = customGradient(
  (z: Tensor) => z.sigmoid(),
  (dy, f) => [dy.mul(f)], // the mistake: dy ∘ f ∘ (1 − f)
  'forget',
);

export class LSTM extends LSTMCell {
  override advance(projected: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const [i, f, g, o] = linear(h, this.weightHh, projected).chunk(4, -1);
    const cell = forget(f).mul(c).add(i.sigmoid().mul(g.tanh()));
    const next = o.sigmoid().mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}
