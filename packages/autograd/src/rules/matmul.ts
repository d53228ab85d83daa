/** Rules of products. */
import { product } from '../cotangent.ts';
import type { Rules } from './types.ts';

export const matmulRules: Rules<'matmul' | 'linear'> = {
  matmul: [
    (g, _, __, b) => g.matmul(b.transpose()),
    // Of a matrix b, a is a matrix too: `matmul` has combined the leading axes of another.
    (g, _, a, b) => (b.rank === 2 ? product(a.transpose(), g) : a.transpose().matmul(g)),
  ],
  linear: [(g, _, __, w) => g.matmul(w), (g, _, x) => product(g.transpose(), x), (g) => g],
};
