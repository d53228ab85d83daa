import { expect, test } from 'vitest';
import { CELL_NAMES } from '../../src/char-rnn/cells.ts';
import { steps, tinyTrainer } from './tiny.ts';

const mean = (losses: readonly number[]): number => losses.reduce((sum, x) => sum + x, 0) / losses.length;

test.each(CELL_NAMES)(
  '%s learns: over 300 iterations its loss falls to 0.6 of a blind guess',
  async (cell) => {
    const trainer = tinyTrainer({ cell });
    const losses = await steps(trainer, 300);
    const blind = Math.log(trainer.text.vocabulary.size);
    const [start, middle, end] = [0, 140, 280].map((from) => mean(losses.slice(from, from + 20)));
    expect(Math.abs(losses[0]! / blind - 1)).toBeLessThan(0.1);
    expect(middle).toBeLessThan(start!);
    expect(end).toBeLessThan(middle!);
    expect(end! / blind).toBeLessThan(0.6);
  },
);
