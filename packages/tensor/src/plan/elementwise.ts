/** Elementwise launches, as formulas over operands. */
import type { Block, Blocks } from './blocks.ts';
import { FORMULAS } from './formulas.ts';
import type { Launch } from './launch-buffer.ts';

/** Elements of one tensor, in the order in which a launch reads or writes them. */
export interface Operand {
  readonly address: number;
  /** Elements from row to row; null if all are contiguous. */
  readonly row: number | null;
  /** Elements from column to column: 1, or 0 if one element serves the whole row. */
  readonly col: number;
  /** Equal for the same elements, however a launch divides them into rows. */
  readonly key: number | string;
  /** The extent in memory, in bytes. */
  readonly start: number;
  readonly end: number;
  /** The tensor that the recording allocated; undefined for memory that no launch writes. */
  readonly block: Block | undefined;
}

/** `output = op(…inputs)`, element by element. */
export interface Elementwise {
  readonly launch: Launch;
  readonly elementBytes: 4 | 8;
  /** The number of elements. */
  readonly n: number;
  /** The number of columns; null if the elements may be divided into any rows. */
  readonly cols: number | null;
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  /** Inputs and output. */
  readonly operands: readonly Operand[];
}

/** The launch as a formula; null if it is none that can be fused. */
export function elementwise(launch: Launch, blocks: Blocks): Elementwise | null {
  const { name, dtype, args } = launch;
  if (!(name in FORMULAS) || dtype === 'int32') return null;
  const elementBytes = dtype === 'float64' ? 8 : 4;
  const whole = args.length !== 10 && name !== 'copy';
  const rows = whole ? 1 : args.at(-2)!;
  const cols = args.at(-1)!;
  if (rows * cols === 0) return null;
  const operand = (at: number, row: number, col: number): Operand => {
    const address = args[at]!;
    const contiguous = (col === 1 || cols === 1) && (rows === 1 || row === cols);
    const reach = contiguous ? 0 : (rows - 1) * row * elementBytes;
    const width = contiguous ? rows * cols : col === 1 ? cols : 1;
    return {
      address,
      row: contiguous ? null : row,
      col: contiguous || cols === 1 ? 1 : col,
      key: contiguous ? address : `${address} ${row} ${col}`,
      start: address + Math.min(0, reach),
      end: address + Math.max(0, reach) + width * elementBytes,
      block: blocks.find(address),
    };
  };
  const strided = (at: number): Operand => operand(at, args[at + 1]!, args[at + 2]!);
  const inputs = whole
    ? args.slice(0, -2).map((_, at) => operand(at, 0, 1))
    : name === 'copy'
      ? [strided(0)]
      : [strided(0), strided(3)];
  const output = whole
    ? operand(args.length - 2, 0, 1)
    : operand(name === 'copy' ? 3 : 6, args[name === 'copy' ? 4 : 7]!, name === 'copy' ? args[5]! : 1);
  const operands = [...inputs, output];
  // Rows of an output that overlap would depend on the order of elements.
  if (output.block === undefined || (output.row !== null && Math.abs(output.row) < cols)) return null;
  if (operands.some(({ col }) => col !== 0 && col !== 1) || output.col !== 1) return null;
  const free = operands.every(({ row, col }) => row === null || (row === 0 && col === 0));
  return { launch, elementBytes, n: rows * cols, cols: free ? null : cols, inputs, output, operands };
}
