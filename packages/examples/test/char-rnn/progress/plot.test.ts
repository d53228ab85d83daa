import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { identityOf } from '../../../src/char-rnn/configuration.ts';
import { RunCurves } from '../../../src/char-rnn/progress/curves.ts';
import { curvesFigure } from '../../../src/char-rnn/progress/curves-figure.ts';
import { PlottingReporter } from '../../../src/char-rnn/progress/plot.ts';
import type { TrainInfo, TrainState } from '../../../src/char-rnn/progress/reporter.ts';
import { createReporter } from '../../../src/char-rnn/progress/reporters.ts';
import { figureFile } from '../../../src/plots/figure.ts';
import { captured } from '../captured.ts';
import { newFolder } from '../folder.ts';
import { runProgram } from '../process.ts';
import { tinyConfiguration } from '../tiny.ts';

const INFO: TrainInfo = {
  corpus: 'tiny',
  trainCharacters: 900,
  heldOutCharacters: 100,
  vocabularySize: 32,
  parameters: 1234,
  cell: 'lstm',
  layers: 1,
  hidden: 8,
  steps: 5,
  batch: 2,
  dtype: 'float32',
  kernels: 'strict',
  seed: 1,
  firstIteration: 0,
  iterations: 20,
};

function at(iteration: number): TrainState {
  const loss = 30 / (1 + iteration / 10);
  return {
    iteration,
    loss,
    // Smoothed as min-char-rnn does it: far behind. Bits per character are those of the smoothed
    // loss.
    smoothedLoss: 2 * loss,
    bitsPerCharacter: loss / 5,
    charactersPerSecond: 1,
    secondsLeft: 0,
    timeLimited: false,
    gradientNorm: 1 + iteration,
  };
}

const OPTIONS = { resumed: null, run: 'this run', clip: { by: 'norm', at: 2 } } as const;

test('loss, perplexity, held-out text and gradient norms are drawn, for light pages and dark ones, and everything is passed on', async () => {
  const directory = newFolder();
  const { output, text } = captured();
  const reporter = new PlottingReporter(createReporter(true, output), { ...OPTIONS, directory });
  reporter.report({ event: 'start', ...INFO });
  for (let i = 1; i <= 20; i++) reporter.report({ event: 'step', ...at(i) });
  reporter.heldOut(1.5);
  await reporter.draw();
  reporter.close();
  const svg = readFileSync(join(directory, 'training.svg'), 'utf8');
  expect(svg).toContain('Loss of lstm, hidden 8, steps 5, batch 2: 1,234 parameters');
  expect(svg.match(/held out<\/text>/g)).toHaveLength(2); // of loss and of perplexity
  for (const words of ['even guessing', 'clipped here', 'Perplexity', 'global norm before clipping'])
    expect(svg).toContain(`${words}</text>`);
  expect(svg).not.toMatch(/NaN|undefined|Infinity|var\(/);
  expect(readFileSync(join(directory, 'training.dark.png')).subarray(1, 4).toString()).toBe('PNG');
  expect(text().split('\n')).toHaveLength(1 + 20 + 1 + 1);
});

test('curves show the loss of each step in bits, and norms if they are reported', () => {
  const curves = new RunCurves('a run');
  curves.step(at(10));
  curves.step({ ...at(20), gradientNorm: undefined });
  expect(curves.loss).toEqual([
    { iteration: 10, value: 15 / 10 },
    { iteration: 20, value: 1 },
  ]);
  expect(curves.norm).toEqual([{ iteration: 10, value: 11 }]);
});

/** Curves of one run, kept after so many steps, and what another takes up of them. */
function takenUp(run: string, iteration: number): { readonly until: number; readonly curves: RunCurves } {
  const directory = newFolder();
  const first = new RunCurves('a run');
  for (let i = 1; i <= 10; i++) first.step(at(i));
  first.heldOut(1.5);
  first.save(directory);
  const curves = new RunCurves(run);
  return { until: curves.restore(directory, iteration), curves };
}

test('a resumed run goes on with its curves; what it runs again, and another run’s, is not taken up', () => {
  const whole = takenUp('a run', 10);
  expect(whole.until).toBe(10);
  expect(whole.curves.loss.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(whole.curves.norm).toHaveLength(10);
  expect(whole.curves.heldOutPoints).toEqual([{ iteration: 10, value: 1.5 }]);
  const behind = takenUp('a run', 6);
  expect([behind.until, behind.curves.loss.length, behind.curves.heldOutPoints]).toEqual([6, 6, []]);
  const later = takenUp('a run', 12);
  expect([later.until, later.curves.loss.length]).toEqual([10, 10]);
  expect(takenUp('another run', 10).until).toBe(0);
});

test('iterations that were not plotted are reported, and are a gap in each line', () => {
  const directory = newFolder();
  const { output, text } = captured();
  const curves = new RunCurves(OPTIONS.run);
  for (let i = 1; i <= 10; i++) curves.step(at(i));
  curves.save(directory);
  const options = { ...OPTIONS, directory, resumed: directory };
  new PlottingReporter(createReporter(true, output), options).report({
    event: 'start',
    ...INFO,
    firstIteration: 15,
  });
  expect(text()).toContain('the plot omits iterations 11 to 15');
  for (let i = 16; i <= 20; i++) curves.step(at(i));
  const svg = figureFile(curvesFigure(INFO, curves, null), 'light');
  const pieces = [...svg.matchAll(/<path[^>]* d="([^"]*)"/g)].map(([, path]) => path!.match(/M/g)!.length);
  // Loss and norm, pale and strong, and the perplexity.
  expect(pieces.filter((count) => count === 2)).toHaveLength(5);
});

test('a file that is no curves is as none', () => {
  const directory = newFolder();
  const history = { points: [{ iteration: 3, value: 2 }], size: 1, sum: 0, count: 0 };
  const whole = { run: OPTIONS.run, iteration: 3, loss: history, norm: history, heldOut: [] };
  const takenUp = (kept: string): number => {
    writeFileSync(join(directory, 'training.json'), kept);
    return new RunCurves(OPTIONS.run).restore(directory, 15);
  };
  expect(takenUp(JSON.stringify(whole))).toBe(3);
  for (const broken of ['', '{', 'null', '[]', '{"run":"this run","iteration":3}'])
    expect(takenUp(broken)).toBe(0);
  for (const part of [
    { heldOut: [null] },
    { heldOut: [{ iteration: 3 }] },
    { iteration: '3' },
    { loss: { ...history, points: [7] } },
    { loss: { ...history, points: [{ iteration: 3, value: 'low' }] } },
    { norm: { ...history, size: 0 } },
    { norm: { points: [] } },
  ])
    expect(takenUp(JSON.stringify({ ...whole, ...part }))).toBe(0);
});

test('what was not finite when the curves were kept is no number when they are taken up, and not 0', () => {
  const directory = newFolder();
  const curves = new RunCurves('a run');
  curves.step({ ...at(1), loss: Number.POSITIVE_INFINITY });
  curves.save(directory);
  const resumed = new RunCurves('a run');
  expect(resumed.restore(directory, 1)).toBe(1);
  expect(resumed.loss).toEqual([{ iteration: 1, value: Number.NaN }]);
});

test('if drawing fails, that is reported and the curves are saved: an error of the run is not hidden', async () => {
  vi.doMock('../../../src/plots/raster.ts', () => {
    throw new Error('no rasterizer here');
  });
  onTestFinished(() => void vi.doUnmock('../../../src/plots/raster.ts'));
  vi.resetModules();
  const directory = newFolder();
  const { output, text } = captured();
  const reporter = new PlottingReporter(createReporter(true, output), { ...OPTIONS, directory });
  reporter.report({ event: 'start', ...INFO });
  reporter.report({ event: 'step', ...at(1) });
  await reporter.draw();
  expect(text()).toContain('no training curves: ');
  expect(new RunCurves(OPTIONS.run).restore(directory, 1)).toBe(1);
});

test('a disk error is reported, and only the plots are lost', async () => {
  const file = join(newFolder(), 'in the way');
  writeFileSync(file, '');
  const { output, text } = captured();
  const reporter = new PlottingReporter(createReporter(true, output), { ...OPTIONS, directory: file });
  reporter.report({ event: 'start', ...INFO });
  reporter.report({ event: 'step', ...at(1) });
  await reporter.draw();
  expect(text()).toMatch(/no training curves: .*in the way/);
});

test('a run is the same one however long it goes on and wherever its text lies, and another with any other setting', () => {
  const of = (changes: object): string => identityOf({ ...tinyConfiguration, ...changes }, 'text');
  const same = { iterations: 9, seconds: 3, source: { file: 'moved.txt' }, sampleEvery: 0, kernels: 'fast' };
  expect(of(same)).toBe(of({}));
  for (const other of [{ lr: 0.2 }, { seed: 2 }, { hidden: 20 }, { clip: null }])
    expect(of(other)).not.toBe(of({}));
  expect(identityOf(tinyConfiguration, 'another text')).not.toBe(of({}));
});

test('of a run that diverges the curves are drawn up to there', async () => {
  const save = join(newFolder(), 'model');
  const flags = `--corpus simple --cell ind-rnn --hidden 16 --steps 100 --iterations 400 --lr 5 --clip none --json --plot --save ${save}`;
  const { code, out, err } = await runProgram('train', flags.split(' '));
  expect(code).toBe(1);
  expect(err).toMatch(/training diverged in iteration/);
  expect(out).toMatch(/"gradientNorm":\d/);
  expect(out).toContain('training curves in');
  expect(existsSync(join(save, 'training.png'))).toBe(true);
});

test('Of one iteration every curve shows its point', () => {
  const curves = new RunCurves('a run');
  curves.step(at(1));
  curves.heldOut(1.5);
  const svg = figureFile(curvesFigure(INFO, curves, null), 'light');
  // Loss and norm, pale and strong; the perplexity; held-out text in two panels.
  expect(svg.match(/<circle/g)).toHaveLength(7);
});

test('A resumed run continues its plot: no old curve is beside a newer model', async () => {
  const folder = newFolder();
  const save = join(folder, 'model');
  const run = (line: string): ReturnType<typeof runProgram> => runProgram('train', line.split(' '));
  await run(
    `--corpus simple --hidden 8 --steps 5 --batch 2 --iterations 30 --sample-every 0 --plot --save ${save}`,
  );
  await run(`--resume ${save} --iterations 50`);
  const kept = JSON.parse(readFileSync(join(save, 'training.json'), 'utf8')) as { iteration: number };
  expect(kept.iteration).toBe(50);
  // Another run that saves there has no curves, and leaves none.
  await run(`--corpus simple --hidden 9 --steps 5 --batch 2 --iterations 30 --sample-every 0 --save ${save}`);
  expect(existsSync(join(save, 'training.svg'))).toBe(false);
  expect(existsSync(join(save, 'earlier-1/training.svg'))).toBe(true);
});
