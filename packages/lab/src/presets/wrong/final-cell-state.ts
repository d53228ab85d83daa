import { LSTMCell } from '@chronograd/nn';
import type { BackwardProblem, HandwrittenGradients } from '@chronograd/nn/testing';
import type { Tensor } from '@chronograd/tensor';

/** The library's LSTM with gates i, f, g, o. Only the backward below is wrong. */
export class LSTM extends LSTMCell {}

/**
 * The gradient of the returned c is dropped: a loss that reads the final c is not differentiated.
 * As in eclipse's deeplearning4j#8838 (2020), and with h in open-lm-engine's pull request #445.
 */
export function backward(problem: BackwardProblem<LSTM>): HandwrittenGradients {
  const { cell, inputs, state, dOutputs, dState } = problem;
  const matrix = (x: Tensor) => x.toArray() as number[][];
  const sequence = (x: Tensor) => x.toArray() as number[][][];
  const [Wx, Wh, h0, c0] = [cell.weightIh, cell.weightHh, state.h, state.c].map(matrix);
  const bias = cell.biasIh!.add(cell.biasHh!).toArray() as number[];
  const [xs, dys] = [inputs, dOutputs].map(sequence);
  const [T, B, F, H] = [xs.length, h0.length, Wx[0].length, h0[0].length];
  const [dWx, dWh, db] = [zeros(4 * H, F), zeros(4 * H, H), bias.map(() => 0)];
  const [dhs, dcs] = [xs.map(() => zeros(B, H)), xs.map(() => zeros(B, H))];

  for (let b = 0; b < B; b++) {
    const [hs, cs, gates]: number[][][] = [[h0[b]], [c0[b]], []];
    for (let t = 0; t < T; t++) {
      const z = bias.map((s, r) => s + dot(Wx[r], xs[t][b]) + dot(Wh[r], hs[t]));
      const a = z.map((each, r) => (Math.floor(r / H) === 2 ? Math.tanh(each) : sigmoid(each)));
      gates.push(a);
      cs.push(cs[t].map((c, k) => a[H + k] * c + a[k] * a[2 * H + k]));
      hs.push(cs[t + 1].map((c, k) => a[3 * H + k] * Math.tanh(c)));
    }
    let [dh, dc] = [matrix(dState.h)[b], zeros(1, H)[0]]; // mistake: dc must begin with dState.c
    for (let t = T - 1; t >= 0; t--) {
      const dz: number[] = [];
      for (let k = 0; k < H; k++) {
        const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates[t][gate * H + k]);
        const tanh = Math.tanh(cs[t + 1][k]);
        const dhk = dh[k] + dys[t][b][k];
        const dck = dc[k] + dhk * o * (1 - tanh ** 2);
        dz[k] = dck * g * i * (1 - i);
        dz[H + k] = dck * cs[t][k] * f * (1 - f);
        dz[2 * H + k] = dck * i * (1 - g ** 2);
        dz[3 * H + k] = dhk * tanh * o * (1 - o);
        dcs[t][b][k] = dck * f;
      }
      for (let r = 0; r < 4 * H; r++) {
        for (let j = 0; j < F; j++) dWx[r][j] += dz[r] * xs[t][b][j];
        for (let j = 0; j < H; j++) dWh[r][j] += dz[r] * hs[t][j];
        db[r] += dz[r];
      }
      dh = dhs[t][b] = transposedTimes(Wh, dz);
      dc = dcs[t][b];
    }
  }
  return { cell: { weightIh: dWx, weightHh: dWh, biasIh: db, biasHh: db }, states: { h: dhs, c: dcs } };
}

const zeros = (rows: number, columns: number) =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const dot = (a: number[], b: number[]) => a.reduce((sum, each, k) => sum + each * b[k], 0);
const transposedTimes = (W: number[][], g: number[]) =>
  W[0].map((_, j) => g.reduce((sum, each, i) => sum + W[i][j] * each, 0));
