import { Random, ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  type CellLawOptions,
  type CellSizes,
  cellLaws,
  checkCell,
  type LawId,
  type MakeCell,
} from '../../../src/checks/testing/index.ts';
import { type Cell, RNNCell } from '../../../src/index.ts';

const make = ({ inputSize, hiddenSize, ...options }: CellSizes): RNNCell =>
  new RNNCell(inputSize, hiddenSize, options);

const ALL: readonly LawId[] = cellLaws(make, { backward: () => ({ cell: {} }) }).map(({ id }) => id);

const OPTIONS: readonly (readonly [options: unknown, message: string])[] = [
  [null, ': expected an object of options such as { runs: … }, got null'],
  [{ runs: 0 }, 'expected a whole number from 1 on for runs, got 0'],
  [{ runs: -1 }, 'for runs, got -1'],
  [{ runs: Number.NaN }, 'for runs, got NaN'],
  [{ runs: 0.5 }, 'for runs, got 0.5'],
  [{ seed: Number.NaN }, 'expected a whole number for seed, got NaN'],
  [{ hiddenMultiple: 0 }, 'expected a whole number from 1 on for hiddenMultiple, got 0'],
  [{ largest: { steps: 0 } }, 'expected a whole number from 1 on for largest.steps, got 0'],
  [{ largest: { step: 3 } }, ': largest: unknown option "step"; did you mean steps?'],
  [{ run: 3 }, ': unknown option "run"; did you mean runs?'],
  [{ largest: 3 }, ': largest: expected an object of options such as { steps: … }, got a number'],
  [
    { skip: ['gradient'] },
    'expected names of some laws in skip, got "gradient"; the laws are shapes, determinism, grad',
  ],
  [{ skip: 'gradients' }, 'in skip, got "gradients"'],
  [{ skip: ALL }, 'in skip, got every law'],
];

test.each(OPTIONS)('Options with which a kit would prove nothing throw an error: %j', (options, message) => {
  for (const run of [cellLaws, checkCell]) {
    expect(() => run(make, options as CellLawOptions<RNNCell>)).toThrow(ValueError);
    expect(() => run(make, options as CellLawOptions<RNNCell>)).toThrow(message);
  }
});

const MAKERS: readonly (readonly [maker: unknown, got: string])[] = [
  [undefined, 'undefined'],
  [new RNNCell(1, 1, { random: new Random(1) }), 'a RNNCell'],
  [RNNCell, 'the class RNNCell'],
  [() => undefined, 'a function that returned undefined'],
  [() => ({ step: () => null }), 'a function that returned an object'],
];

test.each(MAKERS)('What makes no cell is reported once, before any law is tried', (maker, got) => {
  const message = `: expected a function that makes a Cell, got ${got}; write ({ inputSize,`;
  for (const run of [cellLaws, checkCell]) {
    expect(() => run(maker as MakeCell<Cell<unknown>>)).toThrow(ValueError);
    expect(() => run(maker as MakeCell<Cell<unknown>>)).toThrow(run.name + message);
  }
});
