/**
 * One launch of a kernel, run by two builds on the same bytes and compared, exactly or within a
 * bound.
 */
import { addressesOf } from '../../src/kernels/addresses.ts';
import type { FloatKernels } from '../../src/kernels/contract.ts';
import type { Heap } from '../../src/memory/heap.ts';

export type Dtype = 'float32' | 'float64' | 'int32';

/** A block of the heap. Its address is known when the launch runs. */
export interface Block {
  address: number;
  readonly bytes: number;
  readonly dtype: Dtype;
  readonly written: boolean;
  readonly value: (i: number) => number;
}

/** Runs a launch with one set of kernels; what a kernel returns is compared too. */
export type Launch = (kernels: FloatKernels) => unknown;

/**
 * Whether an element of output number `output` is accepted where the reference has `wanted`.
 * `magnitude` is the reference's result for the inputs' magnitudes: for a sum of products, the sum
 * of the products' magnitudes.
 */
export type Near = (got: number, wanted: number, magnitude: number, output: number) => boolean;

const GUARD = 32;

const SPECIAL = [Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, -1];
const EXTREME = {
  float32: [1.4e-45, -1.4e-45, 1.1754942e-38, 1.17549435e-38, 3.4028235e38, -3.4028235e38, 1e30, -1e-30],
  float64: [5e-324, -5e-324, 2.225073858507201e-308, 2.2250738585072014e-308, 1.7976931348623157e308, -1e300],
};

/**
 * Deterministic numbers in [0, 1). The test has its own generator, independent of the code under
 * test (mulberry32).
 */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export class Trial {
  readonly dtype: 'float32' | 'float64';
  readonly size: number;
  readonly #random: () => number;
  readonly #heap: Heap;
  readonly #blocks: Block[] = [];
  readonly #wild: boolean;

  constructor(heap: Heap, dtype: 'float32' | 'float64', seed: number) {
    this.#heap = heap;
    this.dtype = dtype;
    this.size = dtype === 'float64' ? 8 : 4;
    this.#random = generator(seed);
    // In half of the trials ordinary numbers only: among NaN and Infinity sums tell little.
    this.#wild = this.#random() < 0.5;
  }

  below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  /** An ordinary number; in a wild trial sometimes a special value, or one of any magnitude. */
  value(): number {
    const extreme = EXTREME[this.dtype];
    if (this.#wild && this.#random() < 0.3) {
      const i = this.below(SPECIAL.length + extreme.length);
      return i < SPECIAL.length ? SPECIAL[i]! : extreme[i - SPECIAL.length]!;
    }
    const sized = this.#random();
    if (this.#wild && sized < 0.2) return (this.#random() * 2 - 1) * 2 ** (this.below(161) - 80);
    return (this.#random() * 2 - 1) * (sized < 0.4 ? 30 : 2);
  }

  input(n: number, value: (i: number) => number = () => this.value(), dtype: Dtype = this.dtype): Block {
    return this.#block(n, value, dtype, false);
  }

  /**
   * A block that the kernel may write. It starts with ordinary values, so that it may be read too.
   */
  output(n: number, dtype: Dtype = this.dtype): Block {
    return this.#block(n, dtype === 'int32' ? () => -7 : () => this.value(), dtype, true);
  }

  #block(n: number, value: (i: number) => number, dtype: Dtype, written: boolean): Block {
    const block = { address: 0, bytes: n * (dtype === 'float64' ? 8 : 4), dtype, written, value };
    this.#blocks.push(block);
    return block;
  }

  /**
   * Throws unless both builds write the same bits, or ones within the bound, return the same value,
   * and change nothing else.
   */
  compare(launch: Launch, reference: FloatKernels, other: FloatKernels, near: Near = Object.is): void {
    const start = this.#layOut();
    const region = (): Uint8Array => this.#heap.bytes.subarray(start);
    region().fill(0xa5);
    for (const block of this.#blocks) {
      const view = this.view(block);
      for (let i = 0; i < view.length; i++) view[i] = block.value(i);
    }
    const before = region().slice();
    const expectedReturn = launch(this.#addressed(reference));
    const expected = region().slice();
    region().set(before);
    if (near !== Object.is) this.#takeMagnitudes(launch, reference);
    const magnitudes = region().slice();
    region().set(before);
    const actualReturn = launch(other);
    if (!Object.is(expectedReturn, actualReturn)) {
      throw new Error(`returned ${actualReturn}, the reference ${expectedReturn}`);
    }
    for (const [output, block] of this.#blocks.filter(({ written }) => written).entries()) {
      const offset = block.address - start;
      const wanted = this.view(block, expected.buffer, offset);
      const magnitude = this.view(block, magnitudes.buffer, offset);
      const got = this.view(block);
      for (let i = 0; i < got.length; i++) {
        if (!near(got[i]!, wanted[i]!, magnitude[i]!, output)) {
          throw new Error(`element ${i} is ${got[i]}, the reference's ${wanted[i]}`);
        }
      }
      for (const copy of [expected, region()])
        copy.set(before.subarray(offset, offset + block.bytes), offset);
    }
    for (const [build, after] of [
      ['the reference', expected],
      ['the build', region()],
    ] as const) {
      const at = after.findIndex((byte, i) => byte !== before[i]);
      if (at >= 0) throw new Error(`${build} wrote outside its outputs, at address ${start + at}`);
    }
  }

  /**
   * The kernels, which throw unless the addresses among their arguments, by `addresses.ts`, name
   * each block and nothing else.
   */
  #addressed(kernels: FloatKernels): FloatKernels {
    const names = ({ address, bytes }: Block, x: number): boolean => address <= x && x <= address + bytes;
    return new Proxy(kernels, {
      get:
        (_, name: keyof FloatKernels) =>
        (...args: number[]) => {
          const addresses = addressesOf(name).map((position) => args[position]!);
          const empty = this.#blocks.some(({ bytes }) => bytes === 0); // addressed anywhere
          const all = this.#blocks.every((block) => addresses.some((x) => names(block, x)));
          const only = addresses.every((x) => this.#blocks.some((block) => names(block, x)));
          if (!empty && !(all && only))
            throw new Error(`addresses.ts: expected those of all blocks of ${name}, got ${addresses}`);
          return (kernels[name] as (...args: number[]) => unknown)(...args);
        },
    });
  }

  #takeMagnitudes(launch: Launch, reference: FloatKernels): void {
    for (const block of this.#blocks) {
      if (block.dtype === 'int32') continue;
      const view = this.view(block);
      for (let i = 0; i < view.length; i++) view[i] = Math.abs(view[i]!);
    }
    launch(reference);
  }

  view(
    block: Block,
    buffer: ArrayBufferLike = this.#heap.bytes.buffer,
    offset: number = block.address,
  ): Float64Array | Float32Array | Int32Array {
    if (block.dtype === 'float64') return new Float64Array(buffer, offset, block.bytes / 8);
    if (block.dtype === 'float32') return new Float32Array(buffer, offset, block.bytes / 4);
    return new Int32Array(buffer, offset, block.bytes / 4);
  }

  /**
   * Assigns addresses to the blocks, downwards from the end of the memory. The order is random, so
   * that any block may end at the last byte, where reading past it traps. The gaps are random, so
   * that few blocks are 16-byte aligned.
   */
  #layOut(): number {
    let end = this.#heap.byteLength;
    const waiting = [...this.#blocks];
    while (waiting.length > 0) {
      const [block] = waiting.splice(this.below(waiting.length), 1);
      const element = block!.dtype === 'float64' ? 8 : 4;
      block!.address = Math.floor((end - block!.bytes) / element) * element;
      end = block!.address - GUARD - this.size * this.below(4);
    }
    return Math.floor((end - GUARD) / 16) * 16;
  }
}
