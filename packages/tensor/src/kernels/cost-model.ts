/**
 * Operations and bytes of a launch, computed from its arguments in the order of `contract.ts`. For
 * profiles.
 */

/**
 * Elements read and written by kernels whose arguments are not simply (x, y, n). Positions are
 * those of `contract.ts`.
 */
const ELEMENTS: Readonly<Record<string, (args: readonly number[]) => number>> = {
  matmul: ([, , , , , , , m, n, k]) => m! * k! + k! * n! + m! * n!,
  transpose: ([, , , rows, cols]) => 2 * rows! * cols!,
  where: ([, , , , n]) => 4 * n!,
  sum: reduced,
  max: reduced,
  min: reduced,
  argmax: reduced,
  argsort: ([, , outer, n, inner]) => 2 * outer! * n! * inner!,
  fill: ([, n]) => n!,
  copy: ([, , , , , , rows, cols]) => 2 * rows! * cols!,
  gather: ([, , , n, width]) => 2 * n! * width!,
  scatterAdd: ([, , , n, width]) => 3 * n! * width!,
  crossEntropy: ([, , , , rows, v]) => 2 * rows! * v!,
  crossEntropyGrad: ([, , , , , rows, v]) => 2 * rows! * v!,
  maxAbs: ([, n]) => n!,
  sumSquares: ([, n]) => n!,
  sgd: ([, , n]) => 3 * n!,
  adagrad: ([, , , n]) => 5 * n!,
  adam: ([, , , , n]) => 7 * n!,
};

function reduced([, , outer, n, inner]: readonly number[]): number {
  return outer! * n! * inner! + outer! * inner!;
}

/** What a launch does. */
export interface Cost {
  /** Floating-point operations of products; 0 for other kernels. */
  readonly flops: number;
  /** Bytes read and written, each operand once. */
  readonly bytes: number;
}

/** Operations and bytes of one launch. */
export function costOf(kernel: string, args: readonly number[], elementBytes: number): Cost {
  const count = ELEMENTS[kernel];
  // Elementwise kernels: of two operands (ten arguments), or of one.
  const elements =
    count !== undefined ? count(args) : args.length === 10 ? 3 * args[8]! * args[9]! : 2 * args[2]!;
  const flops = kernel === 'matmul' ? 2 * args[7]! * args[8]! * args[9]! : 0;
  return { flops, bytes: elements * elementBytes };
}
