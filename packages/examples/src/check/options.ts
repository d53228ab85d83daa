/** The command line of `check`. */
import { parse, program } from '../cli/command-line.ts';

/** The parsed flags. */
export interface CheckFlags {
  /** The file with a cell. Null: check the networks of the library. */
  readonly file: string | null;
  readonly json: boolean;
}

const FILE = `
The file is TypeScript and exports one class that extends Cell. check calls
new MyCell(inputSize, hiddenSize, { dtype, random }). It may also export:
  makeCell  ({ inputSize, hiddenSize, dtype, random }) => cell, for another
            constructor
  backward  handwritten backpropagation through time, compared with autograd
  options   CellLawOptions: state, inputs, hiddenMultiple, largest, skip, …

docs/testing-cells.md shows such a file.
Exit code: 0 passed, 1 failed, 2 the file cannot be checked.`;

/**
 * Parses the arguments.
 * @returns null if help was requested and printed
 * @throws UsageError for unknown arguments
 */
export function parseCheck(args: readonly string[]): CheckFlags | null {
  const command = program(
    'check',
    'Check the gradients of RNN, LSTM and GRU, or those and the laws of your own cell. Compares handwritten gradients, autograd and differences for each parameter.',
  )
    .argument('[file]', 'a .ts file with your cell')
    .option('--json', 'print one JSON object on one line, for programs')
    .addHelpText('after', FILE)
    .allowExcessArguments(false);
  if (!parse(command, args)) return null;
  return { file: command.args[0] ?? null, json: command.opts().json === true };
}
