import { memory } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { CELL_NAMES } from '../../src/char-rnn/cells.ts';
import { checkMemory, leastBytes } from '../../src/char-rnn/char-model.ts';
import type { Trainer } from '../../src/char-rnn/trainer.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { steps, tinyConfiguration, tinyTrainer } from './tiny.ts';

/** Trainers that are collected would lower the count. */
const trainers: Trainer[] = [];

/** Bytes that are held or set aside. */
function held(): number {
  const { arena, persistent, plans } = memory();
  return arena.reservedBytes + persistent.bytes + plans.bytes;
}

test.each(CELL_NAMES)(
  'A run with the cell %s takes at least the memory that its error names',
  async (cell) => {
    for (const changes of [
      { cell, hidden: 200, clip: null },
      { cell, hidden: 60, steps: 40, batch: 8, clip: null, layers: 2 },
    ]) {
      const before = held();
      const trainer = tinyTrainer(changes);
      trainers.push(trainer);
      await steps(trainer, 2);
      const { vocabulary } = trainer.text;
      expect(held() - before).toBeGreaterThanOrEqual(
        leastBytes(vocabulary.size, { ...tinyConfiguration, ...changes }),
      );
    }
  },
);

test('What cannot fit throws an error, and only that, with every size that could be smaller', () => {
  const size = 83;
  expect(() => checkMemory(size, { ...tinyConfiguration, hidden: 8192 })).not.toThrow();
  expect(() => checkMemory(size, { ...tinyConfiguration, hidden: 16_384 })).toThrow(UsageError);
  expect(() => checkMemory(size, { ...tinyConfiguration, hidden: 512, steps: 10_000, batch: 4_096 })).toThrow(
    /^--hidden 512: expected a run of at most 4\.3 GB, got more than \d+\.\d GB in float32 with --steps 10000 and --batch 4096;/,
  );
});
