/** The command line of `check`. */
import { parse, program } from '../cli/command-line.ts';

/** What was typed. */
export interface CheckFlags {
  /** The file of a cell. Null: the networks of the library. */
  readonly file: string | null;
  readonly json: boolean;
}

const FILE = `
The file is TypeScript and exports one class that extends Cell. It is made by
new MyCell(inputSize, hiddenSize, { dtype, random }). It may also export:
  makeCell  ({ inputSize, hiddenSize, dtype, random }) => cell, for a cell
            that is made in another way
  backward  backpropagation through time by hand, compared with autograd
  options   CellLawOptions: state, inputs, hiddenMultiple, largest, skip, …

docs/testing-cells.md shows such a file.
Exit code: 0 all holds, 1 something is wrong, 2 the file cannot be checked.`;

/** Reads the arguments. Null: help was asked for, and printed. @throws UsageError for anything unknown */
export function parseCheck(args: readonly string[]): CheckFlags | null {
  const command = program(
    'check',
    'Prove gradients of RNN, LSTM and GRU, or of a cell of your own with its laws: by hand, by autograd and by differences, parameter by parameter.',
  )
    .argument('[file]', 'a .ts file with a cell of your own')
    .option('--json', 'print one JSON object on one line, for programs')
    .addHelpText('after', FILE)
    .allowExcessArguments(false);
  if (!parse(command, args)) return null;
  return { file: command.args[0] ?? null, json: command.opts().json === true };
}
