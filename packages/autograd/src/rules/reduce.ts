/** Rules of reductions, whose outputs keep the reduced axes as size 1. */
import { equal, notEqual, type Tensor, where } from '@chronograd/tensor';
import { shapeOf } from '@chronograd/tensor/engine';
import { constant, type Rules } from './types.ts';

export const reduceRules: Rules<'sum' | 'max' | 'min' | 'argmax' | 'argsort'> = {
  sum: [(g, _, x) => g.expand(shapeOf(x))],
  max: [(g, y, x, { axes }) => shared(g, y, x, axes)],
  min: [(g, y, x, { axes }) => shared(g, y, x, axes)],
  argmax: constant,
  argsort: constant,
};

/** Elements equal to the extreme share `g` evenly. If there is a NaN, it is the extreme. */
function shared(g: Tensor, y: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const chosen = equal(x, y).add(notEqual(x, x));
  return where(chosen, g.div(chosen.sum(axes, true)), 0);
}
