/**
 * The heap: the linear memory that kernels compute in. A WebAssembly.Memory where the engine allows
 * one, otherwise an ArrayBuffer. Growth detaches all older typed-array views *silently* (length 0,
 * writes dropped). So no code may keep a view: read `heap.float32` and the others again after each
 * possible allocation. Only `grow` makes new views.
 */
import { type WasmMemory, withWasm } from './wasm.ts';

const PAGE = 65536;
const MOST_PAGES = 65536;

export class Heap {
  /** The memory that kernels import; null without WebAssembly. */
  readonly memory: WasmMemory | null;
  /** Views of the heap from address 0. */
  float32!: Float32Array;
  float64!: Float64Array;
  int32!: Int32Array;
  bytes!: Uint8Array;

  constructor(bytes: number) {
    const pages = Math.ceil(bytes / PAGE);
    this.memory = withWasm(({ Memory }) => new Memory({ initial: pages }));
    this.#derive(this.memory?.buffer ?? new ArrayBuffer(pages * PAGE));
  }

  get byteLength(): number {
    return this.bytes.byteLength;
  }

  /**
   * Grows the heap to at least `bytes`.
   * @returns false, with nothing changed, where the engine or the 4 GiB address space do not allow
   * it.
   */
  grow(bytes: number): boolean {
    const pages = Math.ceil(bytes / PAGE);
    const more = pages - this.byteLength / PAGE;
    if (more <= 0) return true;
    if (pages > MOST_PAGES) return false;
    try {
      if (this.memory === null) {
        const larger = new ArrayBuffer(pages * PAGE);
        new Uint8Array(larger).set(this.bytes);
        this.#derive(larger);
      } else {
        this.memory.grow(more);
        this.#derive(this.memory.buffer);
      }
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  #derive(buffer: ArrayBuffer): void {
    this.float32 = new Float32Array(buffer);
    this.float64 = new Float64Array(buffer);
    this.int32 = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }
}

/**
 * The first address for blocks. 0 means "no address"; kernels keep constants and scratch memory
 * below (`kernels/scratch.ts`).
 */
export const HEAP_START = 10240;

/** The one heap of this copy of the package. */
export const heap: Heap = new Heap(4 * 1024 * 1024);
