/** The kernel law: a build equals the reference, bit for bit or within a bound, for any launch. */
import fc from 'fast-check';
import type { FloatKernels } from '../../src/kernels/contract.ts';
import type { Heap } from '../../src/memory/heap.ts';
import { type Launch, type Near, Trial } from './trial.ts';

/**
 * Checks one kernel on a heap: two builds, one dtype, random launches. Default: bit for bit; `near`
 * gives a bound.
 */
export type Law = (
  heap: Heap,
  dtype: 'float32' | 'float64',
  reference: FloatKernels,
  other: FloatKernels,
  numRuns: number,
  near?: Near,
) => void;

/** A law from sizes and a launch over blocks of these sizes. */
export function law<Sizes>(sizes: fc.Arbitrary<Sizes>, launch: (trial: Trial, sizes: Sizes) => Launch): Law {
  return (heap, dtype, reference, other, numRuns, near) => {
    fc.assert(
      fc.property(sizes, fc.integer(), (drawn, seed) => {
        const trial = new Trial(heap, dtype, seed);
        trial.compare(launch(trial, drawn), reference, other, near);
      }),
      { seed: 1, numRuns },
    );
  };
}
