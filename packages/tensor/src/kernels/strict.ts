/** The strict SIMD kernels: the reference's bits, many times faster. */
import type { Heap } from '../memory/heap.ts';
import type { Kernels } from './contract.ts';
import { moduleKernels } from './module.ts';
import { strictModule } from './strict.generated.ts';

/**
 * The strict kernels over `heap`, the reference's where there is no SIMD form (all of int32); null
 * where the engine lacks SIMD.
 */
export function strictKernels(heap: Heap, reference: Kernels): Kernels | null {
  return moduleKernels(strictModule, heap, reference);
}
