import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ModelDirectory } from '../../src/char-rnn/model-directory.ts';
import type { Reporter, TrainState } from '../../src/char-rnn/progress/reporter.ts';
import { readRun } from '../../src/char-rnn/saved-run.ts';
import type { TrainConfiguration } from '../../src/char-rnn/settings.ts';
import { type Run, trainingLoop } from '../../src/char-rnn/training-loop.ts';
import { StopRequest } from '../../src/cli/signals.ts';
import { newFolder } from './folder.ts';
import { tinyTrainer } from './tiny.ts';

afterEach(() => {
  vi.useRealTimers();
});

/**
 * A run of the tiny text whose every step takes as long as `after` says, by a clock that only moves
 * there.
 */
function runOf(changes: Partial<TrainConfiguration>, folder: string, after: (state: TrainState) => number) {
  vi.useFakeTimers({ toFake: ['performance'] });
  const said: string[] = [];
  const states: TrainState[] = [];
  const reporter: Reporter = {
    report(event) {
      if (event.event === 'sample') said.push(`sample of ${event.text.length} at ${event.iteration}`);
      if (event.event === 'note') said.push(event.text);
      if (event.event !== 'step') return;
      states.push(event);
      vi.advanceTimersByTime(after(event));
    },
    close() {},
  };
  const stop = new StopRequest();
  const directory = new ModelDirectory(folder, false);
  const run: Run = {
    trainer: tinyTrainer(changes),
    directory,
    reporter,
    stop,
  };
  const loop = trainingLoop(run).finally(() => stop.close());
  return { run, said, states, loop };
}

test('Samples come at every so many iterations, and a save at every minute', async () => {
  const folder = newFolder();
  const saves: (number | null)[] = [];
  const { said, loop } = runOf({ iterations: 10, sampleEvery: 4, sampleLength: 9 }, folder, () => {
    saves.push(existsSync(join(folder, 'state.json')) ? readRun(folder).state.iteration : null);
    return 25_000;
  });
  expect((await loop).sampled).toBe(false);
  expect(said).toEqual(['sample of 9 at 4', 'sample of 9 at 8']);
  expect(saves).toEqual([null, null, null, 3, 3, 3, 6, 6, 6, 9]);
});

test('A save that fails during training is reported, and training continues', async () => {
  const folder = newFolder();
  const { run, said, loop } = runOf({ iterations: 5, sampleEvery: 0 }, folder, ({ iteration }) => {
    if (iteration === 1) {
      rmSync(folder, { recursive: true });
      writeFileSync(folder, 'in the way');
    }
    return 30_000;
  });
  await loop;
  expect(run.trainer.iteration).toBe(5);
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(/^not saved: cannot write the model directory .*; training continues$/);
});

test('Speed and time left follow from the characters read, the limit in seconds cuts the time left', async () => {
  const { states, loop } = runOf({ iterations: 100, sampleEvery: 0, seconds: 3 }, newFolder(), () => 100);
  const { seconds, charactersPerSecond } = await loop;
  expect(seconds).toBeCloseTo(3, 10);
  expect(charactersPerSecond).toBeCloseTo((30 * 7 * 3) / 3, 10);
  expect(states).toHaveLength(30);
  const { charactersPerSecond: speed, secondsLeft } = states[10]!;
  expect(speed).toBeCloseTo((11 * 7 * 3) / 1, 10);
  expect(secondsLeft).toBeCloseTo(2, 10);
});
