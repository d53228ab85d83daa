/** Which kernels are in use: chosen once for the whole program, strict where the engine can run them. */
import { describeValue, requireFunction, showValue, ValueError } from '../errors.ts';
import { heap } from '../memory/heap.ts';
import { refusePromise } from '../memory/scope.ts';
import { planning } from '../plan/planner.ts';
import type { CommonKernels, FloatKernels, KernelBuild, Kernels } from './contract.ts';
import { fastKernels } from './fast.ts';
import { KernelProfile } from './profile.ts';
import { referenceKernels } from './reference/index.ts';
import { strictKernels } from './strict.ts';

const reference = referenceKernels(heap);
const strict = strictKernels(heap, reference);
/** Undefined until somebody asks: those who stay with strict kernels do not pay for compiling these. */
let fast: Kernels | null | undefined;

let build: KernelBuild = strict === null ? 'reference' : 'strict';
let active: Kernels = strict ?? reference;

function kernelsNamed(name: KernelBuild): Kernels | null {
  if (name === 'reference') return reference;
  if (name === 'strict') return strict;
  if (name !== 'fast') {
    throw new ValueError(`useKernels: ${showValue(name)} came, "fast", "strict" or "reference" was expected`);
  }
  if (fast === undefined) fast = strict === null ? null : fastKernels(heap, strict);
  return fast;
}

const FORBIDDEN =
  'which this engine lacks or this page forbids (its Content-Security-Policy must allow wasm-unsafe-eval)';
const CURES = {
  strict: `strict kernels need WebAssembly with SIMD, ${FORBIDDEN}; use "reference"`,
  fast: `fast kernels need WebAssembly with relaxed SIMD, ${FORBIDDEN}; run Node 22 or newer, or node --experimental-wasm-relaxed-simd, or use "strict"`,
};

/**
 * Chooses the kernels that all later ops run on.
 * - `strict` (the default): WebAssembly SIMD in one canonical order of arithmetic: the same bits on every machine and engine.
 * - `fast`: relaxed SIMD. Products, exp, log, tanh, sigmoid and the softmax cross-entropy fuse multiplications with additions, where the
 *   processor can: quicker, as accurate, but with other bits on other machines. Everything else is strict's.
 * - `reference`: plain TypeScript; the same bits as strict, slower; runs where there is no WebAssembly.
 * @throws ValueError for an unknown name, or for kernels that the engine cannot run or the page forbids.
 */
export function useKernels(name: KernelBuild): void {
  const chosen = kernelsNamed(name);
  if (chosen === null) throw new ValueError(`useKernels: ${CURES[name as keyof typeof CURES]}`);
  planning?.refuse('kernels were chosen', 'choose them before');
  build = name;
  active = chosen;
}

/** The builds that this engine can run, the fastest first. The last is always `reference`. */
export function kernelsAvailable(): KernelBuild[] {
  return (['fast', 'strict', 'reference'] as const).filter((name) => kernelsNamed(name) !== null);
}

/**
 * Chooses the fastest kernels that this engine can run: for training, where speed counts more than equal bits on all machines.
 * @returns their name.
 */
export function useFastestKernels(): KernelBuild {
  const [fastest] = kernelsAvailable() as [KernelBuild, ...KernelBuild[]];
  useKernels(fastest);
  return fastest;
}

/**
 * Runs `body` with every launch timed and counted under `profile`. Everything outside runs as fast as ever.
 * @returns what `body` returns.
 * @throws ScopeError for a promise: what runs after an `await` would not be measured.
 * @throws PlanError inside of a planned function.
 */
export function withProfile<R>(profile: KernelProfile, body: () => R): R {
  if (!(profile instanceof KernelProfile))
    throw new ValueError(
      `withProfile: expected a KernelProfile, got ${describeValue(profile)}; write new KernelProfile(clock)`,
    );
  requireFunction('withProfile', body, 'withProfile(profile, () => …)');
  planning?.refuse('a profile was taken', 'take it around the call');
  profile.start();
  try {
    return refusePromise(withKernels(profile.over(active), body), ASYNCHRONOUS);
  } finally {
    profile.stop();
  }
}

const ASYNCHRONOUS =
  'withProfile: expected a function that returns when its work is done, got one that returns a promise; measure the synchronous parts, and await between them';

/** Runs `body` on these very kernels. */
export function withKernels<R>(kernels: Kernels, body: () => R): R {
  const before = active;
  active = kernels;
  try {
    return body();
  } finally {
    active = before;
  }
}

/** The kernels themselves, as they are looked up. */
export function activeKernels(): Kernels {
  return active;
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
