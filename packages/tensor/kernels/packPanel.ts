import { PANEL } from './scratch';

/**
 * Copies `vectors` (2 or 4, constant at every call) vectors of each of k rows of B to `PANEL`, one
 * after the other. There they are aligned and do not evict one another from the cache.
 */
@inline
export function packPanel(vectors: i32, b: usize, bRow: i32, k: i32): void {
  let to = PANEL;
  for (; k > 0; k--) {
    v128.store(to, v128.load(b));
    v128.store(to, v128.load(b, 16), 16);
    if (vectors == 4) {
      v128.store(to, v128.load(b, 32), 32);
      v128.store(to, v128.load(b, 48), 48);
    }
    b += bRow;
    to += 16 * vectors;
  }
}
