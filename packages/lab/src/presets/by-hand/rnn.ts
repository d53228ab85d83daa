import type { BackwardProblem, HandwrittenGradients } from '@chronograd/nn/testing';
import type { RNN } from '../cells/rnn.ts';

/**
 * Backpropagation through time for h' = tanh(Wx x + Wh h + b), in plain loops. A stream is one row
 * of the batch. Step t reads x[t] and h[t], and makes h[t + 1].
 */
export function backward(problem: BackwardProblem<RNN>): HandwrittenGradients {
  const { cell, inputs, state, dOutputs, dState } = problem;
  const Wx = cell.weightIh.toArray() as number[][];
  const Wh = cell.weightHh.toArray() as number[][];
  const bias = cell.bias.toArray() as number[];
  const [xs, dys] = [inputs, dOutputs].map((each) => each.toArray() as number[][][]);
  const [h0, dhT] = [state, dState].map((each) => each.toArray() as number[][]);
  const [T, B, F, H] = [xs.length, h0.length, Wx[0].length, bias.length];
  const dWx = Wx.map((row) => row.map(() => 0));
  const dWh = Wh.map((row) => row.map(() => 0));
  const db = bias.map(() => 0);
  const dxs = xs.map((x) => x.map((row) => row.map(() => 0)));

  for (let b = 0; b < B; b++) {
    // Forward: keep the state after every step.
    const h = [h0[b]];
    for (let t = 0; t < T; t++) {
      h.push(bias.map((sum, i) => Math.tanh(sum + dot(Wx[i], xs[t][b]) + dot(Wh[i], h[t]))));
    }
    // Backward: next is the gradient of h[t + 1] that comes from later steps.
    let next = dhT[b];
    for (let t = T - 1; t >= 0; t--) {
      const dh = next.map((g, i) => g + dys[t][b][i]);
      const dz = dh.map((g, i) => g * (1 - h[t + 1][i] ** 2));
      for (let i = 0; i < H; i++) {
        for (let j = 0; j < F; j++) dWx[i][j] += dz[i] * xs[t][b][j];
        for (let j = 0; j < H; j++) dWh[i][j] += dz[i] * h[t][j];
        db[i] += dz[i];
      }
      dxs[t][b] = transposedTimes(Wx, dz);
      next = transposedTimes(Wh, dz);
    }
  }
  return { cell: { weightIh: dWx, weightHh: dWh, bias: db }, inputs: dxs };
}

const dot = (a: number[], b: number[]) => a.reduce((sum, each, k) => sum + each * b[k], 0);

/** Wᵀ g */
const transposedTimes = (W: number[][], g: number[]) =>
  W[0].map((_, j) => g.reduce((sum, each, i) => sum + W[i][j] * each, 0));
