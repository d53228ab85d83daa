/** Checks of arguments, made before any law runs. */
import { ValueError } from '@chronograd/tensor';
import { checkOptions, describeValue, type OptionKeys, showValue } from '@chronograd/tensor/engine';
import { Cell } from '../../cells/cell.ts';
import { requireCount } from '../../internal/require.ts';
import { laws } from './laws/index.ts';
import type { CellLawOptions, MakeCell, TestCaseSizes } from './options.ts';

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

/** @throws ValueError for invalid options, and for options with which no law would run. */
export function requireLawOptions(op: string, options: CellLawOptions): void {
  checkOptions<CellLawOptions>(op, options, OPTIONS);
  const { runs = 10, seed = 1, hiddenMultiple = 1, largest = {}, skip = [] } = options;
  requireCount(op, 'runs', runs);
  requireCount(op, 'hiddenMultiple', hiddenMultiple);
  requireSeed(op, seed);
  checkOptions<Partial<Omit<TestCaseSizes, 'seed'>>>(`${op}: largest`, largest, SIZES);
  for (const [name, size] of Object.entries(largest))
    if (size !== undefined) requireCount(op, `largest.${name}`, size);
  requireSkip(op, skip);
}

/** @throws ValueError for sizes that are missing, unknown or invalid. */
export function requireSizes(op: string, sizes: TestCaseSizes): void {
  if (sizes === undefined)
    throw new ValueError(`${op}: expected sizes, got undefined; write { steps: 2, batch: 1, … }`);
  checkOptions<TestCaseSizes>(op, sizes, { ...SIZES, seed: true });
  const { seed, ...counts } = sizes;
  for (const name of Object.keys(SIZES) as (keyof typeof SIZES)[]) requireCount(op, name, counts[name]);
  requireSeed(op, seed);
}

function requireSeed(op: string, seed: number): void {
  if (!Number.isSafeInteger(seed))
    throw new ValueError(`${op}: expected a whole number for seed, got ${showValue(seed)}`);
}

function requireSkip(op: string, skip: readonly unknown[]): void {
  const ids: readonly unknown[] = laws.map(({ id }) => id);
  const fail = (got: string): never => {
    throw new ValueError(
      `${op}: expected names of some laws in skip, got ${got}; the laws are ${ids.join(', ')}`,
    );
  };
  if (!Array.isArray(skip)) fail(describeValue(skip));
  const unknown = skip.filter((name) => !ids.includes(name));
  if (unknown.length > 0) fail(unknown.map(describeValue).join(', '));
  if (ids.every((id) => skip.includes(id))) fail('every law');
}

/** @throws ValueError unless `makeCell` is a function and not a class. */
export function requireMaker(op: string, makeCell: MakeCell<Cell<unknown>>): void {
  if (typeof makeCell !== 'function') throw makerError(op, describeValue(makeCell));
  if ((makeCell as { readonly prototype?: unknown }).prototype instanceof Cell)
    throw makerError(op, `the class ${makeCell.name}`);
}

/** @throws ValueError unless `makeCell` returned a cell. */
export function requireCell(op: string, cell: Cell<unknown>): void {
  if (!(cell instanceof Cell)) throw makerError(op, `a function that returned ${describeValue(cell)}`);
}

function makerError(op: string, got: string): ValueError {
  return new ValueError(
    `${op}: expected a function that makes a Cell, got ${got}; write ({ inputSize, hiddenSize, ...options }) => new MyCell(inputSize, hiddenSize, options)`,
  );
}
