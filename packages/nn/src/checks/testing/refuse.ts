/** What the kit cannot try, or would seem to have tried: refused before any law runs. */
import { ValueError } from '@chronograd/tensor';
import { checkOptions, describeValue, type OptionKeys, showValue } from '@chronograd/tensor/engine';
import { Cell } from '../../cells/cell.ts';
import { requireCount } from '../../internal/require.ts';
import { laws } from './laws/index.ts';
import type { CellLawOptions, MakeCell, TrialSizes } from './options.ts';

const SIZES = { steps: true, batch: true, inputSize: true, hiddenSize: true } as const;
const OPTIONS: OptionKeys<CellLawOptions> = {
  runs: true,
  seed: true,
  largest: true,
  hiddenMultiple: true,
  skip: true,
  inputs: true,
  state: true,
  backward: true,
};

/** @throws ValueError for options with which the laws would try nothing, or something else than was meant */
export function requireLawOptions(op: string, options: CellLawOptions): void {
  checkOptions<CellLawOptions>(op, options, OPTIONS);
  const { runs = 10, seed = 1, hiddenMultiple = 1, largest = {}, skip = [] } = options;
  requireCount(op, 'runs', runs);
  requireCount(op, 'hiddenMultiple', hiddenMultiple);
  requireSeed(op, seed);
  checkOptions<Partial<Omit<TrialSizes, 'seed'>>>(`${op}: largest`, largest, SIZES);
  for (const [name, size] of Object.entries(largest))
    if (size !== undefined) requireCount(op, `largest.${name}`, size);
  requireSkip(op, skip);
}

/** @throws ValueError for sizes of a try that are missing, unknown or no sizes. */
export function requireSizes(op: string, sizes: TrialSizes): void {
  if (sizes === undefined)
    throw new ValueError(`${op}: expected sizes, got undefined; write { steps: 2, batch: 1, … }`);
  checkOptions<TrialSizes>(op, sizes, { ...SIZES, seed: true });
  const { seed, ...counts } = sizes;
  for (const name of Object.keys(SIZES) as (keyof typeof SIZES)[]) requireCount(op, name, counts[name]);
  requireSeed(op, seed);
}

function requireSeed(op: string, seed: number): void {
  if (!Number.isSafeInteger(seed))
    throw new ValueError(`${op}: seed ${showValue(seed)} came, a whole number was expected`);
}

function requireSkip(op: string, skip: readonly unknown[]): void {
  const ids: readonly unknown[] = laws.map(({ id }) => id);
  const refuse = (came: string): never => {
    throw new ValueError(`${op}: ${came} in skip, names of laws were expected: ${ids.join(', ')}`);
  };
  if (!Array.isArray(skip)) refuse(`${describeValue(skip)} came`);
  const unknown = skip.filter((name) => !ids.includes(name));
  if (unknown.length > 0) refuse(`${unknown.map(describeValue).join(', ')} came`);
  if (ids.every((id) => skip.includes(id))) refuse('every law came');
}

/** @throws ValueError for what is no function, and for a class. */
export function requireMaker(op: string, makeCell: MakeCell<Cell<unknown>>): void {
  if (typeof makeCell !== 'function') refuseMaker(op, `${describeValue(makeCell)} came`);
  if ((makeCell as { readonly prototype?: unknown }).prototype instanceof Cell)
    refuseMaker(op, `the class ${makeCell.name} came`);
}

/** @throws ValueError for what a maker made, where it is no cell. */
export function requireCell(op: string, cell: Cell<unknown>): void {
  if (!(cell instanceof Cell)) refuseMaker(op, `a function that returned ${describeValue(cell)} came`);
}

function refuseMaker(op: string, came: string): never {
  throw new ValueError(
    `${op}: ${came} for the cell, a function that makes a Cell was expected: ({ inputSize, hiddenSize, ...options }) => new MyCell(inputSize, hiddenSize, options)`,
  );
}
