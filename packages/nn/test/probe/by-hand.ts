/**
 * What the gates of one sequence are, and what gradients reach them, in plain numbers from the
 * papers' formulas. It imports nothing of Chronograd. The loss is Σ_t v_t·h_t, of an LSTM with
 * u·c_T beside it. Vectors are of one step, [H] or [F]; matrices are rows, one below the other gate
 * by gate.
 */
export type Vector = readonly number[];
export type Matrix = readonly Vector[];

/** As in PyTorch; weightHr where an LSTM projects its output. */
export interface Weights {
  readonly weightIh: Matrix;
  readonly weightHh: Matrix;
  readonly biasIh: Vector;
  readonly biasHh: Vector;
  readonly weightHr?: Matrix;
}

/**
 * A sequence: its inputs [T][F], the states before it, and how the loss weighs its outputs [T][H]
 * and its last cell state.
 */
export interface Sequence {
  readonly x: Matrix;
  readonly h: Vector;
  readonly c: Vector;
  readonly v: Matrix;
  readonly u: Vector;
}

/** By the name of the tensor, one vector for each step. */
export interface ByHand {
  readonly values: Readonly<Record<string, Matrix>>;
  readonly gradients: Readonly<Record<string, Matrix>>;
}

const σ = (a: number): number => 1 / (1 + Math.exp(-a));
const plus = (a: Vector, b: Vector): number[] => a.map((ak, k) => ak + b[k]!);
const minus = (a: Vector, b: Vector): number[] => a.map((ak, k) => ak - b[k]!);
const mul = (a: Vector, b: Vector): number[] => a.map((ak, k) => ak * b[k]!);
const oneMinus = (a: Vector): number[] => a.map((ak) => 1 - ak);
/** d times the slope of σ, and of tanh, where they are s. */
const throughσ = (d: Vector, s: Vector): number[] => mul(d, mul(s, oneMinus(s)));
const throughTanh = (d: Vector, s: Vector): number[] => mul(d, oneMinus(mul(s, s)));
/** M·a. */
const times = (m: Matrix, a: Vector): number[] =>
  m.map((row) => row.reduce((sum, mk, k) => sum + mk * a[k]!, 0));
/** Mᵀ·a. */
const back = (m: Matrix, a: Vector): number[] =>
  m[0]!.map((_, k) => m.reduce((sum, row, r) => sum + row[k]! * a[r]!, 0));
/** The rows of gate number `g`. */
const rows = <E>(all: readonly E[], g: number, H: number): readonly E[] => all.slice(g * H, (g + 1) * H);

/**
 * Steps from the last to the first, of which each gives its tensors' gradients; in order of time.
 */
function backwards(T: number, step: (t: number) => Readonly<Record<string, Vector>>): ByHand['gradients'] {
  return byName(Array.from({ length: T }, (_, i) => step(T - 1 - i)).reverse());
}

const byName = (steps: readonly Readonly<Record<string, Vector>>[]): Readonly<Record<string, Matrix>> =>
  Object.fromEntries(Object.keys(steps[0]!).map((name) => [name, steps.map((each) => each[name]!)]));

/** h' = tanh(a), a = Wih·x + b_ih + Whh·h + b_hh. */
export function rnn(w: Weights, { x, h, v }: Sequence): ByHand {
  let now = h;
  const steps = x.map((xt) => {
    now = plus(plus(times(w.weightIh, xt), w.biasIh), plus(times(w.weightHh, now), w.biasHh)).map(Math.tanh);
    return { output: now, state: now };
  });
  let carried: Vector = h.map(() => 0);
  const gradients = backwards(x.length, (t) => {
    const dh = plus(v[t]!, carried);
    carried = back(w.weightHh, throughTanh(dh, steps[t]!.state));
    return { output: dh, state: dh };
  });
  return { values: byName(steps), gradients };
}

/**
 * c' = f·c + i·g, h' = o·tanh(c'), or Whr of that; the gates of a = Wih·x + b_ih + Whh·h + b_hh
 * are in the order i, f, g, o.
 */
export function lstm(w: Weights, { x, h, c, v, u }: Sequence): ByHand {
  const H = c.length;
  let [hNow, cNow]: [Vector, Vector] = [h, c];
  const steps = x.map((xt) => {
    const a = plus(plus(times(w.weightIh, xt), w.biasIh), plus(times(w.weightHh, hNow), w.biasHh));
    const gate = (g: number): Vector => rows(a, g, H).map(σ);
    const [i, f, o] = [gate(0), gate(1), gate(3)];
    const g = rows(a, 2, H).map(Math.tanh);
    cNow = plus(mul(f, cNow), mul(i, g));
    const shown = mul(o, cNow.map(Math.tanh));
    hNow = w.weightHr === undefined ? shown : times(w.weightHr, shown);
    return { f, i, g, c: cNow, o, output: hNow, 'state.h': hNow, 'state.c': cNow };
  });
  let [dhNext, dcNext]: [Vector, Vector] = [h.map(() => 0), u];
  const gradients = backwards(x.length, (t) => {
    const { f, i, g, o, c: after } = steps[t]!;
    const before = t === 0 ? c : steps[t - 1]!.c;
    const dh = plus(v[t]!, dhNext);
    const handedOn = dcNext;
    const shown = w.weightHr === undefined ? dh : back(w.weightHr, dh);
    const squashed = after.map(Math.tanh);
    const dc = plus(handedOn, throughTanh(mul(shown, o), squashed));
    const [df, di, dg, dO] = [mul(dc, before), mul(dc, g), mul(dc, i), mul(shown, squashed)];
    const da = [throughσ(di, i), throughσ(df, f), throughTanh(dg, g), throughσ(dO, o)].flat();
    dhNext = back(w.weightHh, da);
    dcNext = mul(dc, f);
    return { f: df, i: di, g: dg, c: dc, o: dO, output: dh, 'state.h': dh, 'state.c': handedOn };
  });
  return { values: byName(steps), gradients };
}

/**
 * h' = (1 − z)·n + z·h, gates in the order r, z, n; n = tanh(x_n + r·(Whn·h + b_hn)) with the reset
 * gate after the product, tanh(x_n + Whn·(r·h) + b_hn) with it before.
 */
export function gru(w: Weights, { x, h, v }: Sequence, reset: 'after' | 'before'): ByHand {
  const H = h.length;
  const Whn = rows(w.weightHh, 2, H);
  const bhn = rows(w.biasHh, 2, H);
  const befores: Vector[] = [];
  let now = h;
  const steps = x.map((xt) => {
    befores.push(now);
    const ofX = plus(times(w.weightIh, xt), w.biasIh);
    const ofH = plus(times(w.weightHh, now), w.biasHh);
    const gate = (g: number): Vector => plus(rows(ofX, g, H), rows(ofH, g, H)).map(σ);
    const [r, z] = [gate(0), gate(1)];
    const past = reset === 'after' ? mul(r, rows(ofH, 2, H)) : plus(times(Whn, mul(r, now)), bhn);
    const n = plus(rows(ofX, 2, H), past).map(Math.tanh);
    now = plus(mul(oneMinus(z), n), mul(z, now));
    return { r, z, n, output: now, state: now };
  });
  let carried: Vector = h.map(() => 0);
  const gradients = backwards(x.length, (t) => {
    const { r, z, n } = steps[t]!;
    const before = befores[t]!;
    const dh = plus(v[t]!, carried);
    const [dz, dn] = [mul(dh, minus(before, n)), mul(dh, oneMinus(z))];
    const da = throughTanh(dn, n);
    const [dr, candidate] =
      reset === 'after'
        ? [mul(da, plus(times(Whn, before), bhn)), back(Whn, mul(da, r))]
        : [mul(back(Whn, da), before), mul(back(Whn, da), r)];
    const gates = back(w.weightHh.slice(0, 2 * H), [...throughσ(dr, r), ...throughσ(dz, z)]);
    carried = plus(plus(gates, candidate), mul(dh, z));
    return { r: dr, z: dz, n: dn, output: dh, state: dh };
  });
  return { values: byName(steps), gradients };
}
