/** Rules of views: the same view, backward. */
import { padBy, shapeOf, sliceBy } from '@chronograd/tensor/engine';
import { region } from '../cotangent.ts';
import type { Rules } from './types.ts';

const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

export const viewRules: Rules<'alias' | 'reshape' | 'permute' | 'expand' | 'slice' | 'select' | 'flip'> = {
  alias: [(g) => g],
  reshape: [(g, _, x) => g.reshape(shapeOf(x))],
  permute: [
    {
      pull: (g, _, __, { order }) => g.permute(inverse(order)),
      // The pending products of a transposed weight, transposed, are those of the weight.
      passOn: ({ order }) => (order.length === 2 && order[0] === 1 ? (pending) => pending.transpose() : null),
    },
  ],
  // The engine sums over the expanded axes.
  expand: [(g) => g],
  slice: [
    (g, y, _, { starts, steps }) =>
      region(
        g,
        (whole) => sliceBy(whole, starts, steps, shapeOf(y)),
        (part, shape) => padBy(part, starts, steps, shape),
      ),
  ],
  select: [
    (g, _, x, { axis, index }) =>
      region(
        g,
        (whole) => whole.select(index, axis),
        (part, shape) =>
          padBy(
            part.unsqueeze(axis),
            shapeOf(x).map((__, other) => (other === axis ? index : 0)),
            shapeOf(x).map(() => 1),
            shape,
          ),
      ),
  ],
  flip: [(g, _, __, { axes }) => g.flip(axes)],
};
