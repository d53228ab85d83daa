/**
 * Backpropagation through time by hand for RNN, LSTM and GRU, with mistakes that people make. It
 * shares no code with what it judges.
 */
import type { Tensor } from '@chronograd/tensor';
import type { HandwrittenBackward } from '../../../src/checks/testing/index.ts';
import { type GRUCell, LSTMCell, type LSTMState, RNNCell } from '../../../src/index.ts';

export type AnyCell = RNNCell | LSTMCell | GRUCell;
export type Mistake =
  | 'no product' // Whhᵀ · da does not go back
  | 'no gate product' // nor does that of the second gate
  | 'no direct path' // f ∘ dc, z ∘ dh
  | 'no next' // what arrives from the step after is never added
  | 'no dState'
  | 'first stream of the bias'
  | 'last stream of the bias'
  | 'last step of Whh'
  | 'mean of the bias'
  | 'mean of all'
  | 'mean over steps'
  | 'half of Wxh'
  | 'twice a gate'
  | 'twice what goes back'
  | 'sign of Whh'
  | 'sign of a gate'
  | 'sign of a gate of Whh'
  | 'sign of what goes back'
  | 'sign of the candidate'
  | 'transposed Whh'
  | 'Whh for its transpose'
  | 'slope' // the slope of the first gate is another function: none of the kinds
  | 'initial state for zeros';

const rows = (x: Tensor): number[][] => x.toArray() as number[][];
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((s, v, i) => s + v * b[i]!, 0);
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** What a step of one stream keeps for the way back. */
interface Kept {
  readonly x: number[];
  readonly h: number[];
  readonly c: number[];
  /** Of each gate. */
  readonly gates: number[][];
  /** LSTM: tanh of the new c. GRU: what Whn makes of h. */
  readonly extra: number[];
}

const zip = (a: readonly number[], of: (each: number, i: number) => number): number[] => a.map(of);

/**
 * A backward with all of these mistakes; with none it is right. @param gives what beside the
 * parameters.
 */
export function backwardWith(
  mistakes: readonly Mistake[],
  gives: readonly ('inputs' | 'state')[] = [],
): HandwrittenBackward<AnyCell> {
  const has = (mistake: Mistake): boolean => mistakes.includes(mistake);
  return ({ cell, inputs, state, dOutputs, dState }) => {
    const isLstm = cell instanceof LSTMCell;
    const kind = isLstm ? 'lstm' : cell instanceof RNNCell ? 'rnn' : 'gru';
    const H = cell.hiddenSize;
    const [Wx, Wh] = [rows(cell.weightIh), rows(cell.weightHh)];
    const [bx, bh] = [cell.biasIh!.toArray(), cell.biasHh!.toArray()] as [number[], number[]];
    const partsOf = (s: unknown): [h: number[][], c: number[][]] => {
      const { h, c } = isLstm ? (s as LSTMState) : { h: s as Tensor, c: s as Tensor };
      return [rows(h), rows(c)];
    };
    const [xs, dys] = [inputs.toArray(), dOutputs.toArray()] as [number[][][], number[][][]];
    const [T, B, G] = [xs.length, xs[0]!.length, bx.length / H];
    const [[h0, c0], [dhT, dcT]] = [partsOf(state), partsOf(dState)];
    const [dWx, dWh] = [Wx, Wh].map((M) => M.map((row) => row.map(() => 0))) as [number[][], number[][]];
    const [dbx, dbh] = [bx.map(() => 0), bh.map(() => 0)];
    const dxs = xs.map((streams) => streams.map((x) => x.map(() => 0)));
    const [dh0, dc0]: [number[][], number[][]] = [[], []];

    const forward = (x: number[], h: number[], c: number[]): { kept: Kept; h: number[]; c: number[] } => {
      const [a, u] = [zip(bx, (b, r) => b + dot(Wx[r]!, x)), zip(bh, (b, r) => b + dot(Wh[r]!, h))];
      const gate = (g: number): number[] => a.slice(g * H, (g + 1) * H);
      const from = (g: number): number[] => u.slice(g * H, (g + 1) * H);
      const both = (g: number): number[] => zip(gate(g), (v, i) => v + from(g)[i]!);
      if (kind === 'rnn') {
        const next = both(0).map(Math.tanh);
        return { kept: { x, h, c, gates: [next], extra: [] }, h: next, c };
      }
      if (kind === 'gru') {
        const [r, z, q] = [both(0).map(sigmoid), both(1).map(sigmoid), from(2)];
        const n = zip(gate(2), (v, i) => Math.tanh(v + r[i]! * q[i]!));
        return {
          kept: { x, h, c, gates: [r, z, n], extra: q },
          h: zip(n, (v, i) => (1 - z[i]!) * v + z[i]! * h[i]!),
          c,
        };
      }
      const [i, f, g, o] = [
        both(0).map(sigmoid),
        both(1).map(sigmoid),
        both(2).map(Math.tanh),
        both(3).map(sigmoid),
      ];
      const next = zip(c, (v, k) => f[k]! * v + i[k]! * g[k]!);
      const tanh = next.map(Math.tanh);
      return {
        kept: { x, h, c, gates: [i, f, g, o], extra: tanh },
        h: zip(o, (v, k) => v * tanh[k]!),
        c: next,
      };
    };

    /** Gradients of what x and h make, of what goes straight on to h, and of c. */
    const back = ({ h, c, gates, extra }: Kept, dh: number[], dc: number[]) => {
      const slope = (s: number): number => (has('slope') ? s * (1 - s) ** 2 : s * (1 - s));
      if (kind === 'rnn') {
        const slopeOf = (v: number): number => (has('slope') ? 1 - v : 1 - v * v);
        const da = zip(dh, (d, i) => d * slopeOf(gates[0]![i]!));
        return { da, du: da, direct: dh.map(() => 0), dc };
      }
      if (kind === 'gru') {
        const [r, z, n] = gates as [number[], number[], number[]];
        const minus = has('sign of the candidate') ? -1 : 1;
        const dan = zip(dh, (d, i) => minus * d * (1 - z[i]!) * (1 - n[i]! ** 2));
        const daz = zip(dh, (d, i) => d * (h[i]! - n[i]!) * z[i]! * (1 - z[i]!));
        const dar = zip(dan, (d, i) => d * extra[i]! * slope(r[i]!));
        const dq = zip(dan, (d, i) => d * r[i]!);
        return {
          da: [...dar, ...daz, ...dan],
          du: [...dar, ...daz, ...dq],
          direct: zip(dh, (d, i) => d * z[i]!),
          dc,
        };
      }
      const [i, f, g, o] = gates as [number[], number[], number[], number[]];
      const d = zip(dc, (each, k) => each + dh[k]! * o[k]! * (1 - extra[k]! ** 2));
      const da = [
        ...zip(d, (each, k) => each * g[k]! * slope(i[k]!)),
        ...zip(d, (each, k) => each * c[k]! * f[k]! * (1 - f[k]!)),
        ...zip(d, (each, k) => each * i[k]! * (1 - g[k]! ** 2)),
        ...zip(dh, (each, k) => each * extra[k]! * o[k]! * (1 - o[k]!)),
      ];
      return { da, du: da, direct: dh.map(() => 0), dc: zip(d, (each, k) => each * f[k]!) };
    };

    for (let b = 0; b < B; b++) {
      let [h, c] = [h0[b]!, c0[b]!];
      const kept = xs.map((streams) => {
        const next = forward(streams[b]!, h, c);
        [h, c] = [next.h, next.c];
        return next.kept;
      });
      const zeros = h.map(() => 0);
      let [dh, dc] =
        has('no dState') || has('no next') ? [zeros, zeros] : [dhT[b]!, isLstm ? dcT[b]! : zeros];
      for (let t = T - 1; t >= 0; t--) {
        const step = kept[t]!;
        const scale = has('mean of all') ? 1 / B : 1;
        const first = t === T - 1 ? scale : 1;
        const total = zip(dh, (each, i) => first * each + scale * dys[t]![b]![i]!);
        const kept0 = has('initial state for zeros') && t === 0 ? { ...step, c: zeros, h: zeros } : step;
        const {
          da,
          du,
          direct,
          dc: dcNext,
        } = back(
          kept0,
          total,
          zip(dc, (each) => first * each),
        );
        const second = (r: number): boolean => Math.floor(r / H) === (G > 1 ? 1 : 0);
        const factor = has('twice a gate') ? 2 : has('sign of a gate') ? -1 : 1;
        for (let r = 0; r < G * H; r++) {
          if (!second(r)) continue;
          da[r]! *= factor;
          if (du !== da) du[r]! *= factor;
        }
        for (let r = 0; r < G * H; r++) {
          const counts =
            (!has('first stream of the bias') || b === 0) && (!has('last stream of the bias') || b === B - 1);
          const mean = has('mean of the bias') ? 1 / B : has('mean over steps') ? 1 / T : 1;
          if (counts) dbh[r]! += mean * du[r]!;
          dbx[r]! += (has('mean over steps') ? 1 / T : 1) * da[r]!;
          for (let j = 0; j < step.x.length; j++) {
            dWx[r]![j]! +=
              (has('half of Wxh') ? 0.5 : has('mean over steps') ? 1 / T : 1) * da[r]! * step.x[j]!;
            dxs[t]![b]![j]! += Wx[r]![j]! * da[r]!;
          }
          if (has('last step of Whh') && t !== 0) continue; // assigned: the last one remains
          for (let j = 0; j < H; j++) {
            const g = Math.floor(r / H) * H;
            const [row, column] = has('transposed Whh') ? [g + j, r - g] : [r, j];
            const minus = has('sign of Whh') || (has('sign of a gate of Whh') && second(r)) ? -1 : 1;
            dWh[row]![column]! += (has('mean over steps') ? 1 / T : 1) * minus * du[r]! * step.h[j]!;
          }
        }
        const product = zip(zeros, (_, j) =>
          du.reduce((sum, d, r) => {
            if (has('no product') || (has('no gate product') && second(r))) return sum;
            const g = Math.floor(r / H) * H;
            return sum + (has('Whh for its transpose') ? Wh[g + j]![r - g]! : Wh[r]![j]!) * d;
          }, 0),
        );
        const onward = has('sign of what goes back') ? -1 : has('twice what goes back') ? 2 : 1;
        dh = zip(product, (each, i) => onward * each + (has('no direct path') ? 0 : direct[i]!));
        dc = has('no direct path') ? zeros : dcNext;
        if (has('no next') && t > 0) [dh, dc] = [zeros, zeros];
      }
      dh0.push(dh);
      dc0.push(dc);
    }
    return {
      cell: { weightIh: dWx, weightHh: dWh, biasIh: dbx, biasHh: dbh },
      ...(gives.includes('inputs') ? { inputs: dxs } : {}),
      ...(gives.includes('state') ? { state: isLstm ? { h: dh0, c: dc0 } : dh0 } : {}),
    };
  };
}
