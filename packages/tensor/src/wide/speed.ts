/** Whether the engine has packed the wide kernels, which nothing but their speed shows. */
import { performance } from 'node:perf_hooks';
import type { Kernels } from '../kernels/contract.ts';
import type { Heap } from '../memory/heap.ts';

const [A, B, C] = [0x10000, 0x40000, 0x80000];
const N = 64;
const CALLS = 8;
const MOST_ROUNDS = 40;

/**
 * The time of a fast product divided by that of a wide one: the best of rounds in turn, which end
 * once it is `enough`.
 */
export function speedup(memory: Heap, fast: Kernels, wide: Kernels, enough: number): number {
  memory.float32.fill(1, A >>> 2, (B + 4 * N * N) >>> 2);
  const time = ({ float32 }: Kernels): number => {
    const start = performance.now();
    for (let call = 0; call < CALLS; call++) float32.matmul(A, N, 1, B, N, C, N, N, N, N, 0);
    return performance.now() - start;
  };
  let [ofFast, ofWide] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    ofFast = Math.min(ofFast, time(fast));
    ofWide = Math.min(ofWide, time(wide));
    if (round >= 4 && ofFast / ofWide >= enough) break;
  }
  return ofFast / ofWide;
}
