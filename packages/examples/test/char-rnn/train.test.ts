import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KernelBuild, kernelsAvailable, useKernels } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { readRun } from '../../src/char-rnn/saved-run.ts';
import { newFolder } from './folder.ts';
import { runProgram } from './process.ts';
import { steps, tensorsHash, tinyConfiguration, tinyText, tinyTrainer } from './tiny.ts';

beforeAll(() => {
  useWideKernels(); // loads them, where the programs can
  useKernels('strict');
});
afterEach(() => useKernels('strict'));

const { hidden, steps: windowSteps, batch, lr } = tinyConfiguration;
const TINY =
  `--hidden ${hidden} --steps ${windowSteps} --batch ${batch} --lr ${lr} --sample-length 20 --json`.split(
    ' ',
  );

/** A folder with the tiny text in it, and the arguments to train on it there. */
function tinyFolder(): { folder: string; args: string[] } {
  const folder = newFolder();
  const text = join(folder, 'tiny.txt');
  writeFileSync(text, tinyText);
  return { folder, args: ['--text', text, ...TINY] };
}

interface Event extends Readonly<Record<string, unknown>> {
  readonly event: 'start' | 'step' | 'sample' | 'note' | 'end';
  readonly iteration?: number;
}

const eventsOf = (out: string): Event[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);

/** The files of a saved run, byte for byte. */
const bytesOf = (folder: string): [string, string][] =>
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]);

test('With --json train prints one object a line and nothing else, and saves a model that sample writes with', async () => {
  const { folder, args } = tinyFolder();
  const model = join(folder, 'model');
  const { code, out, err } = await runProgram('train', [
    ...args,
    ...`--iterations 40 --sample-every 15 --profile --save ${model}`.split(' '),
  ]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const events = eventsOf(out);
  expect(events[0]).toMatchObject({
    event: 'start',
    trainCharacters: 1_800,
    heldOutCharacters: 200,
    cell: 'rnn',
    hidden,
    kernels: kernelsAvailable()[0],
    dtype: 'float32',
    seed: 1,
    firstIteration: 0,
    iterations: 40,
  });
  expect(events.filter(({ event }) => event === 'step').map(({ iteration }) => iteration)).toEqual(
    Array.from({ length: 40 }, (_, i) => i + 1),
  );
  expect(events.filter(({ event }) => event === 'sample').map(({ iteration }) => iteration)).toEqual([
    15, 30, 40,
  ]);
  const end = events.at(-1)!;
  expect(end).toMatchObject({ event: 'end', iterations: 40, savedTo: model, stoppedEarly: false });
  expect(Object.values(end.heldOut as object).every((bits) => bits > 0 && bits < 6)).toBe(true);
  // The mean of what the last windows cost: nothing of it is older, as it is in a smoothed loss.
  const losses = events.flatMap(({ event, loss }) => (event === 'step' ? [loss as number] : []));
  const mean = losses.reduce((total, loss) => total + loss, 0) / losses.length;
  expect(end).toMatchObject({ windows: 40, evenGuessing: Math.log2(27), diverged: false });
  expect(end.bitsPerCharacter).toBeCloseTo(mean / Math.LN2, 9);
  const profile = end.profile as { milliseconds: number; rows: { kernel: string; milliseconds: number }[] };
  expect(profile.rows.map(({ kernel }) => kernel)).toEqual(
    expect.arrayContaining(['matmul', 'tanh', 'adagrad']),
  );
  const sum = profile.rows.reduce((total, { milliseconds }) => total + milliseconds, 0);
  expect(sum / profile.milliseconds).toBeCloseTo(1, 9);

  const sample = ['--from', model, '--prompt', 'the ', '--length', '30', '--seed', '3'];
  const written = await runProgram('sample', sample);
  expect(written).toMatchObject({ code: 0, err: '' });
  expect(written.out).toMatch(/^the (.|\n){30}\n$/);
  expect(await runProgram('sample', sample)).toEqual(written);
});

test('A resumed run leaves the same files, byte for byte, and the same samples as one that was never stopped, an LSTM too, and takes no other cell', async () => {
  const { folder, args } = tinyFolder();
  const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')];
  // A cell whose state is no single tensor.
  const start = [...args, '--cell', 'lstm', '--sample-every', '20'];
  const uninterrupted = await runProgram('train', [...start, '--iterations', '90', '--save', whole]);
  await runProgram('train', [...start, '--iterations', '33', '--save', cut]);
  await runProgram('train', ['--resume', cut, '--iterations', '57', '--json']);
  const other = await runProgram('train', ['--resume', cut, '--iterations', '90', '--cell', 'gru']);
  expect(other).toMatchObject({ code: 2, out: '' });
  expect(other.err).toMatch(/the saved run has cell lstm, not gru: leave the flag out.*\n$/);
  const resumed = await runProgram('train', ['--resume', cut, '--iterations', '90', '--json']);
  expect(resumed).toMatchObject({ code: 0, err: '' });
  expect(bytesOf(cut)).toEqual(bytesOf(whole));
  const shown = (out: string): unknown[] =>
    eventsOf(out)
      .filter(({ event, iteration }) => event !== 'start' && iteration !== undefined && iteration > 57)
      .map(({ iteration, loss, smoothedLoss, text }) => ({ iteration, loss, smoothedLoss, text }));
  expect(shown(resumed.out)).toEqual(shown(uninterrupted.out));
  const sampled = await runProgram('sample', ['--from', cut, '--length', '30']);
  expect(sampled).toMatchObject({ code: 0, err: '' });
  expect(sampled.out).toMatch(/^(.|\n){30}\n$/);
  expect(eventsOf(resumed.out).at(-1)!.heldOut).toEqual(eventsOf(uninterrupted.out).at(-1)!.heldOut);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  'After %s the step is finished, the run saved, and it goes on as if never stopped; exit code %d',
  async (signal, code) => {
    const { folder, args } = tinyFolder();
    const model = join(folder, 'model');
    let sent = false;
    const stopped = await runProgram('train', [...args, '--iterations', '1000000', '--save', model], {
      watch: (line, child) => {
        if (sent || !line.startsWith('{"event":"step"')) return;
        sent = true;
        // Twice at once, as a terminal and a package manager both send it.
        child.kill(signal);
        child.kill(signal);
      },
    });
    expect(stopped).toMatchObject({ code, err: '' });
    expect(eventsOf(stopped.out).at(-1)).toMatchObject({
      event: 'end',
      savedTo: model,
      stoppedEarly: true,
      heldOut: null,
    });
    const { iteration, kernels } = readRun(model).state;
    expect(eventsOf(stopped.out).slice(-3)).toMatchObject([
      { event: 'step', iteration },
      { event: 'note', text: `stopped: continue with --resume ${model}` },
      { event: 'end' },
    ]);
    await runProgram('train', ['--resume', model, '--iterations', `${iteration + 25}`, '--json']);
    useKernels(kernels as KernelBuild); // those that the programs chose
    const [resumed, uninterrupted] = [tinyTrainer(), tinyTrainer()];
    resumed.restore(readRun(model));
    await steps(uninterrupted, iteration + 25);
    expect(resumed.iteration).toBe(iteration + 25);
    expect(tensorsHash(resumed)).toBe(tensorsHash(uninterrupted));
  },
);

test('The time limit ends a run with its held-out result and exit code 0; the default directory is models/char-rnn', async () => {
  const { folder, args } = tinyFolder();
  const { code, out } = await runProgram('train', [...args, '--iterations', '1000000', '--seconds', '0.2'], {
    cwd: folder,
  });
  expect(code).toBe(0);
  const end = eventsOf(out).at(-1)!;
  expect(end).toMatchObject({ event: 'end', savedTo: 'models/char-rnn', stoppedEarly: true });
  expect(end.heldOut).not.toBeNull();
  expect(readRun(join(folder, 'models/char-rnn')).state.iteration).toBe(end.iterations);
});

test('Without WebAssembly train says so and computes the bits of strict kernels with the reference ones', async () => {
  const { folder, args } = tinyFolder();
  const [withWasm, without] = [join(folder, 'with'), join(folder, 'without')];
  const tiny = [...args, '--kernels', 'strict', '--iterations', '12', '--save'];
  await runProgram('train', [...tiny, withWasm]);
  const { code, out } = await runProgram('train', [...tiny, without], { engine: ['--jitless'] });
  expect(code).toBe(0);
  expect(eventsOf(out)[0]!.text).toMatch(/^this engine has no WebAssembly SIMD: reference kernels/);
  expect(readRun(without).state.kernels).toBe('reference');
  expect(readRun(without).tensors).toEqual(readRun(withWasm).tensors);
});

test('A run that only gets worse is saved, says that it diverged, and ends with 1', async () => {
  const { folder, args } = tinyFolder();
  const model = join(folder, 'model');
  const { code, out, err } = await runProgram('train', [
    ...args,
    ...`--lr 1000 --iterations 300 --sample-every 0 --save ${model}`.split(' '),
  ]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(eventsOf(out).at(-1)).toMatchObject({ event: 'end', diverged: true, windows: 100, savedTo: model });
  expect(readRun(model).state.iteration).toBe(300);
});
