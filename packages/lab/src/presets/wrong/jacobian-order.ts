import { RNNCell } from '@chronograd/nn';
import type { BackwardProblem, HandwrittenGradients } from '@chronograd/nn/testing';
import type { Tensor } from '@chronograd/tensor';

/** The library's cell h' = tanh(W_ih x + W_hh h + b). Only the backward below is wrong. */
export class RNN extends RNNCell {}

/**
 * The Jacobians of the steps are multiplied in the order of time. One or two steps hide it.
 * As in elixir-nx/axon#644 (2026), where every unrolled LSTM and GRU trained on such gradients.
 */
export function backward(problem: BackwardProblem<RNN>): HandwrittenGradients {
  const { cell, inputs, state, dOutputs, dState } = problem;
  const matrix = (x: Tensor) => x.toArray() as number[][];
  const sequence = (x: Tensor) => x.toArray() as number[][][];
  const [Wx, Wh] = [matrix(cell.weightIh), matrix(cell.weightHh)];
  const bias = cell.biasIh!.add(cell.biasHh!).toArray() as number[];
  const [xs, dys, h0, dhT] = [sequence(inputs), sequence(dOutputs), matrix(state), matrix(dState)];
  const [T, B, F, H] = [xs.length, h0.length, Wx[0].length, bias.length];
  const [dWx, dWh, db] = [zeros(H, F), zeros(H, H), bias.map(() => 0)];
  const dhs = xs.map(() => zeros(B, H));

  for (let b = 0; b < B; b++) {
    const hs = [h0[b]];
    for (const x of xs) hs.push(bias.map((s, i) => Math.tanh(s + dot(Wx[i], x[b]) + dot(Wh[i], hs.at(-1)!))));
    const slope = (t: number, g: number[]) => g.map((d, i) => d * (1 - hs[t + 1][i] ** 2));
    const before = (t: number, g: number[]) => transposedTimes(Wh, slope(t, g));
    for (let t = T - 1; t >= 0; t--) {
      // What flows back to the state after step t from each later step k.
      let dh = hs[0].map(() => 0);
      for (let k = t; k < T; k++) {
        let g = dys[k][b].map((d, i) => d + (k === T - 1 ? dhT[b][i] : 0));
        for (let s = t + 1; s <= k; s++) g = before(s, g); // the mistake: s must count down
        dh = dh.map((d, i) => d + g[i]);
      }
      const dz = slope(t, dh);
      for (let i = 0; i < H; i++) {
        for (let j = 0; j < F; j++) dWx[i][j] += dz[i] * xs[t][b][j];
        for (let j = 0; j < H; j++) dWh[i][j] += dz[i] * hs[t][j];
        db[i] += dz[i];
      }
      dhs[t][b] = before(t, dh);
    }
  }
  return { cell: { weightIh: dWx, weightHh: dWh, biasIh: db, biasHh: db }, states: dhs };
}

const zeros = (rows: number, columns: number) =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
const dot = (a: number[], b: number[]) => a.reduce((sum, each, k) => sum + each * b[k], 0);
const transposedTimes = (W: number[][], g: number[]) =>
  W[0].map((_, j) => g.reduce((sum, each, i) => sum + W[i][j] * each, 0));
