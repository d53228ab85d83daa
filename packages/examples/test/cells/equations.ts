/**
 * The equations of the zoo in plain numbers, one stream at a time and unit by unit, from the
 * papers. Imports nothing of the library.
 */
import type { ZooName } from './zoo.ts';

/** A state: hidden, and cell state where there is one. */
export interface PlainState {
  readonly h: readonly number[];
  readonly c: readonly number[];
}

/** A cell's parameters by name: matrices as rows, vectors as one row. */
export type Weights = (name: string) => readonly (readonly number[])[];

/** One step of one stream; the hidden state is the output too. */
type Equations = (w: Weights, x: readonly number[], state: PlainState) => PlainState;

const σ = (z: number): number => 1 / (1 + Math.exp(-z));
const { tanh } = Math;
/** Row `r` of a matrix times a vector. */
const dot = (matrix: readonly (readonly number[])[], r: number, v: readonly number[]): number =>
  v.reduce((sum, vj, j) => sum + matrix[r]![j]! * vj, 0);

/** (v − mean) / √(variance + 1e-5)·α + β, element by element. */
function normalized(v: readonly number[], α: readonly number[], β: readonly number[]): number[] {
  const mean = v.reduce((sum, vj) => sum + vj, 0) / v.length;
  const variance = v.reduce((sum, vj) => sum + (vj - mean) ** 2, 0) / v.length;
  return v.map((vj, j) => ((vj - mean) / Math.sqrt(variance + 1e-5)) * α[j]! + β[j]!);
}

/** Unit by unit. */
function each(
  { h }: PlainState,
  unit: (k: number, H: number) => { readonly h: number; readonly c?: number },
): PlainState {
  const units = h.map((_, k) => unit(k, h.length));
  return { h: units.map((u) => u.h), c: units.flatMap((u) => u.c ?? []) };
}

export const EQUATIONS: Readonly<Record<ZooName, Equations>> = {
  'peephole-lstm': (w, x, state) =>
    each(state, (k, H) => {
      const c = state.c[k]!;
      const [p, b] = [w('peepholes'), w('input.bias')[0]!];
      const z = (r: number): number =>
        dot(w('input.weight'), r, x) + dot(w('hidden.weight'), r, state.h) + b[r]!;
      const i = σ(z(k) + p[0]![k]! * c);
      const f = σ(z(H + k) + p[1]![k]! * c);
      const after = f * c + i * tanh(z(2 * H + k));
      return { h: σ(z(3 * H + k) + p[2]![k]! * after) * tanh(after), c: after };
    }),

  'layer-norm-lstm': (w, x, state) => {
    const rows = w('input.weight').map((_, r) => r);
    const norm = (n: number, v: readonly number[]): number[] =>
      normalized(v, w(`norms.${n}.weight`)[0]!, w(`norms.${n}.bias`)[0]!);
    const ofX = norm(
      0,
      rows.map((r) => dot(w('input.weight'), r, x)),
    );
    const ofH = norm(
      1,
      rows.map((r) => dot(w('hidden.weight'), r, state.h)),
    );
    const z = rows.map((r) => ofX[r]! + ofH[r]!);
    const H = state.h.length;
    const c = state.c.map((ck, k) => σ(z[H + k]!) * ck + σ(z[k]!) * tanh(z[2 * H + k]!));
    return { h: norm(2, c).map((nk, k) => σ(z[3 * H + k]!) * tanh(nk)), c };
  },

  'coupled-lstm': (w, x, state) =>
    each(state, (k, H) => {
      const z = (r: number): number =>
        dot(w('input.weight'), r, x) + dot(w('hidden.weight'), r, state.h) + w('input.bias')[0]![r]!;
      const i = σ(z(k));
      const c = (1 - i) * state.c[k]! + i * tanh(z(H + k));
      return { h: σ(z(2 * H + k)) * tanh(c), c };
    }),

  'min-gru': (w, x, state) =>
    each(state, (k, H) => {
      const of = (r: number): number => dot(w('input.weight'), r, x) + w('input.bias')[0]![r]!;
      const z = σ(of(k));
      return { h: (1 - z) * state.h[k]! + z * of(H + k) };
    }),

  mgu: (w, x, state) => {
    const of = (r: number): number => dot(w('input.weight'), r, x) + w('input.bias')[0]![r]!;
    const f = state.h.map((_, k) => σ(of(k) + dot(w('gate.weight'), k, state.h)));
    const seen = state.h.map((hk, k) => f[k]! * hk);
    return each(state, (k, H) => {
      const n = tanh(of(H + k) + dot(w('candidate.weight'), k, seen));
      return { h: (1 - f[k]!) * state.h[k]! + f[k]! * n };
    });
  },

  'ind-rnn': (w, x, state) =>
    each(state, (k) => {
      const z = dot(w('input.weight'), k, x) + w('u')[0]![k]! * state.h[k]! + w('input.bias')[0]![k]!;
      return { h: Math.max(0, z) };
    }),

  'fast-grnn': (w, x, state) =>
    each(state, (k) => {
      const [ζ, ν] = w('zetaNu')[0]!.map(σ) as [number, number];
      const shared = dot(w('input.weight'), k, x) + dot(w('hidden.weight'), k, state.h);
      const z = σ(shared + w('bias')[0]![k]!);
      const n = tanh(shared + w('bias')[1]![k]!);
      return { h: (ζ * (1 - z) + ν) * n + z * state.h[k]! };
    }),

  'antisymmetric-rnn': (w, x, state) =>
    each(state, (k) => {
      const W = w('hidden.weight');
      const [ε, γ] = [0.5, 1];
      const turned = state.h.reduce((sum, hj, j) => sum + (W[k]![j]! - W[j]![k]!) * hj, -γ * state.h[k]!);
      const z = turned + dot(w('input.weight'), k, x) + w('input.bias')[0]![k]!;
      return { h: state.h[k]! + ε * tanh(z) };
    }),
};
