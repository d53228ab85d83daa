/**
 * Launches as words in the heap, which a small module of our own (`kernels/replay.ts`) runs through: one call from JavaScript for all of
 * them. Kernels that are no WebAssembly functions cannot be called so.
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
/** Places of the table that hold a kernel. */
let used = 0;
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

/** Puts a kernel into the table. Null, and nothing changed, where there is no table or it does not take this function. */
function newPlace(kernel: Kernel): number | null {
  if (replayer === undefined) replayer = makeReplayer();
  if (replayer === null) return null;
  const { functions } = replayer;
  try {
    // The place that a function of JavaScript did not get is the next one's.
    if (used === functions.length) functions.grow(1);
    functions.set(used, kernel);
    return used++;
  } catch {
    return null;
  }
}

function makeReplayer(): Replayer | null {
  const functions = withWasm(({ Table }) => new Table({ initial: 1, element: 'anyfunc' }));
  const exports = instantiate(replayModule, { memory: heap.memory, table: functions });
  return functions && exports && { functions, replay: exports.replay as Replayer['replay'] };
}
