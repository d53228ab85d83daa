/**
 * The reference kernels: plain loops in TypeScript. They define the bits that every strict build
 * gives, and run where WebAssembly is missing.
 */
import type { Heap } from '../../memory/heap.ts';
import type { CommonKernels, FloatKernels, Kernels } from '../contract.ts';
import { type Element, type FloatElement, float32Element, float64Element, int32Element } from './element.ts';
import { commonElementwise, floatElementwise } from './elementwise.ts';
import { losses } from './loss.ts';
import { type AddScaledRow, addScaledRow32, addScaledRow64, matrices } from './matmul.ts';
import { moves } from './moves.ts';
import { reductions } from './reduce.ts';
import { updates } from './update.ts';

function commonKernels(heap: Heap, element: Element): CommonKernels {
  return { ...commonElementwise(element), ...reductions(heap, element), ...moves(heap, element) };
}

function floatKernels(heap: Heap, element: FloatElement, addScaledRow: AddScaledRow): FloatKernels {
  return {
    ...commonKernels(heap, element),
    ...floatElementwise(element),
    ...matrices(heap, element, addScaledRow),
    ...losses(heap, element),
    ...updates(element),
  };
}

/** All reference kernels over one heap. */
export function referenceKernels(heap: Heap): Kernels {
  return {
    float32: floatKernels(heap, float32Element(heap), addScaledRow32),
    float64: floatKernels(heap, float64Element(heap), addScaledRow64),
    int32: commonKernels(heap, int32Element(heap)),
  };
}
