import type { BackwardProblem, HandwrittenGradients } from '@chronograd/nn/testing';
import type { LSTM } from '../cells/lstm.ts';

/** Backpropagation through time for the LSTM, in plain loops. Rows of the gates: i, f, g, o. */
export function backward(problem: BackwardProblem<LSTM>): HandwrittenGradients {
  const { cell, inputs, state, dOutputs, dState } = problem;
  const Wx = cell.weightIh.toArray() as number[][];
  const Wh = cell.weightHh.toArray() as number[][];
  const bias = cell.bias.toArray() as number[];
  const [xs, dys] = [inputs, dOutputs].map((each) => each.toArray() as number[][][]);
  const [h0, c0, dhT, dcT] = [state.h, state.c, dState.h, dState.c].map((x) => x.toArray() as number[][]);
  const [T, B, F, H] = [xs.length, h0.length, Wx[0].length, h0[0].length];
  const dWx = Wx.map((row) => row.map(() => 0));
  const dWh = Wh.map((row) => row.map(() => 0));
  const db = bias.map(() => 0);
  const dxs = xs.map((x) => x.map((row) => row.map(() => 0)));

  for (let b = 0; b < B; b++) {
    // Forward: keep the gates of every step, and the states around it.
    const [h, c, gates] = [[h0[b]], [c0[b]], [] as number[][]];
    for (let t = 0; t < T; t++) {
      const z = bias.map((sum, r) => sum + dot(Wx[r], xs[t][b]) + dot(Wh[r], h[t]));
      const a = z.map((each, r) => (Math.floor(r / H) === 2 ? Math.tanh(each) : sigmoid(each)));
      gates.push(a);
      c.push(c[t].map((each, k) => a[H + k] * each + a[k] * a[2 * H + k]));
      h.push(c[t + 1].map((each, k) => a[3 * H + k] * Math.tanh(each)));
    }
    // Backward: nextH and nextC are the gradients of h[t + 1] and c[t + 1] from later steps.
    let [nextH, nextC] = [dhT[b], dcT[b]];
    for (let t = T - 1; t >= 0; t--) {
      const dz = bias.map(() => 0);
      for (let k = 0; k < H; k++) {
        const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates[t][gate * H + k]);
        const tanh = Math.tanh(c[t + 1][k]);
        const dh = nextH[k] + dys[t][b][k];
        const dc = nextC[k] + dh * o * (1 - tanh ** 2);
        dz[k] = dc * g * i * (1 - i);
        dz[H + k] = dc * c[t][k] * f * (1 - f);
        dz[2 * H + k] = dc * i * (1 - g ** 2);
        dz[3 * H + k] = dh * tanh * o * (1 - o);
        nextC[k] = dc * f;
      }
      for (let r = 0; r < 4 * H; r++) {
        for (let j = 0; j < F; j++) dWx[r][j] += dz[r] * xs[t][b][j];
        for (let j = 0; j < H; j++) dWh[r][j] += dz[r] * h[t][j];
        db[r] += dz[r];
      }
      dxs[t][b] = transposedTimes(Wx, dz);
      nextH = transposedTimes(Wh, dz);
    }
  }
  return { cell: { weightIh: dWx, weightHh: dWh, bias: db }, inputs: dxs };
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const dot = (a: number[], b: number[]) => a.reduce((sum, each, k) => sum + each * b[k], 0);

/** Wᵀ g */
const transposedTimes = (W: number[][], g: number[]) =>
  W[0].map((_, j) => g.reduce((sum, each, i) => sum + W[i][j] * each, 0));
