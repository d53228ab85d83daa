/** The test of wide kernels before their use: each equals its fast kernel, bit for bit. */
import type { FloatKernels, Kernels } from '../kernels/contract.ts';
import type { Heap } from '../memory/heap.ts';

/** The memory that the test needs. */
export const TEST_BYTES: number = 1 << 20;
// Inputs, output and indices. 4 bytes beyond a multiple of 16, as few tensors are.
const [X, Y, OUT, INDICES] = [0x10004, 0x40004, 0x80004, 0xc0004];
/** Bytes beside an output, which no kernel may write. */
const MARGIN = 64;
const LENGTHS = Array.from({ length: 68 }, (_, n) => n);
const SPECIAL = [Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, 3.4e38, 88.8];

type Dtype = 'float32' | 'float64';
type Name = keyof FloatKernels;
/** A launch, and the bytes of its output. */
interface Trial {
  readonly bytes: number;
  readonly run: (kernels: FloatKernels) => unknown;
}

const elementwise = (name: 'exp' | 'log' | 'tanh' | 'sigmoid', size: number): Trial[] =>
  LENGTHS.map((n) => ({ bytes: n * size, run: (kernels) => kernels[name](X, OUT, n) }));

/** Products with rows for each tile and its rest, and a sum that starts from 0 or from C. */
const products = (size: number): Trial[] =>
  [1, 2, 5, 6, 13, 70].flatMap((m) =>
    [0, 1, 5, 40].flatMap((k) =>
      LENGTHS.filter((n) => m < 70 || n > 63).map((n) => ({
        bytes: m * n * size,
        run: (kernels: FloatKernels) => kernels.matmul(X, k, 1, Y, n, OUT, n, m, n, k, (m + n) % 2),
      })),
    ),
  );

/** Probabilities of three rows, and their losses after them. */
const losses = (size: number): Trial[] =>
  LENGTHS.slice(1).map((n) => ({
    bytes: 3 * (n + 1) * size,
    run: (kernels) => kernels.crossEntropy(X, INDICES, OUT + 3 * n * size, OUT, 3, n, -1),
  }));

const TRIALS: Partial<Record<Name, (size: number) => Trial[]>> = {
  exp: (size) => elementwise('exp', size),
  log: (size) => elementwise('log', size),
  tanh: (size) => elementwise('tanh', size),
  sigmoid: (size) => elementwise('sigmoid', size),
  matmul: products,
  crossEntropy: losses,
};

/** The first wide kernel that differs from its fast one; null if none does. */
export function firstDifference(memory: Heap, fast: Kernels, wide: Kernels): string | null {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const name of Object.keys(wide[dtype]) as Name[]) {
      if (wide[dtype][name] === fast[dtype][name]) continue;
      const trials = TRIALS[name]?.(dtype === 'float64' ? 8 : 4);
      if (trials === undefined) return `${name} has no test`;
      for (const wild of [false, true]) {
        fillInputs(memory, dtype, wild);
        const at = trials.findIndex((trial) => differs(memory, trial, dtype, fast[dtype], wide[dtype]));
        if (at >= 0) return `${name} of ${dtype} gives other bits in launch ${at}`;
      }
    }
  }
  return null;
}

function differs(
  memory: Heap,
  { bytes, run }: Trial,
  dtype: Dtype,
  fast: FloatKernels,
  wide: FloatKernels,
): boolean {
  const region = memory.bytes.subarray(OUT - MARGIN, OUT + bytes + MARGIN);
  const launch = (kernels: FloatKernels): Float32Array | Float64Array => {
    region.fill(63); // numbers near 0.75, from which products may start
    run(kernels);
    const { buffer } = region.slice();
    return dtype === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer);
  };
  const expected = launch(fast);
  // The bits of NaN are not promised.
  return launch(wide).some((x, i) => !Object.is(x, expected[i]));
}

/** Deterministic numbers; with `wild` also zeros, infinities, NaN and extremes. */
function fillInputs(memory: Heap, dtype: Dtype, wild: boolean): void {
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
  for (const start of [X, Y]) {
    const count = 128 * 70;
    for (let i = 0; i < count; i++) {
      const special = wild && i % 37 === 0;
      const x = special ? SPECIAL[(i / 37) % SPECIAL.length]! : next() * (i % 5 === 0 ? 90 : 3);
      if (dtype === 'float32') memory.float32[(start >>> 2) + i] = x;
      else new DataView(memory.bytes.buffer).setFloat64(start + 8 * i, x, true);
    }
  }
  for (let row = 0; row < 3; row++) memory.int32[(INDICES >>> 2) + row] = 0;
}
