/**
 * The fast kernels: relaxed SIMD, which multiplies and adds in one instruction with one rounding
 * where the processor can.
 */
import type { Heap } from '../memory/heap.ts';
import type { Kernels } from './contract.ts';
import { fastModule } from './fast.generated.ts';
import { moduleKernels } from './module.ts';

/**
 * The fast kernels over `heap`, the strict ones where fusing gains nothing; null where the engine
 * lacks relaxed SIMD.
 */
export function fastKernels(heap: Heap, strict: Kernels): Kernels | null {
  return moduleKernels(fastModule, heap, strict);
}
