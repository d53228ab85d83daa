/** What the kit cannot try, or would seem to have tried: refused before any law runs. */
import { ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import { Cell } from '../cell.ts';
import { requireOptions } from '../options.ts';
import { requireCount } from '../require.ts';
import { laws } from './laws/index.ts';
import type { CellLawOptions, MakeCell } from './options.ts';

const KIT = 'cellLaws';
const SIZES: readonly string[] = ['steps', 'batch', 'inputSize', 'hiddenSize'];

/** @throws ValueError for options with which the laws would try nothing, or something else than was meant */
export function requireLawOptions(options: CellLawOptions): void {
  const {
    runs = 10,
    seed = 1,
    hiddenMultiple = 1,
    largest = {},
    skip = [],
  } = requireOptions(KIT, options, '{ runs: 10 }, or nothing,');
  requireCount(KIT, 'runs', runs);
  requireCount(KIT, 'hiddenMultiple', hiddenMultiple);
  if (!Number.isSafeInteger(seed))
    throw new ValueError(`${KIT}: seed ${String(seed)} came, a whole number was expected`);
  for (const [name, size] of Object.entries(requireOptions(`${KIT}: largest`, largest, '{ steps: 4 }'))) {
    if (!SIZES.includes(name))
      throw new ValueError(`${KIT}: largest.${name} came, ${SIZES.join(', ')} were expected`);
    requireCount(KIT, `largest.${name}`, size);
  }
  requireSkip(skip);
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
