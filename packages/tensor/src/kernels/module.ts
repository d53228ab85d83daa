/**
 * A WebAssembly module of kernels, over the heap. Sources: `kernels/`; built by
 * `scripts/build-kernels.mjs`.
 */
import type { Heap } from '../memory/heap.ts';
import { withWasm } from '../memory/wasm.ts';
import type { FloatKernels, Kernels } from './contract.ts';
import { decodeHex } from './hex.ts';

/** The module's functions without wrappers: an op calls its kernel directly. */
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
 * What a module, as bytes or in hexadecimal digits, exports over these imports. Null where the
 * engine has no WebAssembly, lacks the instructions that the module uses, or refuses it.
 */
export function instantiate(
  module: string | Uint8Array,
  imports: Record<string, unknown>,
): Record<string, unknown> | null {
  return withWasm((engine) => {
    const bytes = typeof module === 'string' ? decodeHex(module) : module;
    if (!engine.validate(bytes)) return null;
    return new engine.Instance(new engine.Module(bytes), { env: imports }).exports;
  });
}

/**
 * The kernels of a module over `heap`, and those of `others` where it has none. Null where it
 * cannot be instantiated.
 */
export function moduleKernels(module: string, heap: Heap, others: Kernels): Kernels | null {
  const exports = instantiate(module, { memory: heap.memory });
  return exports && kernelsFrom(exports, others);
}

/** The kernels that a module exports, and those of `others` where it has none. */
export function kernelsFrom(exports: Record<string, unknown>, others: Kernels): Kernels {
  return {
    float32: floatKernels(exports, 'f32', others.float32),
    float64: floatKernels(exports, 'f64', others.float64),
    int32: others.int32,
  };
}
