import { GRUCell } from '@chronograd/nn';
import type { BackwardProblem, HandwrittenGradients } from '@chronograd/nn/testing';
import type { Tensor } from '@chronograd/tensor';

/** The library's GRU: n = tanh(W_in x + r ∘ (W_hn h + b_hn)). Only the backward below is wrong. */
export class GRU extends GRUCell {}

/**
 * The forward pass applies the reset gate after the recurrent product, the backward before it.
 * Libraries mix the two forms up: tensorflow/tfjs#4621 and keras-team/keras#9112 are about them.
 */
export function backward(problem: BackwardProblem<GRU>): HandwrittenGradients {
  const { cell, inputs, state, dOutputs, dState } = problem;
  const matrix = (x: Tensor) => x.toArray() as number[][];
  const sequence = (x: Tensor) => x.toArray() as number[][][];
  const [Wx, Wh, h0, dhT] = [cell.weightIh, cell.weightHh, state, dState].map(matrix);
  const [bx, bh] = [cell.biasIh!, cell.biasHh!].map((x) => x.toArray() as number[]);
  const [xs, dys] = [inputs, dOutputs].map(sequence);
  const [T, B, F, H] = [xs.length, h0.length, Wx[0].length, h0[0].length];
  const [dWx, dWh, dbx, dbh] = [zeros(3 * H, F), zeros(3 * H, H), bx.map(() => 0), bh.map(() => 0)];
  const dhs = xs.map(() => zeros(B, H));

  for (let b = 0; b < B; b++) {
    const hs = [h0[b]];
    const steps = xs.map((x, t) => {
      const ax = bx.map((s, r) => s + dot(Wx[r], x[b]));
      const ah = bh.map((s, r) => s + dot(Wh[r], hs[t]));
      const [r, z] = [0, H].map((from) => hs[t].map((_, k) => sigmoid(ax[from + k] + ah[from + k])));
      const n = hs[t].map((_, k) => Math.tanh(ax[2 * H + k] + r[k] * ah[2 * H + k]));
      hs.push(hs[t].map((h, k) => (1 - z[k]) * n[k] + z[k] * h));
      return { r, z, n };
    });
    let next = dhT[b];
    for (let t = T - 1; t >= 0; t--) {
      const { r, z, n } = steps[t];
      const [h, dh] = [hs[t], next.map((g, k) => g + dys[t][b][k])];
      const dn = dh.map((g, k) => g * (1 - z[k]) * (1 - n[k] ** 2));
      const dz = dh.map((g, k) => g * (h[k] - n[k]) * z[k] * (1 - z[k]));
      const back = transposedTimes(Wh.slice(2 * H), dn); // the mistake: dn ∘ r
      const dr = back.map((g, k) => g * h[k] * r[k] * (1 - r[k])); // mistake: dn ∘ (W_hn h + b_hn)
      const da = [...dr, ...dz, ...dn];
      for (let row = 0; row < 3 * H; row++) {
        for (let j = 0; j < F; j++) dWx[row][j] += da[row] * xs[t][b][j];
        for (let j = 0; j < H; j++) dWh[row][j] += da[row] * (row < 2 * H ? h[j] : r[j] * h[j]);
        dbx[row] += da[row];
        dbh[row] += da[row];
      }
      const gates = transposedTimes(Wh.slice(0, 2 * H), da.slice(0, 2 * H));
      next = dhs[t][b] = dh.map((g, k) => g * z[k] + gates[k] + back[k] * r[k]);
    }
  }
  return { cell: { weightIh: dWx, weightHh: dWh, biasIh: dbx, biasHh: dbh }, states: dhs };
}

const zeros = (rows: number, columns: number) =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const dot = (a: number[], b: number[]) => a.reduce((sum, each, k) => sum + each * b[k], 0);
const transposedTimes = (W: number[][], g: number[]) =>
  W[0].map((_, j) => g.reduce((sum, each, i) => sum + W[i][j] * each, 0));
