import { expect, test } from 'vitest';
import { heldOutNats } from '../../src/char-rnn/evaluate.ts';
import { atOnce, withPauses } from '../../src/char-rnn/progress/work.ts';
import { chancesAfter } from './oracle.ts';
import { steps, tinyTrainer } from './tiny.ts';

test.each([2, 3, 256, 257, 258, 600])(
  'The held-out loss of %d characters is that of the handwritten network over one long sequence, every character but the first',
  async (length) => {
    const trainer = tinyTrainer({ dtype: 'float64' });
    await steps(trainer, 200);
    const characters = trainer.text.training.subarray(0, length);
    const chances = chancesAfter(trainer.model, characters);
    let nats = 0;
    for (let i = 1; i < length; i++) nats -= Math.log(chances[i - 1]![characters[i]!]!);
    expect(atOnce(heldOutNats(trainer.model, characters))).toBeCloseTo(nats / (length - 1), 10);
  },
);

test('Who pauses the work can end it there', async () => {
  const trainer = tinyTrainer();
  let pauses = 0;
  const stop = async (): Promise<boolean> => ++pauses < 2;
  const parts = heldOutNats(trainer.model, trainer.text.training.subarray(0, 1_000));
  expect(await withPauses(parts, 'evaluating', stop)).toBeNull();
  expect(pauses).toBe(2);
});
