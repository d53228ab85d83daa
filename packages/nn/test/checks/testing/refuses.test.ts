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
  [{ runs: 0 }, 'runs 0 came, a whole number from 1 on was expected'],
  [{ runs: -1 }, 'runs -1 came'],
  [{ runs: Number.NaN }, 'runs NaN came'],
  [{ runs: 0.5 }, 'runs 0.5 came'],
  [{ seed: Number.NaN }, 'seed NaN came, a whole number was expected'],
  [{ hiddenMultiple: 0 }, 'hiddenMultiple 0 came, a whole number from 1 on was expected'],
  [{ largest: { steps: 0 } }, 'largest.steps 0 came, a whole number from 1 on was expected'],
  [{ largest: { step: 3 } }, ': largest: unknown option "step"; did you mean steps?'],
  [{ run: 3 }, ': unknown option "run"; did you mean runs?'],
  [{ largest: 3 }, ': largest: expected an object of options such as { steps: … }, got a number'],
  [{ skip: ['gradient'] }, '"gradient" came in skip, names of laws were expected: shapes, determinism, grad'],
  [{ skip: 'gradients' }, '"gradients" came in skip'],
  [{ skip: ALL }, 'every law came in skip'],
];

test.each(OPTIONS)('Options with which a kit would prove nothing are refused: %j', (options, message) => {
  for (const run of [cellLaws, checkCell]) {
    expect(() => run(make, options as CellLawOptions<RNNCell>)).toThrow(ValueError);
    expect(() => run(make, options as CellLawOptions<RNNCell>)).toThrow(message);
  }
});

const MAKERS: readonly (readonly [maker: unknown, came: string])[] = [
  [undefined, 'undefined came'],
  [new RNNCell(1, 1, { random: new Random(1) }), 'a RNNCell came'],
  [RNNCell, 'the class RNNCell came'],
  [() => undefined, 'a function that returned undefined came'],
  [() => ({ step: () => null }), 'a function that returned an object came'],
];

test.each(MAKERS)('What makes no cell is said once, before any law is tried', (maker, came) => {
  const message = `: ${came} for the cell, a function that makes a Cell was expected: ({ inputSize,`;
  for (const run of [cellLaws, checkCell]) {
    expect(() => run(maker as MakeCell<Cell<unknown>>)).toThrow(ValueError);
    expect(() => run(maker as MakeCell<Cell<unknown>>)).toThrow(run.name + message);
  }
});
