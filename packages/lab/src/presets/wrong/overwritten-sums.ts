import { RNNCell } from '@chronograd/nn';
import type { BackwardProblem, HandwrittenGradients } from '@chronograd/nn/testing';
import type { Tensor } from '@chronograd/tensor';

/** The library's cell h' = tanh(W_ih x + W_hh h + b). Only the backward below is wrong. */
export class RNN extends RNNCell {}

/**
 * Gradients of the weights are replaced at each step, where they must be added up.
 * As in a layer for mratsim/Arraymancer (pull request #237, 2018): `=` in place of `+=`.
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
    let next = dhT[b];
    for (let t = T - 1; t >= 0; t--) {
      const dz = next.map((g, i) => (g + dys[t][b][i]) * (1 - hs[t + 1][i] ** 2));
      for (let i = 0; i < H; i++) {
        for (let j = 0; j < F; j++) dWx[i][j] = dz[i] * xs[t][b][j]; // the mistake: +=
        for (let j = 0; j < H; j++) dWh[i][j] = dz[i] * hs[t][j]; // the mistake: +=
        db[i] += dz[i];
      }
      next = dhs[t][b] = transposedTimes(Wh, dz);
    }
  }
  return { cell: { weightIh: dWx, weightHh: dWh, biasIh: db, biasHh: db }, states: dhs };
}

const zeros = (rows: number, columns: number) =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
const dot = (a: number[], b: number[]) => a.reduce((sum, each, k) => sum + each * b[k], 0);
const transposedTimes = (W: number[][], g: number[]) =>
  W[0].map((_, j) => g.reduce((sum, each, i) => sum + W[i][j] * each, 0));
