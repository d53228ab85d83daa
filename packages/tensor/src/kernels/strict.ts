/** The strict SIMD kernels: one WebAssembly instance over the heap. Sources: `kernels/`; built by `scripts/build-kernels.mjs`. */
import type { Heap } from '../memory/heap.ts';
import { type WasmGlobal, wasm } from '../memory/wasm.ts';
import { decodeBase64 } from './base64.ts';
import type { FloatKernels, Kernels } from './contract.ts';
import { strictModule } from './strict.generated.ts';

/** The module's functions themselves, with nothing around them: a call is all that stands between an op and its kernel. */
function floatKernels(
  exports: Record<string, unknown>,
  suffix: 'f32' | 'f64',
  reference: FloatKernels,
): FloatKernels {
  const kernels = Object.entries(reference).map(([name, kernel]) => [
    name,
    exports[`${name}_${suffix}`] ?? kernel,
  ]);
  return Object.fromEntries(kernels) as FloatKernels;
}

/**
 * A module of these bytes; null where the engine lacks what it needs, or will not compile it: a page whose Content-Security-Policy has no
 * `wasm-unsafe-eval` (a CompileError), a main thread before Chrome 115 (a RangeError from 4 KB on).
 */
function compile(engine: WasmGlobal, bytes: Uint8Array): object | null {
  try {
    return engine.validate(bytes) ? new engine.Module(bytes) : null;
  } catch {
    return null;
  }
}

/**
 * The strict kernels over `heap`; null where the engine has no WebAssembly, or none with SIMD, or may not compile it here. What has no
 * SIMD form (all of int32) is the reference's: it gives the same bits.
 */
export function strictKernels(heap: Heap, reference: Kernels): Kernels | null {
  if (wasm === null) return null;
  const module = compile(wasm, decodeBase64(strictModule));
  if (module === null) return null;
  const { exports } = new wasm.Instance(module, { env: { memory: heap.memory } });
  return {
    float32: floatKernels(exports, 'f32', reference.float32),
    float64: floatKernels(exports, 'f64', reference.float64),
    int32: reference.int32,
  };
}
