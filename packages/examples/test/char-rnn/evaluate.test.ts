import { expect, test } from 'vitest';
import { heldOutBits } from '../../src/char-rnn/evaluate.ts';
import { chancesAfter } from './oracle.ts';
import { steps, tinyTrainer } from './tiny.ts';

const goOn = async (): Promise<boolean> => true;

test.each([2, 3, 256, 257, 258, 600])(
  'Held-out bits of %d characters are those of the handwritten network over one long sequence, every character but the first',
  async (length) => {
    const trainer = tinyTrainer({ dtype: 'float64' });
    await steps(trainer, 200);
    const characters = trainer.text.training.subarray(0, length);
    const chances = chancesAfter(trainer.model, characters);
    let bits = 0;
    for (let i = 1; i < length; i++) bits -= Math.log2(chances[i - 1]![characters[i]!]!);
    expect(await heldOutBits(trainer.model, characters, goOn)).toBeCloseTo(bits / (length - 1), 10);
  },
);

test('Who pauses the work can end it there', async () => {
  const trainer = tinyTrainer();
  let pauses = 0;
  const stop = async (): Promise<boolean> => ++pauses < 2;
  expect(await heldOutBits(trainer.model, trainer.text.training.subarray(0, 1_000), stop)).toBeNull();
  expect(pauses).toBe(2);
});
