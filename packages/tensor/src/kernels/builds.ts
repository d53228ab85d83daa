/** The builds of the kernels, over the one heap. */
import { heap } from '../memory/heap.ts';
import type { KernelBuild, Kernels } from './contract.ts';
import { fastKernels } from './fast.ts';
import { referenceKernels } from './reference/index.ts';
import { strictKernels } from './strict.ts';

const reference = referenceKernels(heap);
const strict = strictKernels(heap, reference);
/** Compiled when first asked for: programs that stay with strict kernels do not pay for it. */
let fast: Kernels | null | undefined;
/** Loaded by `wide/load.ts`, which only the entry for Node imports. */
let wide: Kernels | null = null;

/** Strict kernels where the engine can run them. */
export const defaultBuild: KernelBuild = strict === null ? 'reference' : 'strict';
export const defaultKernels: Kernels = strict ?? reference;

/** The kernels of a build; null where the engine cannot run them. */
export function kernelsOf(build: KernelBuild): Kernels | null {
  if (build === 'reference') return reference;
  if (build === 'strict') return strict;
  if (build === 'wide') return wide;
  if (fast === undefined) fast = strict === null ? null : fastKernels(heap, strict);
  return fast;
}

/** Makes wide kernels available. */
export function addWideKernels(kernels: Kernels): void {
  wide = kernels;
}
