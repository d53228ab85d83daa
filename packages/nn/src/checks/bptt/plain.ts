/**
 * The loops of handwritten BPTT: vectors are arrays of numbers, matrices arrays of rows. No
 * imports.
 */

/** Σ over the terms, element by element. */
export function add(first: number[], ...rest: number[][]): number[] {
  return first.map((a, k) => rest.reduce((sum, term) => sum + term[k]!, a));
}

/** a ⊙ b ⊙ …: the product of the factors, element by element. */
export function mul(first: number[], ...rest: number[][]): number[] {
  return first.map((a, k) => rest.reduce((product, factor) => product * factor[k]!, a));
}

/** a − b */
export function sub(a: number[], b: number[]): number[] {
  return a.map((ak, k) => ak - b[k]!);
}

/** 1 − a */
export function oneMinus(a: number[]): number[] {
  return a.map((ak) => 1 - ak);
}

/** σ(a) = 1 / (1 + e⁻ᵃ), element by element. */
export function sigmoid(a: number[]): number[] {
  return a.map((ak) => 1 / (1 + Math.exp(-ak)));
}

/** σ′ = s ⊙ (1 − s), where s = σ(a). */
export function sigmoidSlope(s: number[]): number[] {
  return s.map((sk) => sk * (1 - sk));
}

/** tanh(a), element by element. */
export function tanh(a: number[]): number[] {
  return a.map(Math.tanh);
}

/** tanh′ = 1 − t², where t = tanh(a). */
export function tanhSlope(t: number[]): number[] {
  return t.map((tk) => 1 - tk ** 2);
}

/** y += x */
export function addTo(y: number[], x: number[]): void {
  for (let i = 0; i < y.length; i++) y[i]! += x[i]!;
}

/** (W x)_i = Σ_j W_ij x_j */
export function times(W: number[][], x: number[]): number[] {
  const y = zeros(W.length);
  for (let i = 0; i < y.length; i++) for (let j = 0; j < x.length; j++) y[i]! += W[i]![j]! * x[j]!;
  return y;
}

/** (Wᵀ g)_j = Σ_i W_ij g_i */
export function timesTransposed(W: number[][], g: number[]): number[] {
  const y = zeros(W[0]!.length);
  for (let i = 0; i < g.length; i++) for (let j = 0; j < y.length; j++) y[j]! += W[i]![j]! * g[i]!;
  return y;
}

/** dW_ij += g_i x_j */
export function addOuter(dW: number[][], g: number[], x: number[]): void {
  for (let i = 0; i < g.length; i++) for (let j = 0; j < x.length; j++) dW[i]![j]! += g[i]! * x[j]!;
}

export function zeros(size: number): number[] {
  return new Array<number>(size).fill(0);
}

export function matrix(rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, () => zeros(columns));
}

/** A recurrence of any number of gates with an output layer. */
interface Weights {
  Wxh: number[][];
  Whh: number[][];
  Why: number[][];
  bh: number[];
  by: number[];
}

/**
 * Throws RangeError unless shapes fit: weights of `gates` times H rows, `inputs` `[T][B][I]`,
 * states `[B][H]`.
 */
export function requireShapes(
  gates: number,
  { Wxh, Whh, Why, bh, by }: Weights,
  inputs: number[][][],
  states: Record<string, number[][]>,
): void {
  const [T, B, I, V] = [inputs.length, inputs[0]?.length ?? 0, Wxh[0]?.length ?? 0, by.length];
  const H = Math.floor(bh.length / gates);
  if (T * B * I * H * V === 0)
    throw new RangeError(`bptt: T ${T}, B ${B}, I ${I}, H ${H}, V ${V}: all must be at least 1`);
  requireShape('inputs', inputs, [T, B, I]);
  requireShape('bh', bh, [gates * H]);
  requireShape('Wxh', Wxh, [gates * H, I]);
  requireShape('Whh', Whh, [gates * H, H]);
  requireShape('Why', Why, [V, H]);
  for (const [name, state] of Object.entries(states)) requireShape(name, state, [B, H]);
}

/** Throws RangeError for an unknown option. */
export function requireKeys(op: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw new RangeError(`${op}: expected an object of options: ${known.join(', ')}`);
  for (const [key, value] of Object.entries(options)) {
    if (value !== undefined && !known.includes(key))
      throw new RangeError(`${op}: unknown option "${key}"; the options are: ${known.join(', ')}`);
  }
}

/**
 * Throws RangeError unless weights are an object of these lists and `inputs` is a list of lists of
 * lists, so that sizes can be read.
 */
export function requireLists(weights: object, names: readonly string[], inputs: unknown): void {
  const lists = Object.entries({ ...weights, inputs }).filter(([, value]) => Array.isArray(value));
  const found = new Set(lists.map(([name]) => name));
  const missing = [...names, 'inputs'].find((name) => !found.has(name));
  if (missing !== undefined) throw new RangeError(`bptt: expected an array for ${missing}`);
  for (const [name, value] of lists) {
    const deep = name === 'inputs' || name.startsWith('W');
    if (deep && !(value as unknown[]).every(Array.isArray))
      throw new RangeError(`bptt: expected rows in ${name}`);
  }
  if (!(inputs as unknown[][]).every((step) => step.every(Array.isArray)))
    throw new RangeError('bptt: expected vectors in inputs, [T][B][I]');
}

export function requireShape(name: string, value: unknown, [size, ...rest]: readonly number[]): void {
  if (size === undefined) {
    if (typeof value !== 'number')
      throw new RangeError(`bptt: expected a number for ${name}, got a ${typeof value}`);
    return;
  }
  if (!Array.isArray(value) || value.length !== size) {
    const got = Array.isArray(value) ? `length ${value.length}` : `a ${typeof value}`;
    throw new RangeError(
      `bptt: expected length ${size} for ${name}, got ${got}; sizes are those of inputs (T, B), Wxh (I), bh (H for each gate), by (V)`,
    );
  }
  // Not forEach, which skips holes.
  for (let i = 0; i < size; i++) requireShape(`${name}[${i}]`, value[i], rest);
}
