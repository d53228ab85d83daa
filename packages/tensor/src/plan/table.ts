/**
 * Launches as words in the heap, which a small module of our own (`kernels/replay.ts`) runs through: one call from JavaScript for all of
 * them. Kernels that are no WebAssembly functions cannot be called so.
 */
import { decodeHex } from '../kernels/hex.ts';
import { compile } from '../kernels/module.ts';
import { replayModule } from '../kernels/replay.generated.ts';
import { heap } from '../memory/heap.ts';
import { type WasmTable, wasm } from '../memory/wasm.ts';

export type Kernel = (...args: number[]) => number | undefined;

/** One launch. */
export interface Launch {
  readonly name: string;
  readonly dtype: 'float32' | 'float64' | 'int32';
  readonly kernel: Kernel;
  readonly args: readonly number[];
}

/** How many arguments `replay` can pass on; all are whole numbers. */
const COUNTS: ReadonlySet<number> = new Set([3, 5, 7, 8, 10, 11]);
/** Kernels with arguments that are not. */
const FRACTIONS: ReadonlySet<string> = new Set(['clip', 'sgd', 'adagrad', 'adam']);
const FILL = { float32: 62, float64: 63 };

interface Replayer {
  readonly functions: WasmTable;
  readonly replay: (at: number, end: number) => void;
}
/** Undefined until a plan asks. */
let replayer: Replayer | null | undefined;
const places = new WeakMap<Kernel, number | null>();

/** A launch as words; null where only JavaScript can make it. */
export function wordsOf({ name, dtype, kernel, args }: Launch): number[] | null {
  const place = placeOf(kernel);
  if (place === null) return null;
  if (name === 'fill' && dtype !== 'int32') {
    const value = new Int32Array(Float64Array.of(args[2]!).buffer);
    return [place, FILL[dtype], args[0]!, args[1]!, value[0]!, value[1]!];
  }
  return COUNTS.has(args.length) && !FRACTIONS.has(name) ? [place, args.length + 2, ...args] : null;
}

/** Writes launches to an address that has room for them. @returns what runs them. */
export function replayOf(words: readonly number[], at: number): () => void {
  const { replay } = replayer!;
  for (let i = 0; i < words.length; i++) heap.int32[(at >>> 2) + i] = words[i]!;
  const end = at + 4 * words.length;
  return () => replay(at, end);
}

function placeOf(kernel: Kernel): number | null {
  let place = places.get(kernel);
  if (place === undefined) {
    place = newPlace(kernel);
    places.set(kernel, place);
  }
  return place;
}

function newPlace(kernel: Kernel): number | null {
  replayer ??= makeReplayer();
  if (replayer === null) return null;
  try {
    return replayer.functions.grow(1, kernel);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function makeReplayer(): Replayer | null {
  if (wasm === null) return null;
  const compiled = compile(wasm, decodeHex(replayModule));
  if (compiled === null) return null;
  const table = new wasm.Table({ initial: 1, element: 'anyfunc' });
  const { exports } = new wasm.Instance(compiled, { env: { memory: heap.memory, table } });
  return { functions: table, replay: exports.replay as Replayer['replay'] };
}
