/**
 * Detects a damaged heap: guard blocks around parameters, the parameters, and the constants of
 * kernels.
 */
import { Parameter, scope, type Tensor, tensor } from '@chronograd/tensor';
import { allocateBlock, heap } from '@chronograd/tensor/engine';

const GUARD_BYTES = 256;
const PATTERN = 0xa5;
/** The address range of the kernel modules' constants: see packages/tensor/kernels/scratch.ts. */
const CONSTANTS = [1024, 2048] as const;

const bitsOf = (x: Tensor): string => Array.from(x.toTypedArray(), (value) => `${value}`).join();

export class Guards {
  readonly #blocks: number[] = [];
  readonly #values = new Map<Parameter, string>();
  readonly #constants: Uint8Array;
  readonly #known: string;

  /** Parameters of known values between guard blocks. They live as long as the guards. */
  readonly parameters: readonly Parameter[];

  constructor() {
    this.#known = known();
    this.#constants = heap.bytes.slice(...CONSTANTS);
    this.#guard();
    this.parameters = [
      new Float32Array([1, -2, 0.5, 3, -0.25, 7]),
      new Float64Array([0.125, -1.5, 2, 40]),
      new Int32Array([2, 0, 1, 1]),
    ].map((values, i) => {
      const x = tensor(values, { shape: i === 0 ? [2, 3] : i === 1 ? [4] : [2, 2] });
      const parameter = new Parameter(x);
      this.#guard();
      this.#values.set(parameter, bitsOf(x));
      return parameter;
    });
    scope(() => tensor([1]).add(1)); // the arena allocates its first chunk
    this.#guard();
  }

  #guard(): void {
    const start = allocateBlock(GUARD_BYTES);
    heap.bytes.fill(PATTERN, start, start + GUARD_BYTES);
    this.#blocks.push(start);
  }

  /** The damage, or null. */
  damage(): string | null {
    for (const start of this.#blocks) {
      for (let at = start; at < start + GUARD_BYTES; at++) {
        if (heap.bytes[at] !== PATTERN)
          return `the guard block at ${start} was overwritten at byte ${at - start}`;
      }
    }
    for (const [parameter, values] of this.#values) {
      const now = bitsOf(parameter);
      if (now !== values) return `a live ${parameter.dtype} parameter changed from ${values} to ${now}`;
    }
    for (let i = 0; i < this.#constants.length; i++) {
      if (heap.bytes[CONSTANTS[0] + i] !== this.#constants[i])
        return `the constants of kernels were overwritten at byte ${CONSTANTS[0] + i}`;
    }
    const now = known();
    return now === this.#known
      ? null
      : `exp, log, tanh and 1 + x of 0.5: expected ${this.#known}, got ${now}`;
  }
}

/**
 * Values that never change: their kernels read constants, and their operands are new allocations.
 */
function known(): string {
  const half = tensor([0.5]);
  const list = scope(() => [half.exp(), half.log(), half.tanh(), half.add(1)]);
  return list.map((y) => y.item()).join(', ');
}
