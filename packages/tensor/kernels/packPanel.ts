import { PANEL } from './scratch';

/**
 * Copies `vectors` (2 or 4, constant at every call) vectors of each of k rows of B to `PANEL`, one
 * after the other. There they are aligned and do not evict one another from the cache.
 */
@inline
export function packPanel(vectors: i32, b: usize, bRow: i32, k: i32): void {
  let to = PANEL;
  for (; k > 0; k--) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    v128.store(to, b1, 16);
    v128.store(to, b0);
    if (vectors == 4) {
      const b2 = v128.load(b, 32), b3 = v128.load(b, 48);
      v128.store(to, b3, 48);
      v128.store(to, b2, 32);
    }
    b += bRow;
    to += 16 * vectors;
  }
}
