/** Rules of moves: each takes elements back from where they were put. */
import { shapeOf, sliceBy } from '@chronograd/tensor/engine';
import { rows } from '../cotangent.ts';
import { constant, type Rules } from './types.ts';

export const moveRules: Rules<'pad' | 'concat' | 'gather' | 'scatterRows' | 'cast'> = {
  pad: [(g, _, x, { starts, steps }) => sliceBy(g, starts, steps, shapeOf(x))],
  concat: (g, _, inputs, { axis }) =>
    g.split(
      inputs.map((x) => shapeOf(x)[axis]!),
      axis,
    ),
  gather: [(g, _, __, indices) => rows(g, indices), constant],
  scatterRows: [(g, _, __, indices) => g.gather(indices), constant],
  cast: [(g, _, __, { from }) => g.cast(from)],
};
