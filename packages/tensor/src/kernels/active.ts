/** The choice of kernels, for the whole program. Default: strict, where the engine can run them. */

import type { Dtype } from '../dtype.ts';
import { unsupported } from '../effects.ts';
import { describeValue, requireFunction, showValue, ValueError } from '../errors.ts';
import { heap } from '../memory/heap.ts';
import { refusePromise } from '../memory/scope.ts';
import { runtime, withRuntime } from '../runtime.ts';
import { kernelsOf } from './builds.ts';
import type { CommonKernels, FloatKernels, KernelBuild, Kernels } from './contract.ts';
import { KernelProfile } from './profile.ts';

/** Fastest first. */
const BUILDS: readonly KernelBuild[] = ['wide', 'fast', 'strict', 'reference'];

function requireBuild(name: KernelBuild): Kernels | null {
  if (BUILDS.includes(name)) return kernelsOf(name);
  throw new ValueError(`useKernels: expected "fast", "strict" or "reference", got ${showValue(name)}`);
}

const FORBIDDEN =
  'which this engine lacks or this page forbids (its Content-Security-Policy must allow wasm-unsafe-eval)';
const CURES = {
  strict: `strict kernels need WebAssembly with SIMD, ${FORBIDDEN}; use "reference"`,
  fast: `fast kernels need WebAssembly with relaxed SIMD, ${FORBIDDEN}; run Node 22 or newer, or node --experimental-wasm-relaxed-simd, or use "strict"`,
  wide: 'wide kernels are not loaded; call useWideKernels() of "@chronograd/tensor/node", or use "fast"',
};

/**
 * Chooses the kernels that all later ops run on.
 * - `strict` (default): WebAssembly SIMD in one canonical order of arithmetic. The same bits on
 *   every machine and engine.
 * - `fast`: relaxed SIMD. Products, exp, log, tanh, sigmoid and the softmax cross-entropy fuse
 *   multiplications with additions where the processor can. Faster and as accurate, but with other
 *   bits on other machines. The other kernels are strict.
 * - `wide`: the bits of `fast`, faster. In Node only, after `useWideKernels()` of
 *   `@chronograd/tensor/node`.
 * - `reference`: plain TypeScript. The same bits as strict, slower. Runs without WebAssembly.
 * @throws ValueError for an unknown name, or for kernels that the engine cannot run or the page
 * forbids.
 */
export function useKernels(name: KernelBuild): void {
  const kernels = requireBuild(name);
  if (kernels === null) throw new ValueError(`useKernels: ${CURES[name as keyof typeof CURES]}`);
  unsupported('kernels were chosen', 'choose them before');
  Object.assign(runtime, { kernels, kernelBuild: name });
}

/**
 * The builds that this engine can run, fastest first. The last is always `reference`. Wide kernels
 * are among them once they are loaded.
 */
export function kernelsAvailable(): KernelBuild[] {
  return BUILDS.filter((name) => kernelsOf(name) !== null);
}

/**
 * Chooses the fastest kernels that this engine can run: for training, where speed matters more than
 * equal bits on all machines.
 * @returns their name.
 */
export function useFastestKernels(): KernelBuild {
  const [fastest] = kernelsAvailable() as [KernelBuild, ...KernelBuild[]];
  useKernels(fastest);
  return fastest;
}

/**
 * Runs `body` with every launch timed and counted in `profile`.
 * @returns what `body` returns.
 * @throws ScopeError for a promise: what runs after an `await` would not be measured.
 * @throws PlanError inside a planned function.
 */
export function withProfile<R>(profile: KernelProfile, body: () => R): R {
  if (!(profile instanceof KernelProfile))
    throw new ValueError(
      `withProfile: expected a KernelProfile, got ${describeValue(profile)}; write new KernelProfile(clock)`,
    );
  requireFunction('withProfile', body, 'withProfile(profile, () => …)');
  unsupported('a profile was taken', 'take it around the call');
  profile.start();
  try {
    return refusePromise(withRuntime({ kernels: profile.over(runtime.kernels) }, body), ASYNCHRONOUS);
  } finally {
    profile.stop();
  }
}

const ASYNCHRONOUS =
  'withProfile: expected a function that returns when its work is done, got one that returns a promise; measure the synchronous parts, and await between them';

/** The kernels in use. */
export function kernelsInUse(): KernelBuild {
  return runtime.kernelBuild;
}

/** Kernels of any dtype. */
export function kernelsFor(dtype: 'float32' | 'float64' | 'int32'): CommonKernels {
  const { kernels } = runtime;
  return dtype === 'float32' ? kernels.float32 : dtype === 'float64' ? kernels.float64 : kernels.int32;
}

/** Kernels of a float dtype. */
export function floatKernelsFor(dtype: 'float32' | 'float64'): FloatKernels {
  return dtype === 'float32' ? runtime.kernels.float32 : runtime.kernels.float64;
}

/** The look-up of one kernel by dtype. */
export const kernelNamed = <K extends keyof CommonKernels>(name: K): ((dtype: Dtype) => CommonKernels[K]) =>
  lookUp(name as keyof FloatKernels) as (dtype: Dtype) => CommonKernels[K];

/** The look-up of one kernel by float dtype. */
export const floatKernelNamed = <K extends keyof FloatKernels>(
  name: K,
): ((dtype: 'float32' | 'float64') => FloatKernels[K]) => lookUp(name);

/** Cached until other kernels are in use: V8 is slow where one place reads many properties. */
function lookUp<K extends keyof FloatKernels>(name: K): (dtype: Dtype) => FloatKernels[K] {
  let from: Kernels | null = null;
  let float32: FloatKernels[K];
  let float64: FloatKernels[K];
  let int32: FloatKernels[K];
  return (dtype) => {
    const { kernels } = runtime;
    if (kernels !== from) {
      // The kernels of a plan that is being recorded refer to it. They are not kept here.
      if (runtime.planner !== null) return (kernelsFor(dtype) as FloatKernels)[name];
      from = kernels;
      float32 = kernels.float32[name];
      float64 = kernels.float64[name];
      int32 = (kernels.int32 as FloatKernels)[name]; // undefined for a kernel of floats
    }
    return dtype === 'float32' ? float32 : dtype === 'float64' ? float64 : int32;
  };
}

/**
 * Writes one element. A launch while a plan is recorded, so that replays repeat it; otherwise
 * cheaper than one.
 */
export function fillOne(dtype: Dtype, address: number, value: number): void {
  if (runtime.planner !== null) kernelsFor(dtype).fill(address, 1, value);
  else if (dtype === 'float32') heap.float32[address >>> 2] = value;
  else if (dtype === 'float64') heap.float64[address >>> 3] = value;
  else heap.int32[address >>> 2] = value;
}
