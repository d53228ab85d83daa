/** A map of words: their vectors in the plane where they vary most. */

import { concat, normal, type Random, type Tensor } from '@chronograd/tensor';
import * as Plot from '@observablehq/plot';
import { drawPanel, FOOT, HEAD } from '../plots/panel.ts';
import { saveFigure } from '../plots/save-figure.ts';
import { scaleOf } from '../plots/scale.ts';
import { paint } from '../plots/theme.ts';

/** The directions in which rows vary most, by repeated products. @returns rows [N, 2] */
function plane(rows: Tensor, random: Random): Tensor {
  const centered = rows.sub(rows.mean(0));
  const directions: Tensor[] = [];
  for (let k = 0; k < 2; k++) {
    let direction = normal([rows.shape[1]!, 1], { random });
    for (let i = 0; i < 100; i++) {
      direction = centered.transpose().matmul(centered.matmul(direction));
      for (const other of directions) direction = direction.sub(other.mul(direction.mul(other).sum()));
      direction = direction.div(direction.norm());
    }
    directions.push(direction);
  }
  return centered.matmul(concat(directions, 1));
}

/** Draws words at their places. @param vectors [N, E], one for each word */
export function drawWords(words: readonly string[], vectors: Tensor, random: Random, plot: string): void {
  const points = plane(vectors, random).toArray() as [number, number][];
  const at = points.map(([x, y], i) => ({ x, y, word: words[i]! }));
  const axisOf = (label: string, values: readonly number[]) => ({
    axis: { label },
    scale: scaleOf({ label }, values, 8),
  });
  const x = axisOf(
    'first direction',
    at.map((each) => each.x),
  );
  const y = axisOf(
    'second direction',
    at.map((each) => each.y),
  );
  const marks = [Plot.text(at, { x: 'x', y: 'y', text: 'word', fill: paint('text'), fontSize: 12 })];
  const frame = { width: 960, height: 640, left: 40, right: 40, top: HEAD, bottom: FOOT };
  saveFigure(plot, {
    name: 'embedding',
    title: 'Words of Moby Dick',
    caption: 'Frequent words of four letters or more, in the plane where their vectors vary most.',
    panels: [drawPanel('Vectors of words', x, y, frame, marks)],
  });
}
