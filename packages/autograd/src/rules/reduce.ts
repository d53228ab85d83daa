/** Rules of reductions, whose outputs keep the reduced axes as size 1. */
import { equal } from '@chronograd/tensor';
import { shapeOf } from '@chronograd/tensor/engine';
import { constant, type Rules } from './types.ts';

export const reduceRules: Rules<'sum' | 'max' | 'min' | 'argmax'> = {
  sum: [(g, _, x) => g.expand(shapeOf(x))],
  // Those that reach the extreme share evenly.
  max: [(g, y, x, { axes }) => equal(x, y).mul(g.div(equal(x, y).sum(axes, true)))],
  min: [(g, y, x, { axes }) => equal(x, y).mul(g.div(equal(x, y).sum(axes, true)))],
  argmax: constant,
};
