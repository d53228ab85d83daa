/** Every cell of the zoo in a stream gives the bits of the whole sequence. */
import { Recurrent, stream } from '@chronograd/nn';
import { normal, Random, stack } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { zoo } from './zoo.ts';

test.each(zoo)('%s', (_, make) => {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const batch of [1, 3]) {
      const random = new Random(batch);
      const model = new Recurrent([make(5, 6, { random, dtype }), make(6, 6, { random, dtype })]);
      const x = normal([7, batch, 5], { random, dtype });
      const live = stream(model, { batch });
      const outputs = Array.from({ length: 7 }, (_, t) => live.push(x.select(t)));
      expect(stack(outputs).toTypedArray()).toEqual(model.forward(x).outputs.toTypedArray());
    }
  }
});
