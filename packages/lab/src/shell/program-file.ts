/** The cell as a file that checks itself under Node. */

/** Names that a check reads besides the cell. */
const OPTIONAL = ['backward', 'options'] as const;

/**
 * The text of a file that prints the report of the cell's laws under `node`. As `pnpm check FILE`
 * and `pnpm lesson FILE` read it, its exports are the same.
 */
export function programFile(code: string, name: string): string {
  const exported = (word: string): boolean =>
    new RegExp(`^export (const|function) ${word}\\b`, 'm').test(code);
  const options = OPTIONAL.filter(exported).map((word) => (word === 'options' ? '...options' : word));
  const maker = exported('makeCell')
    ? 'makeCell'
    : `({ inputSize, hiddenSize, ...rest }) => new ${name}(inputSize, hiddenSize, rest)`;
  const args = options.length === 0 ? maker : `${maker}, { ${options.join(', ')} }`;
  return `${code.trimEnd()}

// Checks the cell: node FILE, with Node 22.18 or newer, in a clone of Chronograd.
// pnpm check FILE does so on any Node, and prints its gradients three ways.
import { checkCell } from '@chronograd/nn/testing';

if (import.meta.filename === process.argv[1]) console.log(String(checkCell(${args})));
`;
}

/** The name of the class of a cell, or null. */
export const classNameOf = (code: string): string | null =>
  code.match(/^export class (\w+) extends/m)?.[1] ?? null;
