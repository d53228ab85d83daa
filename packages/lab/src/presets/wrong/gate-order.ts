import { customGradient } from '@chronograd/autograd';
import { LSTMCell, type LSTMState, type Step } from '@chronograd/nn';
import { concat, linear, type Tensor } from '@chronograd/tensor';

const slope = (y: Tensor): Tensor => y.mul(y.neg().add(1)); // σ' = y (1 − y)

/**
 * All gates in one function. Its backward takes the kept gates for f, i, g, o: they are i, f, g, o.
 * As in ooples/AiDotNet.Tensors (pull request #907, 2026).
 */
const gates = customGradient(
  (z: Tensor) => {
    const [i, f, g, o] = z.chunk(4, -1);
    return concat([i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()], -1);
  },
  (dy, y) => {
    const [f, i, g, o] = y.chunk(4, -1); // the mistake: [i, f, g, o]
    return [dy.mul(concat([slope(i), slope(f), g.square().neg().add(1), slope(o)], -1))];
  },
  'gates',
);

export class LSTM extends LSTMCell {
  override advance(projected: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const [i, f, g, o] = gates(linear(h, this.weightHh, projected)).chunk(4, -1);
    const cell = f.mul(c).add(i.mul(g));
    const next = o.mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}
