/** Which kernels are in use: chosen once for the whole program, strict where the engine can run them. */
import { ValueError } from '../errors.ts';
import { heap } from '../memory/heap.ts';
import type { CommonKernels, FloatKernels, KernelBuild, Kernels } from './contract.ts';
import { referenceKernels } from './reference/index.ts';
import { strictKernels } from './strict.ts';

const reference = referenceKernels(heap);
const strict = strictKernels(heap, reference);

let active: Kernels = strict ?? reference;

/**
 * Chooses the kernels that all later ops run on.
 * - `strict`: WebAssembly SIMD in one canonical order of arithmetic: the same bits on every machine and engine.
 * - `reference`: plain TypeScript; the same bits as strict, slower; runs where there is no WebAssembly.
 * @throws ValueError for an unknown name, or for `strict` where the engine lacks WebAssembly SIMD.
 */
export function useKernels(build: KernelBuild): void {
  if (build === 'reference') active = reference;
  else if (build !== 'strict') {
    throw new ValueError(`useKernels: "${String(build)}" came, "strict" or "reference" was expected`);
  } else if (strict === null) {
    throw new ValueError(
      'useKernels: strict kernels need WebAssembly with SIMD, which this engine lacks; use "reference"',
    );
  } else active = strict;
}

/** The kernels in use. */
export function kernelsInUse(): KernelBuild {
  return active === reference ? 'reference' : 'strict';
}

/** Kernels of any dtype. */
export function kernelsFor(dtype: 'float32' | 'float64' | 'int32'): CommonKernels {
  return dtype === 'float32' ? active.float32 : dtype === 'float64' ? active.float64 : active.int32;
}

/** Kernels of a float dtype. */
export function floatKernelsFor(dtype: 'float32' | 'float64'): FloatKernels {
  return dtype === 'float32' ? active.float32 : active.float64;
}
