/** Runs the program of a lesson, or one that the user made from it. */
import { format } from 'node:util';
import { compileFunction } from 'node:vm';
import * as autograd from '@chronograd/autograd';
import * as nn from '@chronograd/nn';
import * as data from '@chronograd/nn/data';
import * as probe from '@chronograd/nn/probe';
import * as testing from '@chronograd/nn/testing';
import * as training from '@chronograd/nn/training';
import * as tensor from '@chronograd/tensor';
import { transformSync } from 'esbuild';
import type { RunFailure } from '../cli/errors.ts';
import { compileFailure, runtimeFailure, SourcePositions } from './failure.ts';

/** The packages that lessons, and files for `check`, can import. */
export const PACKAGES: Readonly<Record<string, object>> = {
  '@chronograd/autograd': autograd,
  '@chronograd/nn': nn,
  '@chronograd/nn/data': data,
  '@chronograd/nn/probe': probe,
  '@chronograd/nn/testing': testing,
  '@chronograd/nn/training': training,
  '@chronograd/tensor': tensor,
};

/** Options of {@link Program}. */
export interface ProgramOptions {
  /** The file of the code, for messages. */
  readonly file: string;
  /**
   * Receives each line of `console.log`, without trailing blanks, and the piece that printed it.
   */
  readonly print: (line: string, piece: number) => void;
  /** Loads other modules. Default: an error. */
  readonly load?: (name: string) => unknown;
}

/** A part of a program, and the line of its file where it begins, from 1. */
export interface SourcePart {
  readonly code: string;
  readonly line: number;
}

/** Parts of TypeScript as one program, on any Node: esbuild strips the types. */
export class Program {
  readonly #options: ProgramOptions;
  readonly #positions: SourcePositions;
  readonly #body: ReturnType<typeof compileFunction>;

  /** @throws RunFailure with the line if the code does not compile */
  constructor(parts: readonly SourcePart[], options: ProgramOptions) {
    const { file } = options;
    this.#options = options;
    try {
      const { code, map } = transformSync(sourceOf(parts), {
        loader: 'ts',
        format: 'cjs',
        target: 'es2022',
        sourcefile: file,
        sourcemap: 'external',
        logLevel: 'silent',
      });
      this.#positions = new SourcePositions(file, map);
      const names = ['require', 'console', 'pieceEnds', 'module', 'exports'];
      this.#body = compileFunction(code, names, { filename: file });
    } catch (error) {
      throw compileFailure(error, file);
    }
  }

  /**
   * Resolves when no promise is pending. Lines printed after the last statement have the number
   * after the last part.
   * @throws RunFailure if the program throws before its last statement
   */
  async run(): Promise<void> {
    const { print, load = unknownPackage } = this.#options;
    let piece = 0;
    const log = (...values: unknown[]): void => {
      for (const line of format(...values).split('\n')) print(line.trimEnd(), piece);
    };
    const required = (name: string): unknown => PACKAGES[name] ?? load(name);
    try {
      this.#body(required, { ...console, log }, () => piece++, { exports: {} }, {});
      piece++;
    } catch (error) {
      throw this.failure(error);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** An error that the program threw, with file and line. */
  failure(error: unknown): RunFailure {
    return runtimeFailure(error, this.#positions);
  }
}

/** One source, in which each part is on the lines of its file. */
function sourceOf(parts: readonly SourcePart[]): string {
  const lines: string[] = [];
  for (const [k, { code, line }] of parts.entries()) {
    while (lines.length < line - 1) lines.push('');
    lines.push(...`${k === 0 ? '' : 'pieceEnds(); '}${code.replace(/\n$/, '')}`.split('\n'));
  }
  return `${lines.join('\n')}\n`;
}

function unknownPackage(name: string): never {
  throw new Error(`expected one of ${Object.keys(PACKAGES).join(', ')}, got ${name}`);
}
