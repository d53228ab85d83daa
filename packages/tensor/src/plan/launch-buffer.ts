/**
 * Launches encoded as 32-bit words in the heap. The WebAssembly module of `kernels/replay.ts` runs
 * all of them in one call from JavaScript. Kernels that are not WebAssembly functions cannot be
 * encoded.
 */
import { instantiate } from '../kernels/module.ts';
import { replayModule } from '../kernels/replay.generated.ts';
import { heap } from '../memory/heap.ts';
import { type WasmTable, withWasm } from '../memory/wasm.ts';

export type Kernel = (...args: number[]) => number | undefined;

/** One launch. */
export interface Launch {
  readonly name: string;
  readonly dtype: 'float32' | 'float64' | 'int32';
  readonly kernel: Kernel;
  readonly args: number[];
  /** The positions of addresses in `args`. Default: those of the kernel's name. */
  readonly addresses?: readonly number[];
}

/** The numbers of arguments that `replay` can pass. All arguments are whole numbers. */
const COUNTS: ReadonlySet<number> = new Set([3, 5, 7, 8, 10, 11]);
/** Kernels with other arguments. */
const FRACTIONS: ReadonlySet<string> = new Set(['clip', 'sgd', 'adagrad', 'adam']);
const FUSED = 61;
const FILL = { float32: 62, float64: 63 };

interface Replayer {
  readonly functions: WasmTable;
  readonly replay: (at: number, end: number) => void;
}
/** Undefined until a plan needs it. */
let replayer: Replayer | null | undefined;
/** Entries of the table that hold a kernel. */
let count = 0;
const indices = new WeakMap<Kernel, number | null>();

/** A launch as words; null if only JavaScript can make it. */
export function encodeLaunch({ name, dtype, kernel, args }: Launch): number[] | null {
  const index = indexOf(kernel);
  if (index === null) return null;
  // A fused kernel reads its words here.
  if (name === 'fused') return [index, FUSED, 4 * (args.length + 3), ...args];
  if (name === 'fill' && dtype !== 'int32') {
    const value = new Int32Array(Float64Array.of(args[2]!).buffer);
    return [index, FILL[dtype], args[0]!, args[1]!, value[0]!, value[1]!];
  }
  return COUNTS.has(args.length) && !FRACTIONS.has(name) ? [index, args.length + 2, ...args] : null;
}

/** Writes launches to an address with room for them. @returns a function that runs them. */
export function writeLaunches(words: readonly number[], at: number): () => void {
  const { replay } = replayer!;
  for (let i = 0; i < words.length; i++) heap.int32[(at >>> 2) + i] = words[i]!;
  const end = at + 4 * words.length;
  return () => replay(at, end);
}

/** Whether it is a WebAssembly function. */
export function isCompiled(kernel: Kernel): boolean {
  return indexOf(kernel) !== null;
}

function indexOf(kernel: Kernel): number | null {
  let index = indices.get(kernel);
  if (index === undefined) {
    index = addToTable(kernel);
    indices.set(kernel, index);
  }
  return index;
}

/**
 * Adds a kernel to the table. Null, and no change, without a table or for a JavaScript function.
 */
function addToTable(kernel: Kernel): number | null {
  if (replayer === undefined) replayer = makeReplayer();
  if (replayer === null) return null;
  const { functions } = replayer;
  try {
    // An entry that a JavaScript function could not take is free for the next kernel.
    if (count === functions.length) functions.grow(1);
    functions.set(count, kernel);
    return count++;
  } catch {
    return null;
  }
}

function makeReplayer(): Replayer | null {
  const functions = withWasm(({ Table }) => new Table({ initial: 1, element: 'anyfunc' }));
  const exports = instantiate(replayModule, { memory: heap.memory, table: functions });
  return functions && exports && { functions, replay: exports.replay as Replayer['replay'] };
}
