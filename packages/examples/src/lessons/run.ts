/** Runs a program of a lesson, or one that somebody made of it. */
import { format } from 'node:util';
import { compileFunction } from 'node:vm';
import * as autograd from '@chronograd/autograd';
import * as nn from '@chronograd/nn';
import * as probe from '@chronograd/nn/probe';
import * as testing from '@chronograd/nn/testing';
import * as tensor from '@chronograd/tensor';
import { transformSync } from 'esbuild';

/** What lessons import. */
const PACKAGES: Readonly<Record<string, object>> = {
  '@chronograd/autograd': autograd,
  '@chronograd/nn': nn,
  '@chronograd/nn/probe': probe,
  '@chronograd/nn/testing': testing,
  '@chronograd/tensor': tensor,
};

/** What a program has beside its code. */
export interface Surroundings {
  /** Where the code stands, for messages. */
  readonly file: string;
  /** Takes each line that `console.log` prints, without the blanks at its end, and the piece that printed it. */
  readonly print: (line: string, piece: number) => void;
  /** Finds what is none of the lessons' packages. */
  readonly load?: (name: string) => unknown;
}

/**
 * Runs pieces of TypeScript as one program, on any Node: esbuild takes the types off. Returns when nothing waits any more that a promise would wake;
 * what is printed after the last statement belongs to none of the pieces, and has the number behind the last.
 * @throws whatever the program throws
 */
export async function runPieces(
  pieces: readonly string[],
  { file, print, load = unknownPackage }: Surroundings,
): Promise<void> {
  const source = pieces.map((code) => `${code}\npieceEnds();\n`).join('');
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs', target: 'es2022', sourcefile: file });
  let piece = 0;
  const log = (...values: unknown[]): void => {
    for (const line of format(...values).split('\n')) print(line.trimEnd(), piece);
  };
  const program = compileFunction(code, ['require', 'console', 'pieceEnds', 'module', 'exports'], {
    filename: file,
  });
  const required = (name: string): unknown => PACKAGES[name] ?? load(name);
  program(required, { ...console, log }, () => piece++, { exports: {} }, {});
  await new Promise((resolve) => setImmediate(resolve));
}

function unknownPackage(name: string): never {
  throw new Error(`${name} came, one of ${Object.keys(PACKAGES).join(', ')} was expected`);
}
