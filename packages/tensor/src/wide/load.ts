/** The wide kernels: loaded on request, and used only after they have passed a test. */
import { useFastestKernels } from '../kernels/active.ts';
import { addWideKernels, kernelsOf } from '../kernels/builds.ts';
import type { KernelBuild, Kernels } from '../kernels/contract.ts';
import { fastModule } from '../kernels/fast.generated.ts';
import { decodeHex } from '../kernels/hex.ts';
import { kernelsFrom } from '../kernels/module.ts';
import { wideModule } from '../kernels/wide.generated.ts';
import { Heap, heap } from '../memory/heap.ts';
import { type WasmGlobal, wasm } from '../memory/wasm.ts';
import { compileOptimized, unknownEngine } from './compile.ts';
import { firstDifference, TEST_BYTES } from './self-test.ts';
import { speedup } from './speed.ts';

/** What `useWideKernels` has chosen. */
export interface WideKernels {
  /** The kernels in use now. */
  readonly kernels: KernelBuild;
  /** Why they are not the wide ones; null if they are. */
  readonly reason: string | null;
}

/** Packed products take half of the time of fast ones, and products that are not packed twice. */
const LEAST_SPEEDUP = 1.25;

/** Undefined until the kernels are asked for. */
let outcome: string | null | undefined;

/**
 * Chooses the wide kernels: the bits of the fast ones, from 256-bit registers. They need Node 24 to
 * 26 on a processor with AVX2, and an experimental flag of V8, which is set only while they are
 * compiled. The first call compiles them and compares each with its fast kernel, bit for bit, in
 * tens of milliseconds. Where they cannot run or fail, the fastest other kernels are chosen.
 * @returns which kernels are in use, and why they are not the wide ones.
 * @throws PlanError inside a planned function.
 * @example
 * const { kernels, reason } = useWideKernels();
 * console.log(reason ?? `${kernels} kernels`);
 */
export function useWideKernels(): WideKernels {
  if (outcome === undefined) outcome = load();
  return { kernels: useFastestKernels(), reason: outcome };
}

function load(): string | null {
  const fast = kernelsOf('fast');
  if (fast === null) return 'wide kernels need WebAssembly with relaxed SIMD, which this engine lacks';
  const unknown = unknownEngine();
  if (unknown !== null) return unknown;
  try {
    const compiled = compileOptimized(decodeHex(wideModule), true);
    const problem = testedOn(new Heap(TEST_BYTES), compiled);
    if (problem === null) addWideKernels(over(heap, compiled, fast));
    return problem;
  } catch (error) {
    return `wide kernels could not be compiled: ${(error as Error).message}`;
  }
}

/** Why the compiled kernels are not used; null if they may be. */
function testedOn(memory: Heap, compiled: object): string | null {
  const strict = kernelsOf('strict') as Kernels;
  const fast = over(memory, compileOptimized(anotherModule(decodeHex(fastModule)), false), strict);
  const wide = over(memory, compiled, fast);
  const difference = firstDifference(memory, fast, wide);
  if (difference !== null) return `wide kernels failed their test: ${difference}`;
  const ratio = speedup(memory, fast, wide, LEAST_SPEEDUP);
  if (ratio >= LEAST_SPEEDUP) return null;
  return `wide kernels need a processor with AVX2: here a product is ${ratio.toFixed(2)} × as fast as with fast ones`;
}

function over(memory: Heap, compiled: object, others: Kernels): Kernels {
  const { Instance } = wasm as WasmGlobal;
  return kernelsFrom(new Instance(compiled, { env: { memory: memory.memory } }).exports, others);
}

/**
 * The module with an empty custom section. V8 shares the code of modules with equal bytes, and the
 * fast module may have been compiled before, by the baseline compiler.
 */
function anotherModule(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes, 0, 1, 0]);
}
