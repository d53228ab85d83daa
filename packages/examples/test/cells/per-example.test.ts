import { leavesOf, perExampleGradients, valueAndGrad } from '@chronograd/autograd';
import { Recurrent } from '@chronograd/nn';
import { normal, Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { CELL_NAMES, CELLS } from '../../src/char-rnn/cells.ts';

const [T, B, H] = [4, 3, 4];

test.each(CELL_NAMES)('The gradient of each example of %s is that of a batch of one', (name) => {
  const options = { random: new Random(1), dtype: 'float64' } as const;
  const recurrent = new Recurrent(CELLS[name](H, H, options));
  const losses = (x: Tensor): Tensor => recurrent.forward(x).outputs.square().sum([0, 2]);
  const x = normal([T, B, H], options);
  const { grads } = perExampleGradients(recurrent, losses)(x);
  for (let b = 0; b < B; b++) {
    const alone = valueAndGrad(recurrent, (x: Tensor) => losses(x).sum())(x.slice(null, [b, b + 1]));
    const expected = leavesOf(name, alone.grads);
    for (const [i, { path, leaf }] of leavesOf(name, grads).entries()) {
      const difference = leaf.select(b).sub(expected[i]!.leaf);
      expect(difference.abs().max().item(), path).toBeLessThanOrEqual(1e-12);
    }
  }
});
