import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { History, sparkline } from '../../src/char-rnn/progress/history.ts';
import { PlottingReporter } from '../../src/char-rnn/progress/plot.ts';
import { createReporter } from '../../src/char-rnn/progress.ts';
import { captured } from './captured.ts';

test('a history keeps means over equal stretches, and never more points than it may', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.constantFrom(2, 8, 16), (steps, most) => {
      const history = new History(most);
      for (let i = 1; i <= steps; i++) history.add(i, i);
      const { points } = history;
      expect(points.length).toBeLessThan(Math.max(most, 2));
      const size = points[0]?.iteration ?? 0;
      points.forEach(({ iteration, value }, k) => {
        expect(iteration).toBe((k + 1) * size);
        expect(value).toBeCloseTo(iteration - (size - 1) / 2, 9);
      });
    }),
    { seed: 1, numRuns: 100 },
  );
});

test('a sparkline goes from the lowest block to the highest, and leaves out what is no number', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([9, Number.NaN, 5, 1], 2)).toBe('█▁');
  expect([sparkline([], 8), sparkline([3, 3], 8)]).toEqual(['', '▁▁']);
});

test('training curves are drawn when a run ends, for light pages and dark ones, and everything else is passed on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plot-'));
  try {
    const { output, text } = captured();
    const reporter = new PlottingReporter(createReporter(true, output), folder);
    reporter.start({
      corpus: 'tiny',
      trainCharacters: 900,
      heldOutCharacters: 100,
      vocabularySize: 32,
      parameters: 1234,
      cell: 'lstm',
      hidden: 8,
      steps: 5,
      batch: 2,
      dtype: 'float32',
      kernels: 'strict',
      seed: 1,
      firstIteration: 0,
      iterations: 20,
    });
    for (let i = 1; i <= 20; i++) {
      const loss = 30 / (1 + i / 10);
      reporter.step({
        iteration: i,
        loss,
        smoothedLoss: loss,
        bitsPerCharacter: loss / 10,
        charactersPerSecond: 1,
        secondsLeft: 0,
      });
    }
    await reporter.draw();
    reporter.close();
    const svg = readFileSync(join(folder, 'training.svg'), 'utf8');
    expect(svg).toContain('lstm, hidden 8, steps 5, batch 2: 1,234 parameters');
    expect(svg).not.toMatch(/NaN|var\(/);
    expect(readFileSync(join(folder, 'training.dark.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(text().split('\n')).toHaveLength(1 + 20 + 1 + 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
