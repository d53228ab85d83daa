/**
 * Cells that are wrong on purpose, as people get them wrong. docs/testing-cells.md shows what the
 * kit says of them.
 */
import { customGradient } from '@chronograd/autograd';
import { concat, linear, type Tensor } from '@chronograd/tensor';
import type { HandwrittenBackward } from '../../../src/checks/testing/index.ts';
import { LSTMCell, type LSTMState, type Step } from '../../../src/index.ts';

// wrong: gate order
/** The four gates at once, with a backward by hand: it takes o for g, and g for o. */
const gates = customGradient(
  (z: Tensor) => {
    const [i, f, g, o] = z.chunk(4, -1);
    return concat([i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()], -1);
  },
  (dy, y) => {
    const sigmoid = y.mul(y.neg().add(1)); // σ' = y (1 − y)
    const tanh = y.square().neg().add(1); // tanh' = 1 − y²
    const [i, f, g] = sigmoid.chunk(4, -1);
    const [, , , o] = tanh.chunk(4, -1);
    return [dy.mul(concat([i, f, g, o], -1))];
  },
  'gates',
);

export class GateOrderCell extends LSTMCell {
  override advance(projected: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const [i, f, g, o] = gates(linear(h, this.weightHh, projected)).chunk(4, -1);
    const cell = f.mul(c).add(i.mul(g));
    const next = o.mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}
// end

// wrong: recurrent term
/** h·Wᵀ with a backward by hand that forgets what goes back to h. */
const product = customGradient(
  (h: Tensor, weight: Tensor) => linear(h, weight),
  (dy, _, h) => [null, dy.transpose().matmul(h)],
  'product',
);

export class RecurrentTermCell extends LSTMCell {
  override advance(projected: Tensor, { h, c }: LSTMState): Step<LSTMState> {
    const [i, f, g, o] = projected.add(product(h, this.weightHh)).chunk(4, -1);
    const cell = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    const next = o.sigmoid().mul(cell.tanh());
    return { output: next, state: { h: next, c: cell } };
  }
}
// end

// wrong: one gate at one step
/**
 * Backpropagation through time for the LSTM by hand, one stream at a time. It takes c before the
 * first step for zeros.
 */
export const lstmBackward: HandwrittenBackward<LSTMCell> = ({ cell, inputs, state, dOutputs, dState }) => {
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const rows = (x: Tensor) => x.toArray() as number[][];
  const [Wx, Wh] = [rows(cell.weightIh), rows(cell.weightHh)];
  const [bx, bh] = [cell.biasIh!.toArray(), cell.biasHh!.toArray()] as [number[], number[]];
  const [xs, dys] = [inputs, dOutputs].map((x) => x.toArray() as number[][][]) as [
    number[][][],
    number[][][],
  ];
  const [dWx, dWh] = [Wx.map((row) => row.map(() => 0)), Wh.map((row) => row.map(() => 0))];
  const db = bx.map(() => 0);
  const dxs = xs.map((streams) => streams.map((x) => x.map(() => 0)));
  const H = cell.hiddenSize;

  for (let b = 0; b < xs[0]!.length; b++) {
    const [hs, cs] = [[rows(state.h)[b]!], [rows(state.c)[b]!]];
    const acts = xs.map((streams, t) => {
      const sum = (r: number, w: number[][], v: number[]) => v.reduce((s, vj, j) => s + w[r]![j]! * vj, 0);
      const z = bx.map((bias, r) => bias + bh[r]! + sum(r, Wx, streams[b]!) + sum(r, Wh, hs[t]!));
      const a = z.map((zr, r) => (Math.floor(r / H) === 2 ? Math.tanh(zr) : sigmoid(zr)));
      cs.push(cs[t]!.map((c, k) => a[H + k]! * c + a[k]! * a[2 * H + k]!));
      hs.push(cs[t + 1]!.map((c, k) => a[3 * H + k]! * Math.tanh(c)));
      return a;
    });
    let [dh, dc] = [rows(dState.h)[b]!, rows(dState.c)[b]!];
    for (let t = xs.length - 1; t >= 0; t--) {
      const a = acts[t]!;
      const dz = new Array<number>(4 * H);
      for (let k = 0; k < H; k++) {
        const [i, f, g, o] = [a[k]!, a[H + k]!, a[2 * H + k]!, a[3 * H + k]!];
        const tanh = Math.tanh(cs[t + 1]![k]!);
        const dhk = dh[k]! + dys[t]![b]![k]!;
        const dck = dc[k]! + dhk * o * (1 - tanh ** 2);
        const before = t === 0 ? 0 : cs[t]![k]!; // the mistake: cs[0] is the state that was given
        dz[k] = dck * g * i * (1 - i);
        dz[H + k] = dck * before * f * (1 - f);
        dz[2 * H + k] = dck * i * (1 - g ** 2);
        dz[3 * H + k] = dhk * tanh * o * (1 - o);
        dc = dc.with(k, dck * f);
      }
      for (let r = 0; r < 4 * H; r++) {
        for (let j = 0; j < xs[t]![b]!.length; j++) {
          dWx[r]![j]! += dz[r]! * xs[t]![b]![j]!;
          dxs[t]![b]![j]! += Wx[r]![j]! * dz[r]!;
        }
        for (let j = 0; j < H; j++) dWh[r]![j]! += dz[r]! * hs[t]![j]!;
        db[r]! += dz[r]!;
      }
      dh = dh.map((_, j) => dz.reduce((s, d, r) => s + Wh[r]![j]! * d, 0));
    }
  }
  return { cell: { weightIh: dWx, weightHh: dWh, biasIh: db, biasHh: db }, inputs: dxs };
};
// end
