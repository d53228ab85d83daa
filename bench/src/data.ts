/**
 * The data of all contestants: numbers, a text, its windows and first weights. They are made by
 * integer arithmetic, so that JavaScript and Python get the same bits. `peers/python/common.py` has
 * the same functions.
 */
import type { CellName } from './cases.ts';

/** Characters of the text: the codes 32 … 96, most common first. */
export const VOCABULARY = 65;
const FIRST_CODE = 32;
const TEXT_LENGTH = 400_000;

/**
 * 32 random bits for index `i` of stream `seed`: the finalizer of MurmurHash3 (Appleby, 2011) over
 * a Weyl sequence.
 */
export function bits(seed: number, i: number): number {
  let h = (Math.imul(i + 1, 0x9e3779b9) + Math.imul(seed, 0x85ebca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** `n` numbers, uniform over 0 ≤ x < 1 in steps of 2⁻²⁴. */
export function uniform(seed: number, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (bits(seed, i) >>> 8) / 2 ** 24);
}

/** `n` numbers, uniform over ±`limit`. */
export function spread(seed: number, n: number, limit = 1): Float64Array {
  return uniform(seed, n).map((u) => (2 * u - 1) * limit);
}

/** `n` integers, 0 … `below` − 1. */
export function integers(seed: number, n: number, below: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => bits(seed, i) % below);
}

/** The text as bytes: independent characters whose frequencies follow Zipf's law, 1 / rank. */
export function makeText(): Uint8Array {
  const ends: number[] = [];
  let total = 0;
  for (let rank = 1; rank <= VOCABULARY; rank++) {
    total += Math.floor(2 ** 20 / rank);
    ends.push(total);
  }
  return Uint8Array.from({ length: TEXT_LENGTH }, (_, i) => {
    const at = bits(1, i) % total;
    return FIRST_CODE + ends.findIndex((end) => at < end);
  });
}

let made: Uint8Array | undefined;

/** The text, made once. */
function text(): Uint8Array {
  made ??= makeText();
  return made;
}

/**
 * Windows of the text in B streams, decoded from its bytes at every step. At their end the streams
 * restart, without a state.
 */
export class Windows {
  readonly #text: Uint8Array = text();
  readonly #index: Int32Array = Int32Array.from({ length: 256 }, (_, code) => code - FIRST_CODE);
  readonly #steps: number;
  readonly #batch: number;
  #position = 0;

  constructor(steps: number, batch: number) {
    this.#steps = steps;
    this.#batch = batch;
  }

  /**
   * Indices [T, B] of the inputs and of the next characters. `restarted` is true if the streams
   * begin or restart here.
   */
  next(): { readonly inputs: Int32Array; readonly targets: Int32Array; readonly restarted: boolean } {
    const [text, index, steps, batch] = [this.#text, this.#index, this.#steps, this.#batch];
    const length = Math.floor(text.length / batch);
    if (this.#position + steps + 1 >= length) this.#position = 0;
    const inputs = new Int32Array(steps * batch);
    const targets = new Int32Array(steps * batch);
    for (let b = 0; b < batch; b++) {
      const start = b * length + this.#position;
      for (let t = 0; t < steps; t++) {
        inputs[t * batch + b] = index[text[start + t]!]!;
        targets[t * batch + b] = index[text[start + t + 1]!]!;
      }
    }
    const restarted = this.#position === 0;
    this.#position += steps;
    return { inputs, targets, restarted };
  }
}

/**
 * First weights, ±1/√H like in PyTorch. Matrices are row-major [out, in], with a cell's gates
 * stacked. The inputs of Wxh are the embedding, if there is one.
 */
export interface FirstWeights {
  /** The embedding [V, E], or null if characters are one-hot vectors. */
  readonly table: Float64Array | null;
  readonly Wxh: Float64Array;
  readonly Whh: Float64Array;
  readonly bh: Float64Array;
  readonly Why: Float64Array;
  readonly by: Float64Array;
}

/**
 * The number of gates in a cell's weights, H rows each. PyTorch's order: i, f, g, o and r, z, n.
 */
export const GATES: Readonly<Record<CellName, number>> = { rnn: 1, lstm: 4, gru: 3, lnlstm: 4 };

/** @param E size of the embedding, 0 for none. */
export function firstWeights(V: number, H: number, E = 0, cell: CellName = 'rnn'): FirstWeights {
  const rows = GATES[cell] * H;
  const limit = 1 / Math.sqrt(H);
  return {
    table: E === 0 ? null : spread(16, V * E, limit),
    Wxh: spread(11, rows * (E === 0 ? V : E), limit),
    Whh: spread(12, rows * H, limit),
    bh: spread(13, rows, limit),
    Why: spread(14, V * H, limit),
    by: spread(15, V, limit),
  };
}

/** The transpose of a row-major matrix. */
export function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** The character whose interval of the cumulative probabilities contains `u`. */
export function draw(probabilities: ArrayLike<number>, u: number): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    sum += probabilities[i]!;
    if (u < sum) return i;
  }
  return probabilities.length - 1;
}

/** At most eight of an output's numbers, evenly spaced, for an op's check. */
export function probe(values: ArrayLike<number>): number[] {
  const count = Math.min(8, values.length);
  return Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]!);
}
