/** Checks a cell of the user: its gradients three ways, and its laws. */
import { Cell } from '@chronograd/nn';
import {
  CellLawError,
  type CellLawOptions,
  type CellLawReport,
  checkCell,
  gradientProblem,
  type HandwrittenBackward,
  type MakeCell,
} from '@chronograd/nn/testing';
import { Random } from '@chronograd/tensor';
import { UsageError } from '../cli/errors.ts';
import { type Loaded, loadFile } from './load.ts';
import { type Row, threeWays } from './three-ways.ts';

type AnyCell = Cell<unknown>;

/** What a file for `check` exports. */
export interface CellFile {
  /**
   * Makes the cell. Default: `new MyCell(inputSize, hiddenSize, { dtype, random })` of the one
   * class that extends Cell.
   */
  readonly makeCell?: MakeCell<AnyCell>;
  /** Handwritten backpropagation through time. Default: none. */
  readonly backward?: HandwrittenBackward<AnyCell>;
  /** Options of the laws. Default: {}. */
  readonly options?: CellLawOptions;
}

/** The result for a file. */
export interface CheckedCell {
  /** Whether the file exports `backward`. */
  readonly byHand: boolean;
  /** Null if the cell throws, which the laws report. */
  readonly parameters: readonly Row[] | null;
  readonly report: CellLawReport;
}

/**
 * Checks the cell of a file.
 * @throws UsageError if the file has no cell, or the cell cannot be constructed
 */
export function checkFile(file: string): CheckedCell {
  const loaded = loadFile(file);
  const { makeCell, backward, options } = readExports(file, loaded);
  const all: CellLawOptions = backward === null ? options : { ...options, backward };
  const report = reportOf(makeCell, all, loaded);
  return { byHand: backward !== null, parameters: gradientsOf(makeCell, all), report };
}

function reportOf(
  makeCell: MakeCell<AnyCell>,
  options: CellLawOptions,
  { describeError }: Loaded,
): CellLawReport {
  try {
    return checkCell(makeCell, options);
  } catch (error) {
    if (error instanceof CellLawError) return error.report;
    throw new UsageError(describeError(error), { cause: error });
  }
}

/** Large enough to show every mistake, small enough to compute differences for each element. */
function gradientsOf(makeCell: MakeCell<AnyCell>, options: CellLawOptions): Row[] | null {
  const { hiddenMultiple = 1, backward, largest } = options;
  const hiddenSize = hiddenMultiple * Math.ceil(3 / hiddenMultiple);
  try {
    const sizes = { steps: 3, batch: 2, inputSize: 2, hiddenSize, ...largest, seed: 1 };
    const problem = gradientProblem(makeCell, sizes, options);
    return threeWays({ ...problem, byHand: backward?.(problem) ?? null });
  } catch {
    return null;
  }
}

function readExports(
  file: string,
  loaded: Loaded,
): { makeCell: MakeCell<AnyCell>; backward: HandwrittenBackward<AnyCell> | null; options: CellLawOptions } {
  const { backward = null, options = {}, makeCell } = loaded.exports as CellFile;
  const expect = (name: string, what: string, value: unknown, holds: boolean): void => {
    if (!holds) throw new UsageError(`${file}: expected ${what} as ${name}, got ${typeof value}`);
  };
  expect('makeCell', 'a function', makeCell, makeCell === undefined || typeof makeCell === 'function');
  expect('backward', 'a function', backward, backward === null || typeof backward === 'function');
  expect('options', 'an object', options, typeof options === 'object' && options !== null);
  return { makeCell: makeCell ?? makerOfClass(file, loaded, options), backward, options };
}

type CellClass = new (inputSize: number, hiddenSize: number, options: object) => AnyCell;

function makerOfClass(
  file: string,
  { exports, describeError }: Loaded,
  options: CellLawOptions,
): MakeCell<AnyCell> {
  const isCell = (value: unknown): value is CellClass =>
    typeof value === 'function' && value.prototype instanceof Cell;
  const [Class, ...others] = new Set(Object.values(exports).filter(isCell));
  if (Class === undefined) {
    const names = Object.keys(exports);
    const got = names.length === 0 ? 'nothing' : names.join(', ');
    throw new UsageError(
      `${file}: expected an exported class that extends Cell, or makeCell, got ${got}; write export class MyCell extends Cell<Tensor>`,
    );
  }
  if (others.length > 0) {
    const names = [Class, ...others].map(({ name }) => name).join(', ');
    throw new UsageError(
      `${file}: expected one exported cell, got ${names}; choose with export const makeCell = ({ inputSize, hiddenSize, ...options }) => new ${Class.name}(inputSize, hiddenSize, options)`,
    );
  }
  const makeCell: MakeCell<AnyCell> = ({ inputSize, hiddenSize, ...rest }) =>
    new Class(inputSize, hiddenSize, rest);
  try {
    const hiddenSize = 2 * (options.hiddenMultiple ?? 1);
    makeCell({ inputSize: 3, hiddenSize, dtype: 'float64', random: new Random(1) });
  } catch (error) {
    throw new UsageError(
      `${describeError(error)}; check calls new ${Class.name}(inputSize, hiddenSize, { dtype, random }), or makeCell if the file exports it`,
      { cause: error },
    );
  }
  return makeCell;
}
