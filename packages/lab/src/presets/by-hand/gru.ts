import type { BackwardProblem, HandwrittenGradients } from '@chronograd/nn/testing';
import type { GRU } from '../cells/gru.ts';

/** Backpropagation through time for the GRU, in plain loops. Rows of the gates: r, z, n. */
export function backward(problem: BackwardProblem<GRU>): HandwrittenGradients {
  const { cell, inputs, state, dOutputs, dState } = problem;
  const [Wx, Wh] = [cell.weightIh, cell.weightHh].map((each) => each.toArray() as number[][]);
  const [bx, bh] = [cell.biasIh, cell.biasHh].map((each) => each.toArray() as number[]);
  const [xs, dys] = [inputs, dOutputs].map((each) => each.toArray() as number[][][]);
  const [h0, dhT] = [state, dState].map((each) => each.toArray() as number[][]);
  const [T, B, F, H] = [xs.length, h0.length, Wx[0].length, h0[0].length];
  const [dWx, dWh] = [Wx, Wh].map((W) => W.map((row) => row.map(() => 0)));
  const [dbx, dbh] = [bx, bh].map((each) => each.map(() => 0));
  const dxs = xs.map((x) => x.map((row) => row.map(() => 0)));

  for (let b = 0; b < B; b++) {
    // Forward: keep r, z, n and q = Wh h + bh of the candidate.
    const [h, r, z, n, q] = [[h0[b]], [], [], [], []] as number[][][];
    for (let t = 0; t < T; t++) {
      const ax = bx.map((sum, row) => sum + dot(Wx[row], xs[t][b]));
      const ah = bh.map((sum, row) => sum + dot(Wh[row], h[t]));
      r.push(h[t].map((_, k) => sigmoid(ax[k] + ah[k])));
      z.push(h[t].map((_, k) => sigmoid(ax[H + k] + ah[H + k])));
      q.push(ah.slice(2 * H));
      n.push(h[t].map((_, k) => Math.tanh(ax[2 * H + k] + r[t][k] * q[t][k])));
      h.push(h[t].map((each, k) => (1 - z[t][k]) * n[t][k] + z[t][k] * each));
    }
    // Backward: next is the gradient of h[t + 1] that comes from later steps.
    let next = dhT[b];
    for (let t = T - 1; t >= 0; t--) {
      const dh = next.map((g, k) => g + dys[t][b][k]);
      const dn = dh.map((g, k) => g * (1 - z[t][k]) * (1 - n[t][k] ** 2));
      const dr = dn.map((g, k) => g * q[t][k] * r[t][k] * (1 - r[t][k]));
      const dz = dh.map((g, k) => g * (h[t][k] - n[t][k]) * z[t][k] * (1 - z[t][k]));
      const da = [...dr, ...dz, ...dn]; // of the sums with the input
      const dq = [...dr, ...dz, ...dn.map((g, k) => g * r[t][k])]; // of the sums with the state
      for (let row = 0; row < 3 * H; row++) {
        for (let j = 0; j < F; j++) dWx[row][j] += da[row] * xs[t][b][j];
        for (let j = 0; j < H; j++) dWh[row][j] += dq[row] * h[t][j];
        dbx[row] += da[row];
        dbh[row] += dq[row];
      }
      dxs[t][b] = transposedTimes(Wx, da);
      const back = transposedTimes(Wh, dq);
      next = dh.map((g, k) => g * z[t][k] + back[k]);
    }
  }
  return { cell: { weightIh: dWx, weightHh: dWh, biasIh: dbx, biasHh: dbh }, inputs: dxs };
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const dot = (a: number[], b: number[]) => a.reduce((sum, each, k) => sum + each * b[k], 0);

/** Wᵀ g */
const transposedTimes = (W: number[][], g: number[]) =>
  W[0].map((_, j) => g.reduce((sum, each, i) => sum + W[i][j] * each, 0));
