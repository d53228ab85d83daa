/** A WebAssembly module of kernels, over the heap. Sources: `kernels/`; built by `scripts/build-kernels.mjs`. */
import type { Heap } from '../memory/heap.ts';
import { type WasmGlobal, wasm } from '../memory/wasm.ts';
import type { FloatKernels, Kernels } from './contract.ts';
import { decodeHex } from './hex.ts';

/** The module's functions themselves, with nothing around them: a call is all that stands between an op and its kernel. */
function floatKernels(
  exports: Record<string, unknown>,
  suffix: 'f32' | 'f64',
  others: FloatKernels,
): FloatKernels {
  const kernels = Object.entries(others).map(([name, kernel]) => [
    name,
    exports[`${name}_${suffix}`] ?? kernel,
  ]);
  return Object.fromEntries(kernels) as FloatKernels;
}

/**
 * A module of these bytes; null where the engine lacks what it needs, or will not compile it: a page whose Content-Security-Policy has no
 * `wasm-unsafe-eval` (a CompileError), a main thread before Chrome 115 (a RangeError from 4 KB on).
 */
export function compile(engine: WasmGlobal, bytes: Uint8Array): object | null {
  try {
    return engine.validate(bytes) ? new engine.Module(bytes) : null;
  } catch {
    return null;
  }
}

/**
 * The kernels of a module, in hexadecimal digits, over `heap`, and those of `others` where it has none. Null where the engine has no
 * WebAssembly, or not the instructions that the module uses, or may not compile it here.
 */
export function moduleKernels(module: string, heap: Heap, others: Kernels): Kernels | null {
  if (wasm === null) return null;
  const compiled = compile(wasm, decodeHex(module));
  if (compiled === null) return null;
  const { exports } = new wasm.Instance(compiled, { env: { memory: heap.memory } });
  return {
    float32: floatKernels(exports, 'f32', others.float32),
    float64: floatKernels(exports, 'f64', others.float64),
    int32: others.int32,
  };
}
