/** What the kit cannot try, or would seem to have tried: refused before any law runs. */
import { ValueError } from '@chronograd/tensor';
import { checkOptions, describeValue, type OptionKeys } from '@chronograd/tensor/engine';
import { Cell } from '../cell.ts';
import { requireCount } from '../require.ts';
import { laws } from './laws/index.ts';
import type { CellLawOptions, MakeCell, TrialSizes } from './options.ts';

const KIT = 'cellLaws';
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
export function requireLawOptions(options: CellLawOptions): void {
  checkOptions<CellLawOptions>(KIT, options, OPTIONS);
  const { runs = 10, seed = 1, hiddenMultiple = 1, largest = {}, skip = [] } = options;
  requireCount(KIT, 'runs', runs);
  requireCount(KIT, 'hiddenMultiple', hiddenMultiple);
  requireSeed(KIT, seed);
  checkOptions<Partial<Omit<TrialSizes, 'seed'>>>(`${KIT}: largest`, largest, SIZES);
  for (const [name, size] of Object.entries(largest)) requireCount(KIT, `largest.${name}`, size);
  requireSkip(skip);
}

/** @throws ValueError for sizes of a try that are missing, unknown or no sizes. */
export function requireSizes(op: string, sizes: TrialSizes): void {
  checkOptions<TrialSizes>(op, sizes, { ...SIZES, seed: true });
  const { seed, ...counts } = sizes;
  for (const name of Object.keys(SIZES) as (keyof typeof SIZES)[]) requireCount(op, name, counts[name]);
  requireSeed(op, seed);
}

function requireSeed(op: string, seed: number): void {
  if (!Number.isSafeInteger(seed))
    throw new ValueError(`${op}: seed ${String(seed)} came, a whole number was expected`);
}

function requireSkip(skip: readonly unknown[]): void {
  const ids: readonly unknown[] = laws.map(({ id }) => id);
  const refuse = (came: string): never => {
    throw new ValueError(`${KIT}: ${came} in skip, names of laws were expected: ${ids.join(', ')}`);
  };
  if (!Array.isArray(skip)) refuse(`${describeValue(skip)} came`);
  const unknown = skip.filter((name) => !ids.includes(name));
  if (unknown.length > 0) refuse(`${unknown.map(describeValue).join(', ')} came`);
  if (ids.every((id) => skip.includes(id))) refuse('every law came');
}

/** @throws ValueError for what is no function, and for a class. */
export function requireMaker(makeCell: MakeCell<Cell<unknown>>): void {
  if (typeof makeCell !== 'function') refuseMaker(`${describeValue(makeCell)} came`);
  if ((makeCell as { readonly prototype?: unknown }).prototype instanceof Cell)
    refuseMaker(`the class ${makeCell.name} came`);
}

/** @throws ValueError for what a maker made, where it is no cell. */
export function requireCell(cell: Cell<unknown>): void {
  if (!(cell instanceof Cell)) refuseMaker(`a function that returned ${describeValue(cell)} came`);
}

function refuseMaker(came: string): never {
  throw new ValueError(
    `${KIT}: ${came} for the cell, a function that makes a Cell was expected: ({ inputSize, hiddenSize, ...options }) => new MyCell(inputSize, hiddenSize, options)`,
  );
}
