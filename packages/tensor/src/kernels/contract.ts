/**
 * A kernel is a function of addresses. Ops check shapes and make operands contiguous; a kernel only
 * computes.
 *
 * - An address is a byte address into the heap (see `memory/heap.ts`), below 4 GiB. Counts, sizes
 *   and strides are elements.
 * - Kernels never allocate, never throw, and read nothing but their arguments and the heap.
 * - An output may be exactly the same block as an input of an elementwise kernel; otherwise blocks
 *   do not overlap.
 * - A number that is passed by value (`value`, `factor`, `low`, `lr` …) is rounded to the kernel's
 *   dtype first; `sumSquares` alone takes and computes float64.
 * - Every intermediate result is rounded to the dtype; nothing is fused. Which NaN comes out (sign,
 *   payload) is not promised.
 * - The builds *strict* and *reference* give the same bits. The canonical orders of arithmetic are
 *   written here.
 * - The build *fast* may add up in another order and fuse a product with an addition in `matmul`,
 *   `exp`, `log`, `tanh`, `sigmoid` and `crossEntropy`: see docs/decisions/0006-fast-kernels.md.
 *   The kernel law bounds its errors (`test/kernels/fast.property.test.ts`).
 * - The build *wide* gives the bits of *fast*: see docs/decisions/0018-wide-kernels.md.
 */

/** `y[i] = f(x[i])`, `n` contiguous elements. */
export type UnaryKernel = (x: number, y: number, n: number) => void;

/**
 * `y[r, c] = f(a[r, c], b[r, c])` for `rows × cols`, where an element of `a` sits at
 * `a + r·aRow + c·aCol` and `aCol` is 1 or 0. So one launch serves equal shapes, numbers, a bias
 * over a batch and a column over a row. `y` is contiguous within a row.
 */
export type BinaryKernel = (
  a: number,
  aRow: number,
  aCol: number,
  b: number,
  bRow: number,
  bCol: number,
  y: number,
  yRow: number,
  rows: number,
  cols: number,
) => void;

/**
 * `y[o, i] = reduce over k of x[o, k, i]`: `x` is contiguous `[outer, n, inner]`, `y` contiguous
 * `[outer, inner]`.
 */
export type ReduceKernel = (x: number, y: number, outer: number, n: number, inner: number) => void;

/** Kernels of one dtype that move or select, and do no rounding. `argmax`'s output is int32. */
export interface CommonKernels {
  readonly neg: UnaryKernel;
  /** |x|; clears the sign of zero and of NaN. */
  readonly abs: UnaryKernel;
  /** −1, 0 (keeping its sign), 1, or NaN. */
  readonly sign: UnaryKernel;

  readonly add: BinaryKernel;
  readonly sub: BinaryKernel;
  readonly mul: BinaryKernel;
  /** NaN if either is NaN; +0 above −0. */
  readonly maximum: BinaryKernel;
  readonly minimum: BinaryKernel;
  /** Comparisons give 1 or 0 in the operands' own dtype. */
  readonly equal: BinaryKernel;
  readonly notEqual: BinaryKernel;
  readonly less: BinaryKernel;
  readonly lessEqual: BinaryKernel;

  /** `y[i] = c[i] ≠ 0 ? a[i] : b[i]`; a NaN condition counts as true. */
  readonly where: (c: number, a: number, b: number, y: number, n: number) => void;

  /**
   * Float sums are pairwise in one documented order, a function of `n` alone: n ≤ 128: eight
   * partial sums, partial j adding elements j, j + 8, j + 16 … in ascending order and starting from
   * +0; then ((p0 + p4) + (p2 + p6)) + ((p1 + p5) + (p3 + p7)). n > 128: sum(first h) + sum(rest),
   * where h = 128·⌊⌈n / 128⌉ / 2⌋ (half of the blocks of 128, rounded down). The order is the same
   * whatever `outer` and `inner` are. int32 sums wrap.
   */
  readonly sum: ReduceKernel;
  /** n ≥ 1. NaN if any is NaN; +0 above −0. */
  readonly max: ReduceKernel;
  readonly min: ReduceKernel;
  /**
   * First position of the largest, +0 and −0 counting as equal; the first NaN wins over everything.
   * n ≥ 1.
   */
  readonly argmax: ReduceKernel;
  /**
   * Positions (int32) of the elements of each row along the middle axis in ascending order, or in
   * descending order where `descending` is 1. Equal elements keep their order, +0 and −0 are equal,
   * and NaN counts as largest. `x` and `y` are contiguous `[outer, n, inner]`.
   */
  readonly argsort: (
    x: number,
    y: number,
    outer: number,
    n: number,
    inner: number,
    descending: number,
  ) => void;

  readonly fill: (y: number, n: number, value: number) => void;
  /**
   * A strided copy of a matrix: `dst[r·dstRow + c·dstCol] = src[r·srcRow + c·srcCol]`. Any strides,
   * zero and negative included.
   */
  readonly copy: (
    src: number,
    srcRow: number,
    srcCol: number,
    dst: number,
    dstRow: number,
    dstCol: number,
    rows: number,
    cols: number,
  ) => void;
  /**
   * `y[i, :] = table[indices[i], :]` for `n` int32 indices, already checked, and rows of `width`.
   */
  readonly gather: (table: number, indices: number, y: number, n: number, width: number) => void;
  /** `table[indices[i], :] += g[i, :]`, i ascending. */
  readonly scatterAdd: (table: number, indices: number, g: number, n: number, width: number) => void;

  /** Casts: `y` has the other dtype, so its block is another than that of `x`. */
  readonly toFloat32: UnaryKernel;
  readonly toFloat64: UnaryKernel;
  /** Truncates; NaN gives 0; beyond the range gives the nearest end. */
  readonly toInt32: UnaryKernel;
}

/** Kernels of a float type. */
export interface FloatKernels extends CommonKernels {
  readonly sqrt: UnaryKernel;
  readonly exp: UnaryKernel;
  readonly expm1: UnaryKernel;
  readonly log: UnaryKernel;
  readonly log1p: UnaryKernel;
  readonly tanh: UnaryKernel;
  readonly sigmoid: UnaryKernel;
  /** Sine and cosine by reference/sin64.ts, rounded once; NaN at ±∞. */
  readonly sin: UnaryKernel;
  readonly cos: UnaryKernel;
  /** The error function by reference/erf64.ts, rounded once. */
  readonly erf: UnaryKernel;
  /** max(x, 0); NaN stays NaN, −0 gives +0. */
  readonly relu: UnaryKernel;

  readonly div: BinaryKernel;
  /**
   * IEEE 754 and array API: x⁰ and 1^y are 1 even for NaN, (−1)^±∞ is 1, a negative x to a power
   * that is no integer is NaN.
   */
  readonly pow: BinaryKernel;
  /**
   * `y = g · (1 − a²)`: what tanh sends back, a its output. Order: g · (1 − (a · a)). Operands as
   * (g, a).
   */
  readonly tanhGrad: BinaryKernel;
  /** `y = g · (a · (1 − a))`: what sigmoid sends back, a its output. Operands as (g, a). */
  readonly sigmoidGrad: BinaryKernel;

  /**
   * C = A·B, or C += A·B where `accumulate` is 1. A is m × k with any strides, B is k × n with unit
   * column stride, C likewise. Each output has one accumulator that starts from +0 (or from C's
   * element) and adds rounded products, k ascending: `acc = acc + a·b`, whatever the shape. So the
   * naive loop is its exact reference, and a row's result does not depend on its batch.
   */
  readonly matmul: (
    a: number,
    aRow: number,
    aCol: number,
    b: number,
    bRow: number,
    c: number,
    cRow: number,
    m: number,
    n: number,
    k: number,
    accumulate: number,
  ) => void;
  /** `y[c, r] = x[r, c]`: x is rows × cols with row stride `xRow`, y is contiguous cols × rows. */
  readonly transpose: (x: number, xRow: number, y: number, rows: number, cols: number) => void;

  /**
   * Softmax cross-entropy of `rows` rows of `v` logits (contiguous) with int32 targets, already
   * checked. m = max of the row; e = exp(x − m); s = sum of e in the order of `sum`; probs = e / s;
   * loss = log(s) − (x_target − m). A row whose target is `ignore` has loss 0; its probabilities
   * are computed all the same.
   */
  readonly crossEntropy: (
    logits: number,
    targets: number,
    loss: number,
    probs: number,
    rows: number,
    v: number,
    ignore: number,
  ) => void;
  /**
   * `y[r, j] = g[r] · (probs[r, j] − (j = target_r ? 1 : 0))`; 0 in ignored rows. `g` has row
   * stride `gRow` (0 or 1).
   */
  readonly crossEntropyGrad: (
    probs: number,
    targets: number,
    g: number,
    gRow: number,
    y: number,
    rows: number,
    v: number,
    ignore: number,
  ) => void;

  /**
   * Largest magnitude of `n` elements; NaN if any is NaN; 0 for n = 0. So a finite answer says that
   * all are finite.
   */
  readonly maxAbs: (x: number, n: number) => number;
  /**
   * Sum of (x·scale)² in the order of `sum`, computed and returned in float64 for both types (widen
   * first, then scale, square, add).
   */
  readonly sumSquares: (x: number, n: number, scale: number) => number;
  /**
   * `y = min(max(x, low), high)` with the zeros of `maximum` and `minimum`. NaN stays NaN; where
   * low > high the answer is high.
   */
  readonly clip: (x: number, y: number, n: number, low: number, high: number) => void;
  /** `p = p − lr · g`. */
  readonly sgd: (p: number, g: number, n: number, lr: number) => void;
  /**
   * `s = s + g·g`, then `p = p − (lr · g) / d` with d = √(s + eps) where `epsInside` is 1, √s + eps
   * where it is 0.
   */
  readonly adagrad: (
    p: number,
    g: number,
    s: number,
    n: number,
    lr: number,
    eps: number,
    epsInside: number,
  ) => void;
  /**
   * `m = β₁·m + rest₁·g`, `v = β₂·v + rest₂·(g·g)`, then `p = p − lr·(m / (√v / root + eps))`, all
   * n elements. The rests are 1 − β, and root is √(1 − β₂ᵗ), taken by the caller.
   */
  readonly adam: (
    p: number,
    g: number,
    m: number,
    v: number,
    n: number,
    lr: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    root: number,
    eps: number,
  ) => void;
}

/** All kernels of one build. */
export interface Kernels {
  readonly float32: FloatKernels;
  readonly float64: FloatKernels;
  readonly int32: CommonKernels;
}

/** The names of the builds a program can choose from. */
export type KernelBuild = 'strict' | 'reference' | 'fast' | 'wide';
