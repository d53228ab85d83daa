/** Which kernels are in use: chosen once for the whole program, strict where the engine can run them. */
import { ValueError } from '../errors.ts';
import { heap } from '../memory/heap.ts';
import type { CommonKernels, FloatKernels, KernelBuild, Kernels } from './contract.ts';
import type { KernelProfile } from './profile.ts';
import { referenceKernels } from './reference/index.ts';
import { strictKernels } from './strict.ts';

const reference = referenceKernels(heap);
const strict = strictKernels(heap, reference);

let build: KernelBuild = strict === null ? 'reference' : 'strict';
let active: Kernels = strict ?? reference;

/**
 * Chooses the kernels that all later ops run on.
 * - `strict`: WebAssembly SIMD in one canonical order of arithmetic: the same bits on every machine and engine.
 * - `reference`: plain TypeScript; the same bits as strict, slower; runs where there is no WebAssembly.
 * @throws ValueError for an unknown name, or for `strict` where the engine lacks WebAssembly SIMD or the page forbids it.
 */
export function useKernels(name: KernelBuild): void {
  const chosen = kernelsNamed(name);
  build = name;
  active = chosen;
}

function kernelsNamed(name: KernelBuild): Kernels {
  if (name === 'reference') return reference;
  if (name !== 'strict') {
    throw new ValueError(`useKernels: "${String(name)}" came, "strict" or "reference" was expected`);
  }
  if (strict !== null) return strict;
  throw new ValueError(
    'useKernels: strict kernels need WebAssembly with SIMD, which this engine lacks or this page forbids (its Content-Security-Policy must allow wasm-unsafe-eval); use "reference"',
  );
}

/**
 * Runs `body` with every launch timed and counted under `profile`. For synchronous work; everything outside runs as fast as ever.
 * @returns what `body` returns.
 */
export function withProfile<R>(profile: KernelProfile, body: () => R): R {
  const before = active;
  active = profile.over(active);
  profile.start();
  try {
    return body();
  } finally {
    profile.stop();
    active = before;
  }
}

/** The kernels in use. */
export function kernelsInUse(): KernelBuild {
  return build;
}

/** Kernels of any dtype. */
export function kernelsFor(dtype: 'float32' | 'float64' | 'int32'): CommonKernels {
  return dtype === 'float32' ? active.float32 : dtype === 'float64' ? active.float64 : active.int32;
}

/** Kernels of a float dtype. */
export function floatKernelsFor(dtype: 'float32' | 'float64'): FloatKernels {
  return dtype === 'float32' ? active.float32 : active.float64;
}
